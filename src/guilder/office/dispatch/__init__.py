"""Papers out: mail, its outbox and what comes back."""
