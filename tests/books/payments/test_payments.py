"""Payments: recorded, split, over and under, applied later, taken back; the ledger follows."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries as invoices
from guilder.books.ledger import operations as ledger
from guilder.books.ledger import queries as ledgers
from guilder.books.payments import operations as payments
from guilder.books.payments import queries
from guilder.foundation.events.models import Event
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import NotAllowed
from guilder.registers.currencies import operations as currencies
from tests import make
from tests.books.proofs import faults


def pay(by, client_id, amount, *, currency="EUR", allocations=(), **changes):
    data = {
        "client": str(client_id),
        "amount": {"amount": amount, "currency": currency},
        "received_on": make.TODAY.isoformat(),
        "method": "bank_transfer",
        "allocations": [{"invoice": str(one), "amount": part} for one, part in allocations],
        **changes,
    }
    return payments.record_payment(by=by, data=data, at=make.NOW)


def open_of(world, invoice) -> int:
    return invoices.get_invoice(invoice.id, by=world.alice).open_amount


def balance(world, role):
    with transaction(world.organization):
        return ledgers.balance_of(world.organization, role)


def test_two_part_payments_settle_an_invoice(world):
    invoice = make.issued_invoice(world.alice)

    first = pay(world.alice, invoice.partner_id, "50.00", allocations=[(invoice.id, "50.00")])
    assert invoices.get_invoice(invoice.id, by=world.alice).word(on=make.TODAY) == "partially_paid"
    pay(world.alice, invoice.partner_id, "69.00", allocations=[(invoice.id, "69.00")])

    after = invoices.get_invoice(invoice.id, by=world.alice)
    assert (after.open_amount, after.allocated_amount) == (0, 11900)
    assert after.word(on=make.TODAY) == "paid" and after.settled_on == make.TODAY
    assert first.unallocated_amount == 0
    assert (balance(world, "bank"), balance(world, "receivables")) == (11900, 0)
    with transaction(world.organization):
        told = Event.objects.of(world.organization).filter(type="invoice.settled")
        assert [one.subject_id for one in told] == [invoice.id]
    assert faults(world.organization) == []


def test_one_payment_pays_several_invoices_and_the_rest_is_credit(world):
    client = make.client(world.alice)
    one, two = (make.issued_invoice(world.alice, client_id=client.id) for _ in range(2))

    made = pay(
        world.alice, client.id, "300.00", allocations=[(one.id, "119.00"), (two.id, "19.00")]
    )

    assert made.unallocated_amount == 16200
    assert (open_of(world, one), open_of(world, two)) == (0, 10000)
    assert [str(money) for money in queries.open_credit(by=world.alice, partner_id=client.id)] == [
        "162.00"
    ]
    assert balance(world, "customer_credit") == -16200
    assert faults(world.organization) == []


def test_auto_pays_the_longest_due_first(world):
    client = make.client(world.alice)
    late = make.issued_invoice(world.alice, client_id=client.id, due_on="2026-12-31")
    soon = make.issued_invoice(world.alice, client_id=client.id, due_on="2026-11-30")

    pay(world.alice, client.id, "150.00", auto=True)

    assert (open_of(world, soon), open_of(world, late)) == (0, 8800)


def test_what_is_left_is_applied_later(world):
    client = make.client(world.alice)
    made = pay(world.alice, client.id, "119.00")
    invoice = make.issued_invoice(world.alice, client_id=client.id)

    after = payments.allocate_payment(
        made.id, by=world.alice, on=make.TODAY, at=make.NOW, auto=True
    )

    assert after.unallocated_amount == 0 and open_of(world, invoice) == 0
    with pytest.raises(payments.NotEnough):
        payments.allocate_payment(made.id, by=world.alice, on=make.TODAY, at=make.NOW, auto=True)
    assert faults(world.organization) == []


def test_a_reversed_payment_opens_its_invoices_again_and_mirrors_the_ledger(world):
    client = make.client(world.alice)
    invoice = make.issued_invoice(world.alice, client_id=client.id)
    made = pay(world.alice, client.id, "130.00", allocations=[(invoice.id, "119.00")])

    after = payments.reverse_payment(
        made.id, by=world.alice, on=make.TODAY, at=make.NOW, reason="Bounced"
    )

    assert (after.reversed_on, after.unallocated_amount) == (make.TODAY, 0)
    assert [one.is_active for one in after.allocations] == [False]
    assert open_of(world, invoice) == 11900
    assert invoices.get_invoice(invoice.id, by=world.alice).settled_on is None
    assert [balance(world, role) for role in ("bank", "receivables", "customer_credit")] == [
        0, 11900, 0
    ]  # fmt: skip
    with pytest.raises(payments.AlreadyReversed):
        payments.reverse_payment(
            made.id, by=world.alice, on=make.TODAY, at=make.NOW, reason="Twice"
        )
    assert faults(world.organization) == []


def test_one_allocation_is_taken_off_and_the_money_is_the_clients(world):
    client = make.client(world.alice)
    one, two = (make.issued_invoice(world.alice, client_id=client.id) for _ in range(2))
    made = pay(
        world.alice, client.id, "238.00", allocations=[(one.id, "119.00"), (two.id, "119.00")]
    )
    part = next(each for each in made.allocations if each.invoice_id == two.id)

    after = payments.reverse_allocation(part.id, by=world.alice, on=make.TODAY, at=make.NOW)

    assert after.unallocated_amount == 11900
    assert (open_of(world, one), open_of(world, two)) == (0, 11900)
    with pytest.raises(payments.AlreadyReversed):
        payments.reverse_allocation(part.id, by=world.alice, on=make.TODAY, at=make.NOW)
    assert faults(world.organization) == []


def test_every_fault_is_told_at_once(world):
    client = make.client(world.alice)
    invoice = make.issued_invoice(world.alice, client_id=client.id)
    strangers = make.issued_invoice(world.alice)
    foreign = make.issued_invoice(world.mallory)

    with pytest.raises(payments.InvalidPayment) as caught:
        pay(
            world.alice,
            client.id,
            "100.00",
            allocations=[(invoice.id, "119.01"), (strangers.id, "1"), (foreign.id, "1")],
            method="pigeon",
            received_on="2027-01-01",
        )

    assert {one.pointer for one in caught.value.problems} == {
        "/method",
        "/received_on",
        "/allocations/0/amount",
        "/allocations/1/invoice",
        "/allocations/2/invoice",
        "/allocations",
    }


@pytest.mark.parametrize(
    ("amount", "pointer"),
    [("0", "/amount/amount"), ("-5", "/amount/amount"), ("1.001", "/amount/amount"),
     ("NaN", "/amount/amount"), ("1e9", "/amount/amount")],
)  # fmt: skip
def test_no_money_is_no_payment(world, amount, pointer):
    with pytest.raises(payments.InvalidPayment) as caught:
        pay(world.alice, make.client(world.alice).id, amount)

    assert [one.pointer for one in caught.value.problems] == [pointer]


def test_drafts_credit_notes_and_pro_formas_are_not_paid(world):
    client = make.client(world.alice)
    draft = make.draft(world.alice, client_id=client.id)
    note = make.issued_invoice(world.alice, client_id=client.id, kind="credit_note")
    pro_forma = make.issued_invoice(world.alice, client_id=client.id, kind="pro_forma")

    for one in (draft, note, pro_forma):
        with pytest.raises(payments.InvalidPayment):
            pay(world.alice, client.id, "1.00", allocations=[(one.id, "1.00")])


def test_only_who_may_records_and_others_see_nothing(world):
    invoice = make.issued_invoice(world.alice)
    made = make.payment(world.alice, invoice, "10.00")

    with pytest.raises(NotAllowed):
        make.payment(world.bob, invoice, "1.00")
    for attempt in (
        lambda: queries.get_payment(made.id, by=world.mallory),
        lambda: payments.reverse_payment(
            made.id, by=world.mallory, on=make.TODAY, at=make.NOW, reason="x"
        ),
        lambda: payments.allocate_payment(
            made.id, by=world.mallory, on=make.TODAY, at=make.NOW, auto=True
        ),
    ):
        with pytest.raises(queries.NoSuchPayment):
            attempt()
    assert queries.list_payments(by=world.mallory) == []


def test_a_locked_period_takes_no_payment(world):
    ledger.lock_period(
        by=world.alice, starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31), at=make.NOW
    )

    with pytest.raises(ledger.PeriodIsLocked):
        pay(world.alice, make.client(world.alice).id, "5.00", received_on="2026-10-10")


def test_a_foreign_payment_shows_what_the_rate_cost(world):
    for on, rate in (("2026-11-10", "0.90"), ("2026-11-20", "0.95")):
        currencies.add_rate(
            by=world.alice,
            data={"base": "USD", "quote": "EUR", "on": on, "rate": rate, "source": "Bank"},
        )
    invoice = make.issued_invoice(world.alice, currency="USD", on=date(2026, 11, 10))

    pay(
        world.alice, invoice.partner_id, "100.00", currency="USD",
        allocations=[(invoice.id, "100.00")],
    )  # fmt: skip
    pay(
        world.alice, invoice.partner_id, "19.00", currency="USD",
        allocations=[(invoice.id, "19.00")],
    )  # fmt: skip

    # Booked 119.00 × 0.90 = 107.10, received 95.00 + 18.05 = 113.05: 5.95 gained
    assert balance(world, "receivables") == 0
    assert balance(world, "bank") == 11305
    assert balance(world, "exchange") == -595
    assert faults(world.organization) == []


def test_lists_are_narrowed_and_paged(world):
    client = make.client(world.alice)
    made = [pay(world.alice, client.id, f"{n}.00") for n in range(1, 6)]

    first = queries.list_payments(by=world.alice, partner_id=client.id, limit=3)
    rest = queries.list_payments(by=world.alice, partner_id=client.id, limit=3, after=first[-1].id)

    assert [one.id for one in (*first, *rest)] == [one.id for one in reversed(made)]
    assert queries.list_payments(by=world.alice, is_unallocated=False) == []


@settings(
    max_examples=30, suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate)
)
@given(data=st.data())
def test_whatever_is_done_the_books_hold(db, data):
    """A walk of payments, allocations, credits and reversals, in two currencies."""
    world = make.make_world()
    client = make.client(world.alice)
    for on, rate in (("2026-11-10", "0.903"), ("2026-11-20", "0.957")):
        currencies.add_rate(
            by=world.alice,
            data={"base": "USD", "quote": "EUR", "on": on, "rate": rate, "source": "Bank"},
        )
    currency = data.draw(st.sampled_from(["EUR", "USD"]))
    owed = [
        make.issued_invoice(
            world.alice,
            client_id=client.id,
            currency=currency,
            on=date(2026, 11, 10),
            lines=[make.line(unit_price=str(data.draw(st.decimals("0.03", "500", places=2))))],
        )
        for _ in range(2)
    ]
    paid = []
    for step in data.draw(
        st.lists(
            st.sampled_from(["pay", "auto", "later", "reverse", "unapply", "credit"]), max_size=6
        )
    ):
        if step in ("pay", "auto"):
            amount = str(data.draw(st.decimals("0.01", "400", places=2)))
            paid.append(pay(world.alice, client.id, amount, currency=currency, auto=step == "auto"))
        elif step == "credit":
            invoice = data.draw(st.sampled_from(owed))
            with suppress(invoicing.NothingLeft):
                invoicing.credit_invoice(invoice.id, by=world.alice, at=make.NOW, on=make.TODAY)
        elif paid:
            one = queries.get_payment(data.draw(st.sampled_from(paid)).id, by=world.alice)
            with suppress(payments.AlreadyReversed, payments.NotEnough, payments.InvalidPayment):
                act(world, one, step)

        assert faults(world.organization) == []


def act(world, one, step):
    if step == "later":
        payments.allocate_payment(one.id, by=world.alice, on=make.TODAY, at=make.NOW, auto=True)
    elif step == "reverse":
        payments.reverse_payment(one.id, by=world.alice, on=make.TODAY, at=make.NOW, reason="x")
    elif one.allocations:
        payments.reverse_allocation(
            one.allocations[0].id, by=world.alice, on=make.TODAY, at=make.NOW
        )
