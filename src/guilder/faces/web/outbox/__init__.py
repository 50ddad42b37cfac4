"""Mails that left, wait or came back."""
