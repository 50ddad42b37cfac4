"""Refunds: from a payment or a credit note, by four eyes above a limit, never more than there is."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries as invoices
from guilder.books.ledger import queries as ledgers
from guilder.books.payments import operations as payments
from guilder.books.payments import queries
from guilder.books.payments.queries.refunds import NoSuchRefund, get_refund, list_refunds
from guilder.foundation.events.models import Event
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Conflict, GuilderError, Invalid, NotAllowed, NotFound
from guilder.registers.currencies import operations as currencies
from tests import make
from tests.books.proofs import faults

NOBODY = UUID(int=7)


def refund(by, *, amount=None, currency="EUR", **changes):
    data = {"reason": "Returned", "refunded_on": make.TODAY.isoformat(), **changes}
    if amount is not None:
        data["amount"] = {"amount": amount, "currency": currency}
    return payments.request_refund(by=by, data=data, at=make.NOW)


def paid(by, amount="100.00", *, client=None, currency="EUR", **changes):
    client = client or make.client(by)
    data = {
        "client": str(client.id),
        "amount": {"amount": amount, "currency": currency},
        "received_on": make.TODAY.isoformat(),
        **changes,
    }
    return payments.record_payment(by=by, data=data, at=make.NOW)


def a_manager(world):
    n = uuid4().hex[:10]
    user = identity.create_user(
        email=f"manager-{n}@guilder.example", password=make.PASSWORD, name="Mia"
    )
    identity.add_member(by=world.alice, user_id=user.id, role="manager")
    return identities.actor_for(user.id, world.organization, source="web")


def left_of(world, payment) -> int:
    return queries.get_payment(payment.id, by=world.alice).unallocated_amount


def balance(world, role):
    with transaction(world.organization):
        return ledgers.balance_of(world.organization, role)


def limit(world, text: str) -> None:
    payments.set_refund_policy(by=world.alice, data={"approval_above": text}, base_currency="EUR")


def test_credit_of_a_payment_is_given_back_in_part_and_then_whole(world):
    payment = paid(world.alice)

    first = refund(world.alice, payment=str(payment.id), amount="30.00")
    assert (first.status, first.refunded_on, left_of(world, payment)) == ("paid", make.TODAY, 7000)
    assert (balance(world, "bank"), balance(world, "customer_credit")) == (7000, -7000)
    rest = refund(world.alice, payment=str(payment.id))

    assert rest.amount == 7000 and left_of(world, payment) == 0
    assert (balance(world, "bank"), balance(world, "customer_credit")) == (0, 0)
    with pytest.raises(payments.NothingToRefund):
        refund(world.alice, payment=str(payment.id))
    with transaction(world.organization):
        assert Event.objects.of(world.organization).filter(type="refund.paid").count() == 2
    assert faults(world.organization) == []


def test_a_credit_note_is_paid_out(world):
    invoice = make.issued_invoice(world.alice)  # 119.00
    make.payment(world.alice, invoice, "119.00")
    note = invoicing.credit_invoice(invoice.id, by=world.alice, at=make.NOW, on=make.TODAY)

    refund(world.alice, credit_note=str(note.id), amount="19.00")
    refund(world.alice, credit_note=str(note.id))

    after = invoices.get_invoice(note.id, by=world.alice)
    assert (after.open_amount, after.allocated_amount) == (0, 11900)
    assert (balance(world, "bank"), balance(world, "customer_credit")) == (0, 0)
    assert faults(world.organization) == []


def test_what_a_payment_paid_is_taken_off_its_invoice_when_asked_for(world):
    invoice = make.issued_invoice(world.alice)
    payment = make.payment(world.alice, invoice, "119.00")

    with pytest.raises(payments.NothingToRefund, match="takes_off"):
        refund(world.alice, payment=str(payment.id))
    refund(world.alice, payment=str(payment.id), amount="19.00", takes_off=True)

    assert invoices.get_invoice(invoice.id, by=world.alice).open_amount == 11900
    assert left_of(world, payment) == 10000
    assert faults(world.organization) == []


def test_above_the_limit_somebody_else_must_approve(world):
    limit(world, "50.00")
    payment = paid(world.alice)

    small = refund(world.alice, payment=str(payment.id), amount="30.00")
    assert small.status == "paid"
    # 30.00 and 20.01 are more than 50.00: no limit is passed by in parts.
    assert refund(world.alice, payment=str(payment.id), amount="20.01").status == "waiting"
    assert refund(world.alice, payment=str(payment.id), amount="20.00").status == "paid"
    large = paid(world.alice)
    waiting = refund(world.alice, payment=str(large.id), amount="50.01")
    assert (waiting.status, left_of(world, large)) == ("waiting", 10000)
    with pytest.raises(payments.OwnRefund):
        payments.approve_refund(waiting.id, by=world.alice, on=make.TODAY, at=make.NOW)

    manager = a_manager(world)
    nobody = replace(manager, user_id=None)
    with pytest.raises(payments.OwnRefund):
        payments.approve_refund(waiting.id, by=nobody, on=make.TODAY, at=make.NOW)
    with pytest.raises(Invalid):
        payments.approve_refund(waiting.id, by=manager, on=date(2099, 1, 1), at=make.NOW)
    done = payments.approve_refund(waiting.id, by=manager, on=make.TODAY, at=make.NOW, note="Fine")

    assert (done.status, done.decided_by_id, left_of(world, large)) == (
        "paid",
        manager.user_id,
        4999,
    )
    with pytest.raises(payments.AlreadyDecided):
        payments.approve_refund(waiting.id, by=manager, on=make.TODAY, at=make.NOW)
    assert faults(world.organization) == []


def test_a_declined_refund_moves_nothing_and_says_why(world):
    limit(world, "0")
    payment = paid(world.alice)
    waiting = refund(world.alice, payment=str(payment.id))
    manager = a_manager(world)

    with pytest.raises(Invalid):
        payments.decline_refund(waiting.id, by=manager, at=make.NOW, note=" ")
    done = payments.decline_refund(waiting.id, by=manager, at=make.NOW, note="No receipt")

    assert (done.status, done.decision_note, left_of(world, payment)) == (
        "declined",
        "No receipt",
        10000,
    )
    assert faults(world.organization) == []


def test_two_waiting_refunds_do_not_give_back_more_than_there_is(world):
    limit(world, "0")
    payment = paid(world.alice)
    one, two = (refund(world.alice, payment=str(payment.id), amount="60.00") for _ in range(2))
    manager = a_manager(world)

    payments.approve_refund(one.id, by=manager, on=make.TODAY, at=make.NOW)
    with pytest.raises(payments.OverCredit, match="Only 40"):
        payments.approve_refund(two.id, by=manager, on=make.TODAY, at=make.NOW)

    assert get_refund(two.id, by=world.alice).status == "waiting"
    assert left_of(world, payment) == 4000


def test_a_refund_that_came_back_is_credit_again(world):
    payment = paid(world.alice)
    made = refund(world.alice, payment=str(payment.id), amount="30.00")
    with pytest.raises(Conflict, match="given back"):
        payments.reverse_payment(
            payment.id, by=world.alice, on=make.TODAY, at=make.NOW, reason="Bounced"
        )

    back = payments.reverse_refund(
        made.id, by=world.alice, on=make.TODAY, at=make.NOW, reason="Account closed"
    )

    assert (back.status, left_of(world, payment)) == ("reversed", 10000)
    assert (balance(world, "bank"), balance(world, "customer_credit")) == (10000, -10000)
    with pytest.raises(payments.NotPaid):
        payments.reverse_refund(made.id, by=world.alice, on=make.TODAY, at=make.NOW, reason="Again")
    payments.reverse_payment(
        payment.id, by=world.alice, on=make.TODAY, at=make.NOW, reason="Bounced"
    )
    assert faults(world.organization) == []


def test_in_a_foreign_currency_the_difference_of_rates_is_booked(world):
    for on, rate in ((date(2026, 11, 1), "0.90"), (make.TODAY, "0.95")):
        data = {"base": "USD", "quote": "EUR", "on": on.isoformat(), "rate": rate}
        currencies.add_rate(by=world.alice, data=data)
    payment = paid(world.alice, currency="USD", received_on="2026-11-02")

    refund(world.alice, payment=str(payment.id), amount="50.00", currency="USD")

    # 50 USD came in at 0.90 and left at 0.95: 2.50 EUR more.
    assert balance(world, "exchange") == 250
    assert faults(world.organization) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": "100.01", "currency": "EUR"}, "refund.over_credit"),
        ({"amount": "10.00", "currency": "USD"}, "refund.invalid"),
        ({"amount": "0", "currency": "EUR"}, "refund.invalid"),
        ({"reason": ""}, "refund.invalid"),
        ({"refunded_on": "2099-01-01"}, "refund.invalid"),
        ({"method": "barter"}, "refund.invalid"),
        ({"account": str(NOBODY)}, "refund.invalid"),
        ({"payment": str(NOBODY)}, "payment.not_found"),
        ({"credit_note": str(NOBODY)}, "refund.invalid"),
        ({"colour": "red"}, "refund.invalid"),
    ],
)
def test_what_cannot_be_given_back_is_refused_and_nothing_moves(world, changes, code):
    payment = paid(world.alice)

    with pytest.raises(GuilderError) as refused:
        refund(world.alice, **{"payment": str(payment.id), **changes})

    assert refused.value.code == code
    assert left_of(world, payment) == 10000 and list_refunds(by=world.alice) == []


def test_an_invoice_is_no_source(world):
    invoice = make.issued_invoice(world.alice)

    with pytest.raises(Conflict, match="credit note"):
        refund(world.alice, credit_note=str(invoice.id))


def test_others_neither_see_nor_touch_it(world):
    payment = paid(world.alice)
    made = refund(world.alice, payment=str(payment.id), amount="1.00")

    with pytest.raises(NoSuchRefund):
        get_refund(made.id, by=world.mallory)
    with pytest.raises(NotFound):
        refund(world.mallory, payment=str(payment.id))
    with pytest.raises(NoSuchRefund):
        payments.reverse_refund(
            made.id, by=world.mallory, on=make.TODAY, at=make.NOW, reason="Mine"
        )
    with pytest.raises(NotAllowed):
        refund(world.bob, payment=str(payment.id))


def test_thirty_at_once_for_sixty_of_a_hundred_give_one(world):
    payment = paid(world.alice)

    def ask(_):
        try:
            return refund(world.alice, payment=str(payment.id), amount="60.00").id
        except (payments.OverCredit, Conflict):
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        done = [one for one in pool.map(ask, range(30)) if one]

    assert len(done) == 1 and left_of(world, payment) == 4000
    assert faults(world.organization) == []


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("refund", "reverse", "apply", "unapply")),
        st.integers(min_value=1, max_value=8000),
    ),
    max_size=8,
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)
@given(steps=STEPS)
def test_whatever_is_done_in_any_order_the_money_adds_up(world, steps):
    client = make.client(world.alice)
    invoice = make.issued_invoice(world.alice, client_id=client.id)
    payment = paid(world.alice, client=client)
    given_back, applied = [], []
    left, active, refunded = 10000, {}, {}
    for act, minor in steps:
        amount = f"{minor // 100}.{minor % 100:02d}"
        try:
            if act == "refund":
                made = refund(world.alice, payment=str(payment.id), amount=amount)
                given_back.append(made.id)
                refunded[made.id] = minor
            elif act == "reverse" and given_back:
                gone = given_back.pop()
                payments.reverse_refund(
                    gone, by=world.alice, on=make.TODAY, at=make.NOW, reason="x"
                )
                refunded.pop(gone)
            elif act == "apply":
                after = payments.allocate_payment(
                    payment.id, by=world.alice, on=make.TODAY, at=make.NOW,
                    allocations=[{"invoice": str(invoice.id), "amount": amount}],
                )  # fmt: skip
                newest = max(after.allocations, key=lambda one: one.id)
                applied.append(newest.id)
                active[newest.id] = minor
            elif act == "unapply" and applied:
                gone = applied.pop()
                payments.reverse_allocation(gone, by=world.alice, on=make.TODAY, at=make.NOW)
                active.pop(gone)
        except (payments.OverCredit, payments.NothingToRefund, payments.InvalidPayment,
                payments.NotEnough):  # fmt: skip
            assert minor > left or act == "apply"
        left = 10000 - sum(active.values()) - sum(refunded.values())
        assert left_of(world, payment) == left >= 0
    assert faults(world.organization) == []


def test_two_first_wishes_for_a_limit_together_end_in_one(world):
    def wish(text: str) -> None:
        limit(world, text)
        connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(wish, ["50.00"] * 4))

    assert (
        payments.set_refund_policy(
            by=world.alice, data={"approval_above": "60"}, base_currency="EUR", version=4
        )
        == 6000
    )
