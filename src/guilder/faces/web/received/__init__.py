"""Papers of suppliers that came in: the inbox of documents, and any e-invoice made readable."""
