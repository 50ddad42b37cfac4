"""One pure reader for each format: bytes or a tree in, a Reading out; no table, no framework."""
