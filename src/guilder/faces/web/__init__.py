"""The web face: pages for people. One call into a room per request; templates get finished values."""
