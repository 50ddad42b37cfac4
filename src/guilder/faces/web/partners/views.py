"""Client pages: list, page, editor, suggestions."""
