"""Who may do what: the one table that every door asks, and that the docs are made from.

`ROLES` are the columns, `PERMISSIONS` says for each what it holds. `OWN_ONLY` narrows some of them
to what the person made; `ROW_RULES` says which rows a role sees at all.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotAllowed

ADMIN, MANAGER, ACCOUNTANT = "admin", "manager", "accountant"
AGENT, VIEWER, CLIENT = "agent", "viewer", "client"
ROLES = (ADMIN, MANAGER, ACCOUNTANT, AGENT, VIEWER, CLIENT)

# Permission → who holds it: A admin, M manager, C accountant, G agent, V viewer, P client (portal).
# Small letters: only for what the person made.
TABLE = {
    "partner.view": "AMCGV",
    "partner.edit": "AMC",
    "partner.delete": "AC",
    "partner.assign": "A",
    "partner.erase": "A",
    "portal.invite": "AMC",
    "item.view": "AMCGV",
    "item.edit": "AMC",
    "item.delete": "AC",
    "tax.view": "AMCGV",
    "tax.edit": "AMC",
    "currency.view": "AMCGV",
    "currency.edit": "AMC",
    "series.view": "AMCGV",
    "series.edit": "A",
    "invoice.view": "AMCGVP",
    "invoice.create": "AMCG",
    "invoice.edit": "AMCg",
    "invoice.delete": "Acg",
    "invoice.submit": "AMCg",
    "invoice.approve": "AMC",
    "invoice.issue": "AMC",
    "invoice.send": "AMC",
    "invoice.credit": "AMC",
    "quote.view": "AMCGVP",
    "quote.edit": "AMCg",
    "quote.send": "AMC",
    "quote.delete": "Acg",
    "payment.view": "AMCVP",
    "payment.record": "AC",
    "payment.reverse": "AC",
    "charge.start": "ACP",
    "bill.view": "AMCgV",
    "bill.edit": "AMCg",
    "bill.delete": "Acg",
    "bill.book": "AMC",
    "bank.view": "AMCV",
    "bank.edit": "AC",
    "mandate.edit": "AMC",
    "sepa.view": "AMCV",
    "sepa.edit": "AC",
    "sepa.approve": "AMC",
    "reminder.view": "AMCV",
    "reminder.send": "AMC",
    "reminder.edit": "AMC",
    "refund.view": "AMCV",
    "refund.create": "AC",
    "refund.approve": "AMC",
    "ledger.view": "AMCV",
    "ledger.post": "AC",
    "ledger.close": "AC",
    "report.view": "AMCGVP",
    "document.view": "AMCGVP",
    "document.upload": "AMCG",
    "document.delete": "Acg",
    "desk.view": "AMCGV",
    "view.share": "AMC",
    "comment.write": "AMCGV",
    "comment.delete": "Amcgv",
    "audit.view": "AMC",
    "event.view": "AMC",
    "settings.view": "A",
    "settings.edit": "A",
    "member.view": "A",
    "member.edit": "A",
    "key.view": "A",
    "key.edit": "A",
    "webhook.edit": "A",
    "export.run": "A",
    "import.run": "AMC",
    "backup.run": "A",
}
LETTERS = dict(zip("AMCGVP", ROLES, strict=True))

ALL = frozenset(TABLE)
PERMISSIONS: dict[str, frozenset[str]] = {
    role: frozenset(name for name, held in TABLE.items() if letter in held.upper())
    for letter, role in LETTERS.items()
}
OWN_ONLY: dict[str, frozenset[str]] = {
    role: frozenset(name for name, held in TABLE.items() if letter.lower() in held)
    for letter, role in LETTERS.items()
}
RULES = ("all", "team", "assigned", "own", "portal")
ROW_RULES = {
    ADMIN: "all",
    MANAGER: "all",
    ACCOUNTANT: "all",
    AGENT: "assigned",
    VIEWER: "all",
    CLIENT: "portal",
}


# What a role may hold that does not see every row: the reads and writes of these obey the rule.
ROWED = frozenset(
    (
        *(f"invoice.{one}" for one in ("view", "create", "edit", "delete", "submit", "issue")),
        *(f"quote.{one}" for one in ("view", "edit", "send", "delete")),
        *(f"document.{one}" for one in ("view", "upload", "delete")),
        *(f"bill.{one}" for one in ("view", "edit", "delete")),
        *(f"{one}.view" for one in ("partner", "item", "tax", "currency", "series", "payment")),
        *("invoice.send", "report.view", "desk.view", "comment.write", "comment.delete"),
    )
)
# What never belongs to a role that an organization makes for itself.
RESERVED = frozenset(("backup.run", "member.edit", "export.run", "partner.erase"))


class NotYours(NotAllowed):
    """The role may do this to the person's own things only."""

    code = "not_yours"


def permissions_of(role: str) -> frozenset[str]:
    """What a role holds; an unknown one holds nothing."""
    return PERMISSIONS.get(role, frozenset())


def held_by(custom: Mapping[str, Any]) -> frozenset[str]:
    """What the row of a custom role holds: never what is unknown, reserved, or beyond its rule."""
    allowed = ALL if custom["row_rule"] == "all" else ROWED
    return (frozenset(custom["permissions"]) & allowed) - RESERVED


@lru_cache(maxsize=1024)
def narrowed(role: str, scopes: tuple[str, ...]) -> frozenset[str]:
    """What a role holds within `scopes`: names, or `invoice.*`; no scopes is all of it."""
    held = permissions_of(role)
    if not scopes:
        return held
    whole = {scope.removesuffix(".*") for scope in scopes if scope.endswith(".*")}
    return frozenset(name for name in held if name in scopes or name.split(".")[0] in whole)


def unknown_scopes(scopes: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `scopes` that name nothing."""
    things = {name.split(".")[0] for name in ALL}
    return tuple(
        scope
        for scope in scopes
        if scope not in ALL and not (scope.endswith(".*") and scope[:-2] in things)
    )


def own_only(by: Actor, permission: str) -> bool:
    """Whether the actor holds `permission` for their own things only."""
    own = OWN_ONLY.get(by.role, frozenset()) if by.own is None else by.own
    return permission in own


def require_own(by: Actor, permission: str, *, created_by_id: UUID | None) -> None:
    """`by.require`, and where the role is narrowed, that the thing is the actor's own.

    Raises NotAllowed, NotYours.
    """
    by.require(permission)
    if own_only(by, permission) and (created_by_id is None or created_by_id != by.user_id):
        raise NotYours("Only who made this may do that to it; ask them or an admin.")


def as_markdown() -> str:
    """The table for the docs: a row per permission, a column per role."""
    head = ["permission", *ROLES]
    rows = [[name, *(mark(held, letter) for letter in LETTERS)] for name, held in TABLE.items()]
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def mark(held: str, letter: str) -> str:
    """One cell: ✓, own, or nothing."""
    if letter in held:
        return "✓"
    return "own" if letter.lower() in held else ""
