"""The first page: what is open, late, collected, and what happened."""
