"""What is charged by itself: when, how often, and never what the client is about to pay."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from guilder.books.charging import operations, queries
from guilder.books.charging.gateways import wire
from guilder.books.charging.operations.collecting import next_on
from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries as invoices
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from tests import make
from tests.books.charging import making
from tests.books.proofs import faults

DUE = date(2026, 3, 2)


class Killed(BaseException):
    """The process is gone between two instructions."""


@dataclass(slots=True)
class Case:
    """A client whose method collects, and an invoice of theirs that falls due on NOW's day."""

    by: Actor
    through: Any
    saved: UUID
    invoice: Any

    def look(self, days: int = 0, **later: int) -> int:
        """The hourly look of that day."""
        return operations.collect_due(by=self.by, at=make.NOW + timedelta(days=days, **later))

    @property
    def open(self) -> int:
        return invoices.get_invoice(self.invoice.id, by=self.by).open_amount

    @property
    def charges(self) -> list[Any]:
        return queries.list_charges(by=self.by, invoice_id=self.invoice.id)[::-1]


def collecting(by: Actor, token: str) -> Case:
    through = making.gateway(by, "stripe")
    client = make.client(by)
    saved = making.saved(by, through, client.id, token)
    operations.set_collecting(saved, by=by, collects=True)
    invoice = make.issued_invoice(by, client_id=client.id, terms={"due": {"days": 0}})
    return Case(by, through, saved, invoice)


def test_what_falls_due_is_taken_once_and_is_a_payment(world, stripe):
    case = collecting(world.alice, "pm_good")

    found = [case.look(days=-1), case.look(), case.look(hours=1), case.look(days=1)]

    assert found == [0, 1, 0, 0]
    assert (case.open, len(stripe.intents)) == (0, 1)
    (charge,) = case.charges
    assert (charge.state, charge.origin, charge.amount) == ("succeeded", "automatic", 11900)


def test_soft_declines_are_tried_again_after_3_7_and_14_days_and_then_people_take_over(
    world, stripe
):
    case = collecting(world.alice, "pm_soft")

    days = [day for day in range(40) if case.look(days=day)]

    assert days == [0, 3, 7, 14]
    assert [one.failure for one in case.charges] == ["insufficient_funds"] * 4
    assert (case.open, len(stripe.intents)) == (11900, 4)
    assert queries.get_saved(case.saved, by=case.by).is_active


def test_a_hard_decline_ends_the_method_for_all_that_is_due(world, stripe):
    case = collecting(world.alice, "pm_hard")
    make.issued_invoice(case.by, client_id=case.invoice.partner_id, terms={"due": {"days": 0}})

    found = [case.look(days=day) for day in range(20)]

    assert sum(found) == len(stripe.intents) == 1
    saved = queries.get_saved(case.saved, by=case.by)
    assert (saved.is_active, saved.collects, saved.ended_reason) == (False, False, "stolen_card")
    with pytest.raises(operations.MethodEnded):
        operations.set_collecting(case.saved, by=case.by, collects=True)


def test_what_is_disputed_is_left_until_it_is_settled(world, stripe):
    case = collecting(world.alice, "pm_good")
    invoicing.mark_disputed(case.invoice.id, by=case.by, at=make.NOW)

    disputed = case.look()
    invoicing.mark_disputed(case.invoice.id, by=case.by, at=make.NOW, is_disputed=False)

    assert (disputed, case.look(), case.open) == (0, 1, 0)


def test_while_a_client_is_paying_nothing_is_taken_by_itself(world):
    by = world.alice
    invoice, other = make.issued_invoice(by), make.issued_invoice(by)
    making.charge(by, invoice, making.gateway(by))

    with transaction(by.organization_id):
        assert next_on(invoice.id, DUE, by=by) is None
        assert next_on(other.id, DUE, by=by) == DUE


def test_a_client_who_began_to_pay_a_moment_ago_is_seen_under_the_lock(world, stripe, monkeypatch):
    """The list of what is due was read before; the charge itself looks again."""
    from guilder.books.charging.operations import collecting as module

    case = collecting(world.alice, "pm_good")
    read = list(module.due(by=case.by, on=make.TODAY))
    monkeypatch.setattr(module, "due", lambda **_: read)
    making.charge(case.by, case.invoice, making.gateway(case.by))

    assert len(read) == 1
    assert case.look() == 0
    assert stripe.intents == {}


@pytest.mark.parametrize("is_done", [False, True], ids=["before the call", "after the call"])
def test_a_process_killed_in_the_middle_never_charges_twice(world, stripe, monkeypatch, is_done):
    case = collecting(world.alice, "pm_good")
    request = stripe.request

    def dying(*words: Any, **more: Any) -> Any:
        if is_done:
            request(*words, **more)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(wire.outbound, "request", dying)
        with pytest.raises(Killed):
            case.look()
    again = case.look(hours=1)
    charges, _ = operations.overdue(by=case.by, at=make.NOW + timedelta(hours=3))
    for one in charges:
        operations.check_charge(one, by=case.by, at=make.NOW + timedelta(hours=3))

    assert (again, len(charges), len(stripe.intents)) == (0, 1, 1)
    assert (case.open, case.charges[0].state) == (0, "succeeded")
    assert faults(world.organization) == []


def test_who_may_not_record_payments_collects_nothing(world, stripe):
    from guilder.kernel.errors import NotAllowed

    case = collecting(world.alice, "pm_good")

    with pytest.raises(NotAllowed):
        operations.collect_due(by=world.bob, at=make.NOW)
    assert operations.collect_due(by=world.mallory, at=make.NOW) == 0
    assert case.open == 11900
