"""Refunds through the gateway: once, never more than came, taken back where the service cannot."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from guilder.books.charging import operations, queries
from guilder.books.charging.gateways import wire
from guilder.books.charging.models import GivenBack
from guilder.books.payments import operations as payments
from guilder.books.payments import queries as money
from guilder.books.payments.queries.refunds import get_refund
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, NotAllowed
from tests import make
from tests.books.charging import making
from tests.books.proofs import faults
from tests.make import NOW


class Killed(BaseException):
    """The process is gone between two instructions."""


@dataclass(slots=True)
class Case:
    """119.00 that came through Stripe."""

    by: Actor
    payment_id: UUID

    def refund(self, amount: str, **changes: Any) -> UUID:
        data = {
            "payment": str(self.payment_id),
            "amount": {"amount": amount, "currency": "EUR"},
            "reason": "Returned",
            "takes_off": True,
            **changes,
        }
        return payments.request_refund(by=self.by, data=data, at=NOW).id

    def carry_out(self, refund_id: UUID, *, at: Any = NOW) -> Any:
        taken = operations.take_on(refund_id, by=self.by, at=NOW)
        return None if taken is None else operations.give_back(taken, by=self.by, at=at)

    def row(self, refund_id: UUID) -> GivenBack:
        with transaction(self.by.organization_id):
            return GivenBack.objects.of(self.by.organization_id).get(refund_id=refund_id)

    @property
    def left(self) -> int:
        return money.get_payment(self.payment_id, by=self.by).unallocated_amount


def paid(by: Actor, stripe: Any) -> Case:
    through = making.gateway(by, "stripe")
    charge = making.charge(by, make.issued_invoice(by), through)
    stripe.pay(charge.provider_id)
    payment_id = operations.check_charge(charge.id, by=by, at=NOW).payment_id
    assert payment_id is not None
    return Case(by, payment_id)


def amounts(stripe: Any) -> list[int]:
    return [one["amount"] for one in stripe.refunds.values()]


def test_a_part_and_then_the_rest_go_back_and_no_more(world, stripe):
    case = paid(world.alice, stripe)

    part, rest = case.refund("19.00"), case.refund("100.00")
    again = [case.carry_out(part), case.carry_out(rest)]

    assert again == [None, None]
    assert amounts(stripe) == [1900, 10000]
    assert case.row(part).state == case.row(rest).state == "succeeded"
    with pytest.raises(Conflict):
        case.refund("0.01")
    assert faults(world.organization) == []


def test_of_thirty_at_once_for_sixty_one_goes_back(world, stripe):
    case = paid(world.alice, stripe)

    def ask(_: int) -> UUID | None:
        try:
            return case.refund("60.00")
        except Conflict:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        done = [one for one in pool.map(ask, range(30)) if one]
    for one in done:
        case.carry_out(one)

    assert (len(done), amounts(stripe), case.left) == (1, [6000], 5900)
    assert faults(world.organization) == []


def test_the_same_refund_carried_out_by_many_workers_goes_back_once(world, stripe):
    case = paid(world.alice, stripe)
    refund = case.refund("60.00")

    def carry(_: int) -> None:
        try:
            case.carry_out(refund)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(carry, range(8)))

    assert amounts(stripe) == [6000]
    assert case.row(refund).state == "succeeded"


def test_what_the_service_refuses_is_taken_back_and_people_hear_of_it(world, stripe):
    case = paid(world.alice, stripe)
    refund = case.refund("60.00")
    stripe.trouble = [403]

    case.carry_out(refund)

    assert (get_refund(refund, by=case.by).status, case.left) == ("reversed", 11900)
    assert (case.row(refund).state, amounts(stripe)) == ("failed", [])
    assert faults(world.organization) == []


@pytest.mark.parametrize("is_done", [False, True], ids=["it never came", "it was made"])
def test_without_a_clear_answer_it_is_asked_again_with_the_same_key(world, stripe, is_done):
    case = paid(world.alice, stripe)
    refund = case.refund("60.00")
    stripe.trouble = [None if is_done else 503]

    when = case.carry_out(refund)
    unclear = case.row(refund).state
    operations.give_back(case.row(refund).id, by=case.by, at=when)

    assert (unclear, when > NOW) == ("pending", True)
    assert (amounts(stripe), case.row(refund).state) == ([6000], "succeeded")
    assert get_refund(refund, by=case.by).status == "paid"


@pytest.mark.parametrize("is_done", [False, True], ids=["it never came", "it was made"])
def test_after_days_the_service_is_asked_before_anything_is_sent(world, stripe, is_done):
    """It has forgotten our key by then, and would give the money back a second time."""
    case = paid(world.alice, stripe)
    refund = case.refund("60.00")
    stripe.trouble = [None if is_done else 503]
    case.carry_out(refund)
    stripe.answers.clear()

    for days in (3, 4):
        operations.give_back(case.row(refund).id, by=case.by, at=NOW + timedelta(days=days))

    assert (amounts(stripe), case.row(refund).state) == ([6000], "succeeded")
    assert faults(world.organization) == []


def test_keys_that_are_refused_when_asking_say_nothing_of_the_refund(world, stripe):
    case = paid(world.alice, stripe)
    refund = case.refund("60.00")
    stripe.trouble = [None]
    case.carry_out(refund)
    stripe.trouble = [401]

    operations.give_back(case.row(refund).id, by=case.by, at=NOW + timedelta(days=3))

    assert case.row(refund).state == "pending"
    assert get_refund(refund, by=case.by).status == "paid"


@pytest.mark.parametrize("is_done", [False, True], ids=["before the call", "after the call"])
def test_a_process_killed_in_the_middle_gives_back_once(world, stripe, monkeypatch, is_done):
    case = paid(world.alice, stripe)
    refund = case.refund("60.00")
    request = stripe.request

    def dying(*words: Any, **more: Any) -> Any:
        if is_done:
            request(*words, **more)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(wire.outbound, "request", dying)
        with pytest.raises(Killed):
            case.carry_out(refund)
    _, late = operations.overdue(by=case.by, at=NOW + timedelta(hours=2))
    for one in late:
        operations.give_back(one, by=case.by, at=NOW + timedelta(hours=2))

    assert (len(late), amounts(stripe), case.row(refund).state) == (1, [6000], "succeeded")
    assert faults(world.organization) == []


def test_cash_is_not_given_back_by_the_service(world, stripe):
    case = paid(world.alice, stripe)

    taken = operations.take_on(case.refund("60.00", method="cash"), by=case.by, at=NOW)

    assert (taken, amounts(stripe)) == (None, [])


def test_others_carry_nothing_out(world, stripe):
    case = paid(world.alice, stripe)
    refund = case.refund("60.00")

    assert operations.take_on(refund, by=world.mallory, at=NOW) is None
    with pytest.raises(NotAllowed):
        operations.take_on(refund, by=world.bob, at=NOW)
    assert queries.of_payment(case.payment_id, by=case.by) is not None
