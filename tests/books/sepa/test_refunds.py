"""Refunds that payment orders transfer: to the right account, once, and back where they fail."""

from datetime import UTC, datetime
from typing import Any

import pytest

from guilder.books.payments import operations as payments
from guilder.books.payments.queries.refunds import get_refund
from guilder.books.sepa import operations, queries
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import xml
from guilder.kernel.errors import Conflict, Invalid, NotAllowed
from tests import make
from tests.books import proofs
from tests.books.sepa import making

ON_ITS_DAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


def paid_in(by: Any, client: Any, amount: str = "119.00") -> Any:
    """Money of a client that pays nothing yet."""
    data = {
        "client": str(client.id),
        "amount": {"amount": amount, "currency": "EUR"},
        "received_on": make.TODAY.isoformat(),
        "method": "bank_transfer",
    }
    return payments.record_payment(by=by, data=data, at=make.NOW)


def only_payment(by: Any) -> Any:
    """The one payment there is."""
    from guilder.books.payments.models import Payment

    with transaction(by.organization_id):
        return Payment.objects.of(by.organization_id).get()


def own_account(by: Any, client_id: Any) -> None:
    """The client has an account."""
    from guilder.registers.parties.models import PartnerBankAccount

    with transaction(by.organization_id):
        PartnerBankAccount.objects.create(
            organization_id=by.organization_id,
            partner_id=client_id,
            iban=making.OTHER_IBAN,
            holder="Anna Vos",
            is_default=True,
        )


def asked(by: Any, payment: Any, amount: str = "50.00", **changes: Any) -> Any:
    """A refund that a payment order is to transfer."""
    data = {
        "payment": str(payment.id),
        "amount": {"amount": amount, "currency": "EUR"},
        "reason": "Paid twice",
        "by_order": True,
        **changes,
    }
    return payments.request_refund(by=by, data=data, at=make.NOW)


def transfer(by: Any, *refunds: Any, bills: tuple[Any, ...] = ()) -> Any:
    data = {
        "refunds": [str(one.id) for one in refunds],
        "bills": [str(one.id) for one in bills],
        "due_on": making.MONDAY.isoformat(),
    }
    return operations.create_transfer(by=by, data=data, at=make.NOW)


def ready(by: Any) -> tuple[Any, Any]:
    """A client with an account, and a refund of 50.00 that waits for its order."""
    client = make.client(by)
    own_account(by, client.id)
    return client, asked(by, paid_in(by, client))


def texts(data: bytes, name: str) -> list[str]:
    return [one.text or "" for one in xml.parse(data).iter() if xml.local_name(one) == name]


def test_refunds_and_bills_go_to_the_bank_in_one_file(world):
    by = world.alice
    client, first = ready(by)
    second = asked(by, paid_in(by, client), "20.00", reference="RMA-7")
    bill = make.bill(by, booked=True)
    own_account(by, bill.partner_id)
    batch = transfer(by, first, second, bills=(bill,))

    assert batch.amount == 5000 + 2000 + bill.payable_amount
    assert [one.is_ready for one in queries.refundable(by=by)] == []
    making.handed(by, batch)
    _, data = queries.file_of(batch.id, by=by)
    assert texts(data, "NbOfTxs") == ["3", "3"]
    assert sorted(texts(data, "InstdAmt")) == ["119.00", "20.00", "50.00"]
    assert "RMA-7" in texts(data, "Ustrd")
    assert texts(data, "IBAN").count(making.OTHER_IBAN) == 3
    assert "Paid twice" not in data.decode()  # why it is given back is nobody else's business
    assert operations.book_due(by=by, at=ON_ITS_DAY) == 3
    assert {one.state for one in making.items(by, batch)} == {"booked"}
    assert get_refund(first.id, by=by).status == "paid"
    assert queries.order_of_refund(first.id, by=by).batch_id == batch.id
    assert proofs.faults(by.organization_id) == []


def test_the_account_that_paid_comes_before_the_clients_own(world):
    from guilder.flows.banking import operations as banking
    from tests.flows.banking.banking import account, line

    by = world.alice
    account(by)
    invoice = make.issued_invoice(by)
    own_account(by, invoice.partner_id)
    row = line(by, "119.00", invoice.number, name="Bram Vos", account=making.IBAN)
    banking.match_line(row.id, by=by, at=make.NOW)
    asked(by, only_payment(by), takes_off=True)
    found = queries.refundable(by=by)

    assert [(one.iban, one.holder, one.is_ready) for one in found] == [
        (making.IBAN, "Bram Vos", True)
    ]


def test_what_was_debited_goes_back_to_the_account_of_the_mandate(world):
    by = world.alice
    making.creditor(by)
    client = make.client(by)
    making.mandate(by, client)
    making.due(by, client)
    making.handed(by, making.collection(by))
    operations.book_due(by=by, at=ON_ITS_DAY)
    asked(by, only_payment(by), takes_off=True)

    assert [one.iban for one in queries.refundable(by=by)] == [making.IBAN]


