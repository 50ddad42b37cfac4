"""Who did what: the audit trail, its seals, and what proves them elsewhere."""
