"""Version 1 of the API: one file for each resource; importing them fills the table of routes."""

from guilder.faces.rest.v1 import items, partners, rates, taxes

__all__ = ("items", "partners", "rates", "taxes")
