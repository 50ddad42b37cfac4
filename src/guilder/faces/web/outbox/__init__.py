"""The outbox: mails on their way, sent, and failed."""
