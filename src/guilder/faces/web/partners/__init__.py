"""Client pages: list, page, editor."""