def test_without_an_account_or_an_approval_it_cannot_be_ordered(world):
    by, carol = world.alice, make.member(world.alice, role="manager")
    nowhere = asked(by, paid_in(by, make.client(by)))
    payments.set_refund_policy(by=by, data={"approval_above": "10.00"}, base_currency="EUR")
    client = make.client(by)
    own_account(by, client.id)
    waiting = asked(by, paid_in(by, client))

    assert [one.refund_id for one in queries.refundable(by=by)] == [nowhere.id]
    for one in (nowhere, waiting):
        with pytest.raises(Invalid) as told:
            transfer(by, one)
        assert [problem.pointer for problem in told.value.problems] == ["/refunds/0"]
    payments.approve_refund(waiting.id, by=carol, on=make.TODAY, at=make.NOW)
    batch = transfer(by, waiting)
    assert batch.is_over_limit
    with pytest.raises(operations.NeedsApproval):
        operations.close(batch.id, by=by, at=make.NOW)
    with pytest.raises(operations.OwnOrder):
        operations.approve(batch.id, by=by, at=make.NOW)
    assert operations.approve(batch.id, by=carol, at=make.NOW).status == "closed"


def test_a_refund_is_in_one_order_until_it_is_taken_out(world):
    by = world.alice
    _, refund = ready(by)
    batch = transfer(by, refund)

    with pytest.raises(Invalid):
        transfer(by, refund)
    operations.cancel(batch.id, by=by, at=make.NOW, reason="Wrong day")
    assert transfer(by, refund).count == 1


def test_what_the_bank_refuses_is_the_clients_credit_again(world):
    from guilder.books.payments.queries import get_payment

    by = world.alice
    client = make.client(by)
    own_account(by, client.id)
    payment = paid_in(by, client)
    refund = asked(by, payment)
    batch = making.handed(by, transfer(by, refund))
    item = making.items(by, batch)[0]
    report = making.answer(batch, making.refusal(item, "AC04"))
    operations.receive_answer(report, by=by, at=make.NOW)

    stands = get_refund(refund.id, by=by)
    assert (stands.status, stands.reversed_reason) == (
        "reversed", "Returned by the bank: AC04 The account is closed.")  # fmt: skip
    assert get_payment(payment.id, by=by).unallocated_amount == 11900
    assert making.items(by, batch)[0].state == "rejected"
    operations.receive_answer(report, by=by, at=make.NOW)
    assert proofs.faults(by.organization_id) == []


def test_what_the_bank_has_cannot_be_reversed_by_hand_and_what_it_has_not_can(world):
    by = world.alice
    _, refund = ready(by)
    batch = transfer(by, refund)
    reverse = {"by": by, "on": make.TODAY, "at": make.NOW, "reason": "Not after all"}
    operations.close(batch.id, by=by, at=make.NOW)

    with pytest.raises(payments.OnItsWay):
        payments.reverse_refund(refund.id, **reverse)
    operations.cancel(batch.id, by=by, at=make.NOW, reason="Wrong")
    again = transfer(by, refund)
    payments.reverse_refund(refund.id, **reverse)
    with pytest.raises(operations.PaidMeanwhile):
        operations.close(again.id, by=by, at=make.NOW)
    operations.note_reversed(refund.id, by=by, on=make.TODAY)
    assert making.items(by, again)[0].state == "dropped"
    assert proofs.faults(by.organization_id) == []


def test_a_booked_refund_that_is_reversed_by_hand_makes_its_order_a_returned_one(world):
    by = world.alice
    _, refund = ready(by)
    batch = making.handed(by, transfer(by, refund))
    operations.book_due(by=by, at=ON_ITS_DAY)
    payments.reverse_refund(
        refund.id, by=by, on=ON_ITS_DAY.date(), at=ON_ITS_DAY, reason="It came back"
    )
    operations.note_reversed(refund.id, by=by, on=ON_ITS_DAY.date())

    assert making.items(by, batch)[0].state == "returned"
    with pytest.raises(Conflict):
        payments.reverse_refund(
            refund.id, by=by, on=ON_ITS_DAY.date(), at=ON_ITS_DAY, reason="Again"
        )
    assert proofs.faults(by.organization_id) == []


def test_an_order_wants_euro_a_transfer_and_no_account_of_its_own(world):
    by = world.alice
    payment = paid_in(by, make.client(by))

    for name, value in (("method", "cash"), ("account", str(payment.account_id))):
        with pytest.raises(Invalid) as told:
            asked(by, payment, **{name: value})
        assert [(one.pointer, one.code) for one in told.value.problems] == [
            (f"/{name}", "refund.by_order")
        ]


def test_refunds_of_others_are_not_there_and_agents_may_not(world):
    by = world.alice
    _, refund = ready(by)

    assert queries.refundable(by=world.mallory) == []
    with pytest.raises(Invalid):
        transfer(world.mallory, refund)
    for act in (queries.refundable, lambda by: transfer(by, refund)):
        with pytest.raises(NotAllowed):
            act(by=world.bob) if act is queries.refundable else act(world.bob)
