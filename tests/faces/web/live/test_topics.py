"""What an event is about, and who hears of it."""

from typing import Any
from uuid import UUID

import pytest

from guilder.faces.web.live.topics import Telling, may_hear, tellings
from guilder.foundation.events.queries import Happened
from guilder.foundation.identity.permissions import ROLES, ROW_RULES, permissions_of
from guilder.kernel.actor import Actor

ORGANIZATION, PAPER, OTHER, USER = (UUID(int=n) for n in range(1, 5))


def person(role: str, user_id: UUID = USER) -> Actor:
    return Actor(
        organization_id=ORGANIZATION,
        user_id=user_id,
        role=role,
        permissions=permissions_of(role),
        row_rule=ROW_RULES[role],
    )


def event(name: str, **payload: Any) -> Happened:
    return Happened(UUID(int=9), name, PAPER, {k: str(v) for k, v in payload.items()}, None, 1)


def hearers(told: Telling, owners: dict[UUID, UUID | None] | None = None) -> set[str]:
    whose = {paper: frozenset((one,)) for paper, one in (owners or {}).items() if one}
    return {role for role in ROLES if may_hear(told, person(role), whose, frozenset((USER,)))}


def test_an_invoice_is_heard_of_by_who_sees_it() -> None:
    (told,) = tellings(event("invoice.issued", invoice_id=PAPER, kind="invoice", partner_id=OTHER))

    assert told.topics == ("invoices", f"invoice:{PAPER}", f"client:{OTHER}")
    assert hearers(told) == {"admin", "manager", "accountant", "viewer"}
    assert hearers(told, {PAPER: USER}) >= {"agent"}
    assert "agent" not in hearers(told, {PAPER: OTHER})


def test_a_payment_touches_its_invoices_and_agents_hear_of_their_own() -> None:
    paid = event("payment.recorded", payment_id=PAPER, partner_id=OTHER)

    payment, invoice = tellings(paid, invoices=(UUID(int=7),))

    assert payment.topics == ("payments", f"payment:{PAPER}", f"client:{OTHER}")
    assert "agent" not in hearers(payment)
    assert invoice.topics[:2] == ("invoices", f"invoice:{UUID(int=7)}")
    assert "agent" in hearers(invoice, {UUID(int=7): USER})


def test_a_task_for_one_person_is_heard_of_by_nobody_else() -> None:
    (told,) = tellings(
        event("task.changed", task_id=PAPER, user_id=USER, permission="", state="open")
    )

    assert may_hear(told, person("agent"), {})
    assert not may_hear(told, person("admin", OTHER), {})


def test_a_task_for_a_right_is_heard_of_by_its_holders() -> None:
    told = tellings(event("task.changed", task_id=PAPER, permission="payment.record", state="open"))

    assert hearers(told[0]) == {"admin", "accountant"}


def test_a_shared_view_is_everybody_s_and_an_own_one_is_not() -> None:
    shared = Happened(
        UUID(int=9),
        "view.changed",
        PAPER,
        {"kind": "invoices", "user_id": str(OTHER), "is_shared": True},
        None,
        1,
    )
    own = Happened(
        UUID(int=9),
        "view.changed",
        PAPER,
        {"kind": "invoices", "user_id": str(OTHER), "is_shared": False},
        None,
        1,
    )

    assert "agent" in hearers(tellings(shared)[0])
    assert hearers(tellings(own)[0]) == set()


@pytest.mark.parametrize(
    "kind", ["organization.changed", "key.created", "member.added", "new.thing"]
)
def test_what_is_not_known_is_heard_by_who_reads_the_log(kind: str) -> None:
    (told,) = tellings(event(kind))

    assert hearers(told) == {"admin", "manager", "accountant"}


def test_clients_of_the_portal_hear_nothing() -> None:
    for kind, payload in (
        ("comment.added", {"subject_kind": "client", "subject_id": PAPER}),
        ("item.changed", {"item_id": PAPER}),
        ("partner.changed", {"partner_id": PAPER}),
        ("mail.sent", {"invoice_id": PAPER}),
    ):
        for told in tellings(event(kind, **payload)):
            assert "client" not in hearers(told)
