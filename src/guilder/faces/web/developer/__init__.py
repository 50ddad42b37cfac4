"""What programs of others need: keys, webhooks, events, logs."""
