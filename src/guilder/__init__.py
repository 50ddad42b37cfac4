"""Guilder: self-hosted invoicing and billing, from agreement to cash."""

__version__ = "0.1.0"
