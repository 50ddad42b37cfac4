"""Acceptance: what people can do with Guilder, in a real browser against the program as it runs."""
