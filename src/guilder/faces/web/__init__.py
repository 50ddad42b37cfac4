"""The web face: pages for people; one call into a room, and templates get finished values."""
