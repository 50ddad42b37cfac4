"""Six events of a gateway, in any order, each any number of times, end the same."""

import itertools
import random
from datetime import timedelta
from typing import Any
from uuid import UUID

from guilder.books.charging import operations, queries
from guilder.books.charging.calc import Standing, joined
from guilder.books.invoicing import queries as invoices
from guilder.books.ledger import queries as ledger
from guilder.books.payments import queries as payments
from guilder.books.payments.queries.refunds import list_refunds
from guilder.foundation.identity import operations as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from tests import make
from tests.books.charging import making
from tests.make import NOW, World

SIX = (
    Standing(state="pending"),
    Standing(state="succeeded", fee=59),
    Standing(backs={"re_1": "pending"}),
    Standing(backs={"re_1": "succeeded"}),
    Standing(chargebacks={"dp_1": "open"}),
    Standing(chargebacks={"dp_1": "lost"}),
)
END = Standing(state="succeeded", fee=59, backs={"re_1": "succeeded"}, chargebacks={"dp_1": "lost"})


def overwritten(before: Standing, told: Standing) -> Standing:
    """What a merge would be that believes whoever spoke last."""
    return Standing(
        state=told.state,
        fee=told.fee or before.fee,
        backs={**before.backs, **told.backs},
        chargebacks={**before.chargebacks, **told.chargebacks},
    )


def ends(merge: Any, chance: random.Random) -> set[tuple[Any, ...]]:
    """All the ends of the 720 orders, each event delivered one to three times."""
    found = set()
    for order in itertools.permutations(SIX):
        standing = Standing()
        for told in order:
            for _ in range(chance.randint(1, 3)):
                standing = merge(standing, told)
        found.add((standing.state, standing.fee, *sorted(standing.backs.items()),
                   *sorted(standing.chargebacks.items())))  # fmt: skip
    return found


def test_720_orders_of_six_events_end_the_same() -> None:
    seed = random.randrange(10**6)

    found = ends(joined, random.Random(seed))

    assert found == {("succeeded", 59, ("re_1", "succeeded"), ("dp_1", "lost"))}, seed
    assert END.state == "succeeded"


def test_a_merge_that_believes_the_last_one_would_be_found_out() -> None:
    assert len(ends(overwritten, random.Random(1))) == 8  # each of three facts may have been undone


def calls_of(charge_id: UUID) -> list[tuple[str, dict[str, Any]]]:
    """The six events as the generic service tells them."""
    base = {"charge": str(charge_id), "id": "tx-1", "amount": "119.00", "currency": "EUR"}
    back = {**base, "refund": "re_1", "refunded": "19.00"}
    fight = {**base, "dispute": "dp_1", "disputed": "100.00", "reason": "fraudulent"}
    return [
        ("charge.pending", base),
        ("charge.succeeded", {**base, "fee": "2.19", "method": "card"}),
        ("charge.refunded", back),
        ("charge.refunded", {**back, "again": "yes"}),
        ("charge.disputed", {**fight, "stage": "open"}),
        ("charge.disputed", {**fight, "stage": "lost"}),
    ]


def lived(by: Actor, order: tuple[int, ...], times: tuple[int, ...]) -> tuple[Any, ...]:
    """One charge whose six events come in that order, so often; gives how it all ended."""
    invoice = make.issued_invoice(by)
    through = making.gateway(by)
    system = identity.system_actor(by.organization_id, "job")
    charge = making.charge(by, invoice, through)
    told = calls_of(charge.id)
    for place in order:
        kind, data = told[place]
        for _ in range(times[place]):
            making.receive(through, making.call(kind, data, name=f"msg-{place}"), by=system)
    record = queries.get_charge(charge.id, by=by)
    document = invoices.get_invoice(invoice.id, by=by)
    assert record.payment_id is not None
    payment = payments.get_payment(record.payment_id, by=by)
    refunds = list_refunds(by=by, payment_id=payment.id)
    with transaction(by.organization_id):
        entries = len(ledger.entries_of(by.organization_id, charge.id))
    return (
        record.state,
        record.fee,
        entries,
        payment.amount,
        payment.unallocated_amount,
        document.open_amount,
        sorted(one.amount for one in refunds if one.status == "paid"),
        queries.list_chargebacks(by=by, charge_id=charge.id)[0].stage,
    )


def test_orders_of_signed_calls_end_with_one_payment_and_the_same_books(world: World) -> None:
    """A sample: forwards, backwards, and three drawn ones, with repeated deliveries."""
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    orders = [(0, 1, 2, 3, 4, 5), (5, 4, 3, 2, 1, 0)]
    orders += [tuple(chance.sample(range(6), 6)) for _ in range(3)]

    found = [
        lived(world.alice, one, tuple(chance.randint(1, 3) for _ in range(6))) for one in orders
    ]

    # 119.00 paid; 19.00 given back and 100.00 lost in the dispute: all of it is open again.
    wanted = ("succeeded", 219, 1, 11900, 0, 11900, [1900, 10000], "lost")
    assert found == [wanted] * 5, seed


def test_an_old_call_is_not_taken_again_and_a_late_one_is_refused(world: World) -> None:
    import pytest

    from guilder.books.charging.gateways.base import BadCall

    by = world.alice
    through = making.gateway(by)
    charge = making.charge(by, make.issued_invoice(by), through)
    kind, data = calls_of(charge.id)[1]
    first = making.call(kind, data, name="msg-once")
    late = making.call(kind, data, name="msg-late", at=NOW - timedelta(minutes=6))

    assert making.receive(through, first, by=by) == ["succeeded"]
    assert making.receive(through, first, by=by) == []
    with pytest.raises(BadCall):
        operations.receive(
            through.id,
            kind="signed",
            by=by,
            call=type(late)(body=late.body, headers=late.headers, at=NOW),
        )
