"""Pages of recurring invoices: the list, one of them, setting one up from an invoice."""
