"""From the mandate to the money: put together, closed, handed over, booked, refused, returned."""

from datetime import UTC, date, datetime, timedelta

import pytest

from guilder.kernel.errors import NotAllowed
from tests import make
from tests.books import proofs
from tests.books.sepa import making

MONDAY = making.MONDAY
ON_MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def desk(world):
    """Alice, a client with a signed mandate, and two invoices that are due."""
    making.creditor(world.alice)
    client = make.client(world.alice)
    mandate = making.mandate(world.alice, client)
    return world.alice, mandate, [making.due(world.alice, client) for _ in range(2)]


def left(invoice, by) -> int:
    from guilder.books.invoicing import queries

    return queries.get_invoice(invoice.id, by=by).open_amount


def booked(by, at=ON_MONDAY) -> int:
    from guilder.books.sepa import operations

    return operations.book_due(by=by, at=at)


def test_due_invoices_with_a_mandate_are_collected_and_paid_on_their_day(desk, world):
    by, mandate, invoices = desk
    batch = making.collection(by)
    items = making.items(by, batch)

    assert (batch.count, batch.amount, batch.due_on) == (2, 23_800, MONDAY)
    assert [one.sequence for one in items] == ["FRST", "RCUR"]
    assert {one.mandate_id for one in items} == {mandate.id}
    making.handed(by, batch)
    assert booked(by, make.NOW) == 0  # its day has not come
    assert booked(by) == 2
    assert booked(by) == 0

    from guilder.books.payments import queries as payments

    paid = payments.get_payment(making.items(by, batch)[0].payment_id, by=by)
    assert (paid.received_on, paid.method, paid.amount) == (MONDAY, "direct_debit", 11_900)
    assert [left(one, by) for one in invoices] == [0, 0]
    assert proofs.faults(world.organization) == []


def test_what_the_bank_is_asked_for_is_not_taken_from_a_saved_method_too(desk):
    from guilder.books.charging.operations import collecting
    from guilder.books.sepa.operations import cancel

    by, _, [invoice, _] = desk
    due_on = make.TODAY
    assert collecting.next_on(invoice.id, due_on, by=by) == due_on

    batch = making.collection(by)
    assert collecting.next_on(invoice.id, due_on, by=by) is None

    cancel(batch.id, by=by, at=make.NOW, reason="Later")
    assert collecting.next_on(invoice.id, due_on, by=by) == due_on


def test_an_invoice_is_in_one_open_collection_only(desk):
    from guilder.books.sepa.operations import InvalidOrder, cancel

    by, _, invoices = desk
    batch = making.collection(by, invoices=[str(invoices[0].id)])
    with pytest.raises(InvalidOrder) as refused:
        making.collection(by, invoices=[str(one.id) for one in invoices])
    assert [one.pointer for one in refused.value.problems] == ["/invoices/0"]

    cancel(batch.id, by=by, at=make.NOW, reason="Not yet")
    assert making.collection(by).count == 2


def test_the_database_holds_that_too(desk):
    from django.db import IntegrityError

    from guilder.books.sepa.models import Item
    from guilder.foundation.tenancy.ids import uuid7
    from guilder.foundation.tenancy.transaction import transaction

    by, _, _ = desk
    twin = making.items(by, making.collection(by))[0]
    twin.pk, twin.end_to_end = uuid7(), "ANOTHER"
    once = pytest.raises(IntegrityError, match="sepa_invoice_collected_once")
    with once, transaction(by.organization_id):
        Item.objects.bulk_create([twin])


WRONG_ORDERS = [
    ({"due_on": "2026-11-20"}, "sepa.too_early"),
    ({"due_on": "2026-11-28"}, "sepa.closed_day"),
    ({"due_on": "2026-12-25"}, "sepa.closed_day"),
    ({"invoices": ["nobody"]}, "not_an_id"),
    ({"account": "019e0c5e-7f4c-7a51-9d2e-3c5f3f3a5b11"}, "sepa.no_account"),
]


