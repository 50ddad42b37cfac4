"""What the books look up: parties, items, taxes, currencies and numbers."""
