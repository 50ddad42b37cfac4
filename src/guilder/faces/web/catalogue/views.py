"""Item pages: list, editor, suggestions."""
