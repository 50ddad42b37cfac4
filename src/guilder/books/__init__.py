"""What may never be lost: payments, invoicing, ledger."""
