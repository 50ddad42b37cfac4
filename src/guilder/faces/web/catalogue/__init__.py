"""Item pages: list, editor."""
