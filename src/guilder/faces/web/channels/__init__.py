"""Channels in the settings, how a client gets documents, and each journey of one."""
