"""One search over clients, invoices, items and payments."""
