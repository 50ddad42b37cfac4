"""Things that act on the books from outside: mail, backup, reports."""
