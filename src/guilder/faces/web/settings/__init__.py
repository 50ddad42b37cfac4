"""Settings pages: organization, documents, taxes, mail."""