def test_what_the_bank_would_refuse_is_refused_before(desk):
    from guilder.books.sepa.operations import InvalidOrder

    for change, code in WRONG_ORDERS:
        with pytest.raises(InvalidOrder) as refused:
            making.collection(desk[0], **change)
        assert code in {one.code for one in refused.value.problems}


def test_without_a_creditor_identifier_nothing_is_collected(world):
    from guilder.books.sepa.operations import InvalidOrder

    client = make.client(world.alice)
    making.mandate(world.alice, client)
    making.due(world.alice, client)
    with pytest.raises(InvalidOrder) as refused:
        making.collection(world.alice)
    assert [one.code for one in refused.value.problems] == ["sepa.no_creditor_id"]


def test_clients_are_told_as_many_days_before_as_was_agreed(world):
    by = world.alice
    making.creditor(by)
    client = make.client(by)
    making.mandate(by, client, notice_days=5)
    making.due(by, client)  # issued on 20 November
    from guilder.books.sepa.operations import InvalidOrder

    with pytest.raises(InvalidOrder):
        making.collection(by, due_on="2026-11-24")
    assert making.collection(by, due_on="2026-11-25").count == 1


def test_a_refused_order_leaves_its_invoice_open_and_a_hard_reason_ends_the_mandate(desk, world):
    from guilder.books.sepa import operations, queries

    by, mandate, invoices = desk
    batch = making.handed(by, making.collection(by))
    first, second = making.items(by, batch)
    report = making.answer(batch, making.refusal(first, "AM04"), making.refusal(second, "AC04"))
    answered = operations.receive_answer(report, by=by, at=make.NOW)

    assert (answered.bank_status, answered.failed) == ("PART", 2)
    assert [one.state for one in making.items(by, batch)] == ["rejected", "rejected"]
    assert booked(by) == 0
    assert [left(one, by) for one in invoices] == [11_900, 11_900]
    ended = queries.get_mandate(mandate.id, by=by)
    assert (ended.ended_code, ended.last_used_on) == ("AC04", None)
    again = operations.receive_answer(report, by=by, at=make.NOW)
    assert again.version == answered.version
    assert len(queries.answers_of(batch.id, by=by)) == 1
    assert proofs.faults(world.organization) == []


def test_a_soft_reason_leaves_the_mandate_and_the_next_try_is_the_first_again(desk):
    from guilder.books.sepa import operations

    by, _, invoices = desk
    batch = making.handed(by, making.collection(by, invoices=[str(invoices[0].id)]))
    item = making.items(by, batch)[0]
    operations.receive_answer(
        making.answer(batch, making.refusal(item, "AM04")), by=by, at=make.NOW
    )
    again = making.items(by, making.collection(by))

    assert [one.sequence for one in again] == ["FRST", "RCUR"]
    assert item.end_to_end not in {one.end_to_end for one in again}


def test_a_whole_file_or_group_that_is_refused_refuses_all_of_it(desk):
    from guilder.books.sepa import operations

    by, _, _ = desk
    batch = making.handed(by, making.collection(by))
    operations.receive_answer(making.answer(batch, status="RJCT"), by=by, at=make.NOW)

    assert {one.state for one in making.items(by, batch)} == {"rejected"}


def test_a_late_refusal_takes_the_payment_back(desk, world):
    from guilder.books.sepa import operations

    by, _, invoices = desk
    batch = making.handed(by, making.collection(by))
    booked(by)
    item = making.items(by, batch)[0]
    operations.receive_answer(
        making.answer(batch, making.refusal(item, "MD06")), by=by, at=ON_MONDAY
    )

    assert [one.state for one in making.items(by, batch)] == ["returned", "booked"]
    assert sorted(left(one, by) for one in invoices) == [0, 11_900]
    assert proofs.faults(world.organization) == []


