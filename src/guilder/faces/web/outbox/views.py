"""The outbox: all mails, one mail, sending one again."""
