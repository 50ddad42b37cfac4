"""Pages of reminders: what is due, what was sent, what rests, disputes, and ladders."""
