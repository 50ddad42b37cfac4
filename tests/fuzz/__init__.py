"""Readers under coverage-guided fuzzing: `make prove NAME=fuzz`."""
