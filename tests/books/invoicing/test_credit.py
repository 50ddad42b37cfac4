"""Credit notes: whole and in part, never above what is left; their credit applied and taken back."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries
from guilder.books.invoicing.queries import NoSuchInvoice
from guilder.books.ledger import queries as ledgers
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import NotAllowed
from guilder.kernel.money import Money
from tests import make
from tests.books.proofs import faults


def credit(world, invoice, **changes):
    return invoicing.credit_invoice(
        invoice.id, by=world.alice, at=make.NOW, on=make.TODAY, **changes
    )


def balance(world, role):
    with transaction(world.organization):
        return ledgers.balance_of(world.organization, role)


def test_crediting_all_of_an_open_invoice_closes_it(world):
    invoice = make.issued_invoice(world.alice)

    note = credit(world, invoice, reason="Wrong price")

    assert (note.number, note.kind, note.gross_amount) == ("CN-2026-00001", "credit_note", 11900)
    assert note.corrects_id == invoice.id
    assert (note.open_amount, note.word(on=make.TODAY)) == (0, "credited")
    after = queries.get_invoice(invoice.id, by=world.alice)
    assert (after.open_amount, after.credited_amount) == (0, 11900)
    assert after.word(on=make.TODAY) == "credited"
    assert after.settled_on == make.TODAY
    document = queries.get_document(note.id, by=world.alice)
    assert document.preceding[0].number == invoice.number
    assert document.notes[0].text == "Wrong price"
    assert balance(world, "receivables") == 0
    assert balance(world, "revenue.S.19") == 0
    assert [one.id for one in queries.list_credits(invoice.id, by=world.alice)] == [note.id]
    assert faults(world.organization) == []


def test_crediting_a_paid_invoice_leaves_the_client_a_credit(world):
    invoice = make.issued_invoice(world.alice)
    make.payment(world.alice, invoice, "119.00")

    note = credit(world, invoice)

    assert note.open_amount == 11900
    assert balance(world, "customer_credit") == -11900
    assert faults(world.organization) == []


def test_parts_are_credited_until_nothing_is_left(world):
    invoice = make.issued_invoice(world.alice, lines=[make.line(quantity="3"), make.line()])

    first = credit(world, invoice, lines=[{"line": 1, "quantity": "2"}])
    second = credit(world, invoice, lines=[{"line": 2, "amount": "40.00"}])
    with pytest.raises(invoicing.TooMuchCredit) as caught:
        credit(world, invoice, lines=[{"line": 1, "quantity": "2"}, {"line": 2, "amount": "60.01"}])
    rest = credit(world, invoice)

    # 2 × 100 + 19 % = 238.00; 40.00 + 19 % = 47.60; the rest of 476.00 is 190.40
    assert [one.gross_amount for one in (first, second, rest)] == [23800, 4760, 19040]
    assert {one.pointer for one in caught.value.problems} == {
        "/lines/0/quantity",
        "/lines/1/amount",
    }
    with pytest.raises(invoicing.NothingLeft):
        credit(world, invoice)
    assert queries.get_invoice(invoice.id, by=world.alice).open_amount == 0
    assert faults(world.organization) == []


def test_what_cannot_be_credited_is_refused(world):
    draft, pro_forma = make.draft(world.alice), make.issued_invoice(world.alice, kind="pro_forma")
    invoice = make.issued_invoice(world.alice)
    note = credit(world, invoice)

    for one in (draft, pro_forma, note):
        with pytest.raises(invoicing.NotCreditable):
            credit(world, one)
    with pytest.raises(NoSuchInvoice):
        invoicing.credit_invoice(invoice.id, by=world.mallory, at=make.NOW)
    with pytest.raises(NotAllowed):
        invoicing.credit_invoice(invoice.id, by=world.bob, at=make.NOW)


@pytest.mark.parametrize(
    ("lines", "pointer"),
    [
        ([{"line": 9}], "/lines/0/line"),
        ([{"quantity": "1"}], "/lines/0/line"),
        ([{"line": 1, "quantity": "-1"}], "/lines/0/quantity"),
        ([{"line": 1, "quantity": "0"}], "/lines/0/quantity"),
        ([{"line": 1, "quantity": "1", "amount": "1"}], "/lines/0/amount"),
        ([{"line": 1}, {"line": 1}], "/lines"),
        ([], "/lines"),
        ([{"line": 1, "amount": "0.001"}], "/lines/0/amount"),
    ],
)
def test_a_wrong_request_is_pointed_at(world, lines, pointer):
    invoice = make.issued_invoice(world.alice)

    with pytest.raises(invoicing.TooMuchCredit) as caught:
        credit(world, invoice, lines=lines)

    assert pointer in {one.pointer for one in caught.value.problems}


def test_open_credit_pays_another_invoice_and_can_be_taken_back(world):
    client = make.client(world.alice)
    paid = make.issued_invoice(world.alice, client_id=client.id)
    make.payment(world.alice, paid, "119.00")
    note = credit(world, paid)
    other = make.issued_invoice(world.alice, client_id=client.id, lines=[make.line(quantity="2")])

    with pytest.raises(invoicing.OverOpen):
        invoicing.allocate_credit(
            note.id, invoice_id=other.id, by=world.alice, on=make.TODAY, at=make.NOW,
            amount=Money(11901, "EUR"),
        )  # fmt: skip
    allocation = invoicing.allocate_credit(
        note.id, invoice_id=other.id, by=world.alice, on=make.TODAY, at=make.NOW
    )

    assert queries.get_invoice(other.id, by=world.alice).open_amount == 23800 - 11900
    assert queries.get_invoice(note.id, by=world.alice).open_amount == 0
    assert faults(world.organization) == []

    invoicing.reverse_credit(allocation, by=world.alice, on=make.TODAY, at=make.NOW)

    assert queries.get_invoice(other.id, by=world.alice).open_amount == 23800
    assert queries.get_invoice(note.id, by=world.alice).open_amount == 11900
    with pytest.raises(invoicing.NotOpen):
        invoicing.reverse_credit(allocation, by=world.alice, on=make.TODAY, at=make.NOW)
    assert faults(world.organization) == []


def test_credit_does_not_cross_clients(world):
    paid = make.issued_invoice(world.alice)
    make.payment(world.alice, paid, "119.00")
    note, stranger = credit(world, paid), make.issued_invoice(world.alice)

    with pytest.raises(Exception) as caught:
        invoicing.allocate_credit(
            note.id, invoice_id=stranger.id, by=world.alice, on=make.TODAY, at=make.NOW
        )

    assert caught.value.problems[0].code == "invoicing.other_client"


def test_a_free_credit_note_needs_no_invoice(world):
    note = make.issued_invoice(world.alice, kind="credit_note")

    assert note.open_amount == 11900
    assert faults(world.organization) == []


def test_what_is_given_up_is_a_loss_and_closes_the_invoice(world):
    invoice = make.issued_invoice(world.alice)
    make.payment(world.alice, invoice, "100.00")

    with pytest.raises(invoicing.OverOpen):
        invoicing.write_off(
            invoice.id, by=world.alice, on=make.TODAY, at=make.NOW, reason="Gone",
            amount=Money(1901, "EUR"),
        )  # fmt: skip
    invoicing.write_off(invoice.id, by=world.alice, on=make.TODAY, at=make.NOW, reason="Gone")

    after = queries.get_invoice(invoice.id, by=world.alice)
    assert (after.open_amount, after.written_off_amount) == (0, 1900)
    assert after.word(on=make.TODAY) == "written_off"
    assert balance(world, "bad_debt") == 1900
    assert faults(world.organization) == []


@settings(
    max_examples=30, suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate)
)
@given(data=st.data())
def test_parts_of_any_invoice_come_to_the_whole_to_the_cent(db, data):
    world = make.make_world()
    lines = data.draw(
        st.lists(
            st.tuples(
                st.integers(1, 5),
                st.decimals("0.01", "999.99", places=2),
                st.sampled_from(["standard", "reduced", "zero"]),
                st.sampled_from([None, "10", "33.3"]),
            ),
            min_size=1,
            max_size=4,
        )
    )
    invoice = make.issued_invoice(
        world.alice,
        lines=[
            make.line(
                quantity=str(quantity),
                unit_price=str(price),
                tax=tax,
                allowances=[{"percent": less, "reason": "Rebate"}] if less else [],
            )
            for quantity, price, tax, less in lines
        ],
        allowances=[{"percent": "3", "reason": "Loyal"}] if data.draw(st.booleans()) else [],
    )
    for position, (quantity, *_) in enumerate(lines, start=1):
        if quantity > 1 and data.draw(st.booleans()):
            # Where rounding would take more than is left it is refused, never done.
            with suppress(invoicing.TooMuchCredit, invoicing.NotIssuable):
                credit(world, invoice, lines=[{"line": position, "quantity": "1"}])

    with suppress(invoicing.NothingLeft):
        credit(world, invoice)

    notes = queries.list_credits(invoice.id, by=world.alice)
    assert sum(one.due_amount for one in notes) == invoice.due_amount
    assert queries.get_invoice(invoice.id, by=world.alice).open_amount == 0
    assert faults(world.organization) == []
    assert Decimal(sum(one.line_net_amount for one in notes)) == invoice.line_net_amount
