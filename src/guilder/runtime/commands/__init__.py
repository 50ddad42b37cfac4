"""The platform's own verbs of the command line; faces/cli/main.py finds them by name."""
