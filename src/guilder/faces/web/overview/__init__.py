"""The first page: what is owed, what is late, what happened."""
