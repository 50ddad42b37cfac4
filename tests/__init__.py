"""Guilder's tests; they mirror the house."""
