"""Version 1 of the API: one file for each resource; importing them fills the table of routes."""

from guilder.faces.rest.v1 import (
    auth,
    credit_notes,
    invoices,
    items,
    keys,
    ledger,
    organization,
    partners,
    payments,
    quotes,
    rates,
    reports,
    series,
    taxes,
    trail,
    users,
)

__all__ = (
    "auth",
    "credit_notes",
    "invoices",
    "items",
    "keys",
    "ledger",
    "organization",
    "partners",
    "payments",
    "quotes",
    "rates",
    "reports",
    "series",
    "taxes",
    "trail",
    "users",
)
