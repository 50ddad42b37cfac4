"""The table says what the design says, and one question answers all doors."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from guilder.foundation.identity import permissions
from guilder.foundation.identity.permissions import PERMISSIONS, permissions_of
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotAllowed

ME, SOMEBODY = UUID(int=1), UUID(int=2)


def actor(role: str) -> Actor:
    return Actor(
        organization_id=UUID(int=9), user_id=ME, role=role, permissions=permissions_of(role)
    )


# Rows of the design's table: (permission, who holds it for everything, who for their own only).
ROWS = [
    ("settings.edit", {"admin"}, set()),
    ("member.edit", {"admin"}, set()),
    ("key.edit", {"admin"}, set()),
    ("backup.run", {"admin"}, set()),
    ("export.run", {"admin"}, set()),
    ("invoice.view", set(permissions.ROLES), set()),
    ("invoice.create", {"admin", "manager", "accountant", "agent"}, set()),
    ("invoice.edit", {"admin", "manager", "accountant"}, {"agent"}),
    ("invoice.issue", {"admin", "manager", "accountant"}, set()),
    ("invoice.delete", {"admin"}, {"accountant", "agent"}),
    ("document.delete", {"admin"}, {"accountant", "agent"}),
    ("payment.record", {"admin", "accountant"}, set()),
    ("refund.create", {"admin", "accountant"}, set()),
    ("refund.approve", {"admin", "manager", "accountant"}, set()),
    ("partner.edit", {"admin", "manager", "accountant"}, set()),
    ("item.view", {"admin", "manager", "accountant", "agent", "viewer"}, set()),
    ("report.view", set(permissions.ROLES), set()),
    ("audit.view", {"admin", "manager", "accountant"}, set()),
]


@pytest.mark.parametrize(("permission", "all_", "own"), ROWS)
def test_a_row_of_the_design(permission: str, all_: set[str], own: set[str]) -> None:
    held = {role for role in permissions.ROLES if permission in PERMISSIONS[role]}

    assert held == all_ | own
    assert {role for role in held if permissions.own_only(actor(role), permission)} == own


def test_a_viewer_changes_nothing_but_what_they_say() -> None:
    changing = {name for name in PERMISSIONS["viewer"] if not name.endswith(".view")}

    assert changing == {"comment.write", "comment.delete"}


def test_an_admin_holds_everything() -> None:
    assert PERMISSIONS["admin"] == permissions.ALL


def test_an_unknown_role_holds_nothing() -> None:
    assert permissions_of("") == permissions_of("root") == frozenset()


def test_own_things_only() -> None:
    agent = actor("agent")

    permissions.require_own(agent, "invoice.delete", created_by_id=ME)
    for other in (SOMEBODY, None):
        with pytest.raises(permissions.NotYours):
            permissions.require_own(agent, "invoice.delete", created_by_id=other)
    permissions.require_own(actor("admin"), "invoice.delete", created_by_id=SOMEBODY)
    with pytest.raises(NotAllowed):
        permissions.require_own(actor("manager"), "invoice.delete", created_by_id=ME)


def test_a_program_s_key_without_a_user_owns_nothing() -> None:
    key = replace(actor("agent"), user_id=None)

    with pytest.raises(permissions.NotYours):
        permissions.require_own(key, "invoice.edit", created_by_id=None)


def test_scopes_narrow_and_never_widen() -> None:
    assert permissions.narrowed("viewer", ("invoice.view", "invoice.issue")) == {"invoice.view"}
    assert permissions.narrowed("admin", ("ledger.*",)) == {
        "ledger.view",
        "ledger.post",
        "ledger.close",
    }
    assert permissions.narrowed("agent", ()) == permissions_of("agent")


def test_scopes_that_name_nothing_are_found() -> None:
    given = ("invoice.view", "invoice.*", "invoices.view", "*", "invoice.", ".*")

    assert permissions.unknown_scopes(given) == ("invoices.view", "*", "invoice.", ".*")


def test_the_docs_table_has_a_cell_for_each() -> None:
    lines = permissions.as_markdown().splitlines()

    assert len(lines) == len(permissions.ALL) + 2
    assert {line.count("|") for line in lines} == {len(permissions.ROLES) + 2}
    assert "| invoice.delete | ✓ |  | own | own |  |  |" in lines


def test_the_docs_show_this_very_table() -> None:
    page = Path(__file__).parents[3] / "docs/rooms/identity.md"

    assert permissions.as_markdown() in page.read_text()