def test_a_payment_that_is_reversed_by_hand_makes_its_order_a_returned_one(desk, world):
    from guilder.books.payments import operations as payments
    from guilder.books.sepa import operations

    by, _, _ = desk
    batch = making.handed(by, making.collection(by))
    booked(by)
    payment_id = making.items(by, batch)[0].payment_id
    payments.reverse_payment(payment_id, by=by, on=MONDAY, at=ON_MONDAY, reason="By mistake")
    for _ in range(2):
        operations.note_reversed(payment_id, by=by, on=MONDAY)

    assert [one.state for one in making.items(by, batch)] == ["returned", "booked"]
    assert proofs.faults(world.organization) == []


def test_what_the_client_paid_meanwhile_is_not_closed_and_later_stays_the_clients(desk, world):
    from guilder.books.sepa import operations

    by, _, invoices = desk
    batch = making.collection(by)
    make.payment(by, invoices[0], "19.00")
    with pytest.raises(operations.PaidMeanwhile, match=invoices[0].number):
        operations.close(batch.id, by=by, at=make.NOW)
    item = next(one for one in making.items(by, batch) if one.invoice_id == invoices[0].id)
    operations.drop_order(batch.id, item.id, by=by, at=make.NOW)
    making.handed(by, batch)
    make.payment(by, invoices[1], "100.00")
    booked(by)

    from guilder.books.payments import queries as payments

    paid = next(one for one in making.items(by, batch) if one.state == "booked").payment_id
    assert payments.get_payment(paid, by=by).unallocated_amount == 10_000
    assert proofs.faults(world.organization) == []


def test_nothing_is_closed_whose_mandate_is_over(desk):
    from guilder.books.sepa import operations

    by, mandate, invoices = desk
    batch = making.collection(by)
    operations.end_mandate(mandate.id, by=by, at=make.NOW, reason="Withdrawn")

    with pytest.raises(operations.MandateIsOver, match=invoices[0].number):
        operations.close(batch.id, by=by, at=make.NOW)


def test_a_closed_order_changes_no_more_and_a_late_one_cannot_be_closed(desk):
    from guilder.books.sepa import operations

    by, _, _ = desk
    batch = making.collection(by)
    with pytest.raises(operations.TooLate):
        operations.close(batch.id, by=by, at=ON_MONDAY)
    operations.redate(batch.id, by=by, at=ON_MONDAY, due_on=date(2026, 11, 24))
    operations.close(batch.id, by=by, at=ON_MONDAY)
    item = making.items(by, batch)[0]
    for change in (
        lambda: operations.drop_order(batch.id, item.id, by=by, at=ON_MONDAY),
        lambda: operations.redate(batch.id, by=by, at=ON_MONDAY, due_on=date(2026, 11, 25)),
        lambda: operations.close(batch.id, by=by, at=ON_MONDAY),
    ):
        with pytest.raises(operations.NotADraft):
            change()


def test_the_guards_keep_what_the_bank_was_told(desk):
    from django.db import Error, connection

    from guilder.foundation.tenancy.transaction import transaction

    by, _, _ = desk
    batch = making.handed(by, making.collection(by))
    for statement in (
        "UPDATE sepa_item SET amount = amount + 1 WHERE batch_id = %s",
        "UPDATE sepa_item SET iban = 'DE' WHERE batch_id = %s",
        "UPDATE sepa_batch SET due_on = due_on + 1 WHERE id = %s",
        "UPDATE sepa_batch SET status = 'draft' WHERE id = %s",
    ):
        refused = pytest.raises(Error, match=r"stays as the bank|never")
        with refused, transaction(by.organization_id), connection.cursor() as cursor:
            cursor.execute(statement, [batch.id])


