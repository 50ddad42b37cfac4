"""Payment pages: list, record."""
