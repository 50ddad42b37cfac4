"""Permissions, roles and rules of rows in words."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guilder.faces.web import shell
from guilder.foundation.identity import permissions
from guilder.foundation.identity.models import CustomRole

Text = str | Promise
THINGS: dict[str, Text] = {
    "partner": _("Clients and suppliers"),
    "portal": _("Client portal"),
    "item": _("Items"),
    "tax": _("Taxes"),
    "currency": _("Currencies and rates"),
    "series": _("Numbers"),
    "invoice": _("Invoices and credit notes"),
    "quote": _("Quotes"),
    "payment": _("Payments"),
    "charge": _("Charges through gateways"),
    "refund": _("Refunds"),
    "bill": _("Bills and received documents"),
    "bank": _("Bank statements"),
    "ledger": _("Ledger"),
    "report": _("Reports"),
    "document": _("Uploaded documents"),
    "desk": _("Inbox and lists"),
    "view": _("Saved lists"),
    "comment": _("Comments"),
    "audit": _("Audit trail"),
    "event": _("Events"),
    "settings": _("Settings"),
    "member": _("People and roles"),
    "key": _("API keys"),
    "webhook": _("Webhooks"),
    "export": _("Export of everything"),
    "import": _("Import"),
    "backup": _("Backup"),
}
ACTS: dict[str, Text] = {
    "view": pgettext_lazy("permission", "See"),
    "edit": pgettext_lazy("permission", "Create and change"),
    "create": pgettext_lazy("permission", "Create"),
    "delete": pgettext_lazy("permission", "Delete"),
    "issue": pgettext_lazy("permission", "Issue"),
    "submit": pgettext_lazy("permission", "Submit for approval"),
    "approve": pgettext_lazy("permission", "Approve"),
    "send": pgettext_lazy("permission", "Send"),
    "credit": pgettext_lazy("permission", "Credit and write off"),
    "start": pgettext_lazy("permission", "Start"),
    "record": pgettext_lazy("permission", "Record"),
    "reverse": pgettext_lazy("permission", "Reverse"),
    "post": pgettext_lazy("permission", "Post entries"),
    "close": pgettext_lazy("permission", "Close periods"),
    "upload": pgettext_lazy("permission", "Upload"),
    "share": pgettext_lazy("permission", "Share"),
    "write": pgettext_lazy("permission", "Write"),
    "run": pgettext_lazy("permission", "Run"),
    "book": pgettext_lazy("permission", "Book"),
    "assign": pgettext_lazy("permission", "Assign to people"),
    "invite": pgettext_lazy("permission", "Invite clients' people"),
    "erase": pgettext_lazy("permission", "Erase personal data"),
    "match": pgettext_lazy("permission", "Match"),
    "import": pgettext_lazy("permission", "Import"),
}
RULES: dict[str, Text] = {
    "all": _("Everything of the organization"),
    "team": _("What their team made, and the team's clients"),
    "assigned": _("What they made, and their assigned clients"),
    "own": _("Only what they made"),
    "portal": _("What was issued to their own company"),
}
ALL, OWN, NONE = "all", "own", ""


def act_words(name: str) -> Text:
    """What a permission lets one do; its own name where there is no word for it."""
    act = name.partition(".")[2]
    return ACTS.get(act, act)


def groups(names: Iterable[str]) -> list[tuple[Text, list[str]]]:
    """Permissions by the thing that they are about, in the order of the table."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(name.partition(".")[0], []).append(name)
    return [(THINGS.get(thing, thing), held) for thing, held in found.items()]


def level_of(held: Any, own: Any, name: str) -> str:
    """Whether somebody holds a permission: for all, for their own things, or not."""
    if name not in held:
        return NONE
    return OWN if name in own else ALL


def matrix(customs: Iterable[CustomRole] = ()) -> SimpleNamespace:
    """The table of who may do what: a column for each role, a group of rows for each thing."""
    columns = [
        SimpleNamespace(
            label=shell.ROLES[role],
            held=permissions.PERMISSIONS[role],
            own=permissions.OWN_ONLY[role],
        )
        for role in permissions.ROLES
    ]
    for one in customs:
        row = {"permissions": one.permissions, "row_rule": one.row_rule}
        columns.append(
            SimpleNamespace(label=one.name, held=permissions.held_by(row), own=set(one.own))
        )
    return SimpleNamespace(
        heads=[column.label for column in columns],
        width=len(columns) + 1,
        groups=[
            SimpleNamespace(
                label=label,
                rows=[
                    SimpleNamespace(
                        name=name,
                        label=act_words(name),
                        cells=[level_of(column.held, column.own, name) for column in columns],
                    )
                    for name in names
                ],
            )
            for label, names in groups(permissions.TABLE)
        ],
    )
