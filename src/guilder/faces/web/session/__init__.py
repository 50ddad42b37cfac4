"""Signing in and out, switching organizations, first set-up."""
