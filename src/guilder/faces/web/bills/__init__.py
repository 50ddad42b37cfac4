"""Bills of suppliers, and the suppliers themselves."""
