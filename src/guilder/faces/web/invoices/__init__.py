"""Invoice pages: list, page, editor."""
