"""Settings: the organization, documents, taxes, mail."""