def test_a_batch_that_the_bank_did_not_take_is_cancelled_and_tells_its_amendments_anew(desk):
    from guilder.books.sepa import operations, queries

    by, mandate, _ = desk
    making.handed(by, making.collection(by))
    booked(by)
    operations.save_mandate(
        by=by, data={"iban": making.OTHER_IBAN}, at=make.NOW, mandate_id=mandate.id
    )
    making.due(by, mandate.partner)
    batch = making.handed(by, making.collection(by))
    assert not queries.get_mandate(mandate.id, by=by).has_new_account
    operations.cancel(batch.id, by=by, at=make.NOW, reason="The bank was down")

    assert queries.get_mandate(mandate.id, by=by).has_new_account
    assert making.items(by, making.collection(by))[0].has_new_account


def test_strangers_and_those_who_may_not_are_refused(desk, world):
    from guilder.books.sepa import operations, queries

    by, mandate, _ = desk
    batch = making.collection(by)
    for stranger in (
        lambda: queries.get_batch(batch.id, by=world.mallory),
        lambda: operations.close(batch.id, by=world.mallory, at=make.NOW),
        lambda: queries.get_mandate(mandate.id, by=world.mallory),
    ):
        with pytest.raises((queries.NoSuchBatch, queries.NoSuchMandate)):
            stranger()
    with pytest.raises(NotAllowed):
        making.collection(world.bob)
    with pytest.raises(NotAllowed):
        queries.list_mandates(by=world.bob)


def test_mandates_lapse_after_thirty_six_months_and_single_ones_are_used_once(world):
    from guilder.books.sepa import calc, queries

    by = world.alice
    making.creditor(by)
    client = make.client(by)
    old = making.mandate(by, client, signed_on="2023-11-20")
    assert queries.standing_of(old, make.TODAY) == "active"
    assert queries.standing_of(old, make.TODAY + timedelta(days=1)) == "expired"
    assert queries.expires_on(old) == date(2026, 11, 20)

    other = make.client(by)
    making.mandate(by, other, recurrent=False)
    for _ in range(2):
        making.due(by, other)
    batch = making.collection(by)
    assert [one.sequence for one in making.items(by, batch)] == ["OOFF"]
    making.handed(by, batch)
    booked(by)
    from guilder.books.sepa.operations import InvalidOrder

    with pytest.raises(InvalidOrder):
        making.collection(by)
    assert calc.months_before(date(2024, 2, 29), 12) == date(2023, 2, 28)


def test_the_last_collection_ends_its_mandate(world):
    from guilder.books.sepa import queries

    by = world.alice
    making.creditor(by)
    client = make.client(by)
    mandate = making.mandate(by, client, last=True)
    making.due(by, client)
    batch = making.handed(by, making.collection(by))

    assert making.items(by, batch)[0].sequence == "FNAL"
    assert queries.get_mandate(mandate.id, by=by).ended_at is not None


WRONG_MANDATES = [
    ({"iban": "DE02120300000000202052"}, "identifier.iban"),
    ({"iban": "BR1800360305000010009795493C1"}, "sepa.not_reached"),
    ({"iban": ""}, "required"),
    ({"bic": "NOBANK"}, "identifier.bic"),
    ({"signed_on": "2026-11-21"}, "sepa.in_future"),
    ({"reference": "ÄÖ"}, "sepa.reference"),
    ({"notice_days": 91}, "too_large"),
    ({"scheme": "COR1"}, "not_a_choice"),
]


def test_a_mandate_that_a_bank_would_not_know_is_refused(world):
    from guilder.books.sepa.operations import InvalidMandate

    client = make.client(world.alice)
    for change, code in WRONG_MANDATES:
        with pytest.raises(InvalidMandate) as refused:
            making.mandate(world.alice, client, **change)
        assert [one.code for one in refused.value.problems] == [code]


def test_a_reference_is_of_one_mandate_whatever_its_case(world):
    from guilder.books.sepa.operations import MandateTaken

    client = make.client(world.alice)
    first = making.mandate(world.alice, client)
    assert first.reference == f"{client.code}-1"
    with pytest.raises(MandateTaken):
        making.mandate(world.alice, client, reference=first.reference.lower())
