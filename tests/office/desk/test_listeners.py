"""What is put before people when something happens, and taken away again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from guilder.books.payments import operations as payments
from guilder.foundation.events import bus
from guilder.foundation.events import operations as telling
from guilder.foundation.tenancy.ids import uuid7
from guilder.office.desk import queries
from guilder.office.dispatch import events as mails
from tests import make
from tests.make import NOW, TODAY, World


def tell() -> None:
    while telling.tell_waiting():
        pass


def waiting(by: Any) -> list[tuple[str, dict[str, Any]]]:
    soon = datetime.now(UTC) + timedelta(minutes=1)
    return [(task.kind, task.data) for task in queries.list_tasks(by=by, at=soon)]


def test_money_without_a_place_waits_until_it_has_one(world: World) -> None:
    client = make.client(world.alice)
    paid = payments.record_payment(
        by=world.alice,
        data={
            "client": str(client.id),
            "amount": {"amount": "119.00", "currency": "EUR"},
            "received_on": TODAY.isoformat(),
            "method": "bank_transfer",
        },
        at=NOW,
    )
    tell()

    assert waiting(world.alice) == [
        ("payment_over", {"client": client.name, "minor": 11900, "currency": "EUR"})
    ]
    assert waiting(world.bob) == []
    invoice = make.issued_invoice(world.alice, client_id=client.id)
    payments.allocate_payment(
        paid.id,
        by=world.alice,
        on=TODAY,
        at=NOW,
        allocations=[{"invoice": str(invoice.id), "amount": "119.00"}],
    )
    tell()
    assert waiting(world.alice) == []


def test_a_refund_waits_for_who_may_approve_and_takes_the_rest_of_its_payment_along(
    world: World,
) -> None:
    client = make.client(world.alice)
    given = {"client": str(client.id), "amount": {"amount": "20.00", "currency": "EUR"}}
    paid = payments.record_payment(by=world.alice, data=given, at=NOW)
    payments.set_refund_policy(by=world.alice, data={"approval_above": "5"}, base_currency="EUR")
    asked = {"payment": str(paid.id), "reason": "Returned"}
    refund = payments.request_refund(by=world.alice, data=asked, at=NOW)
    tell()

    assert [kind for kind, _ in waiting(world.alice)] == ["refund_waiting", "payment_over"]
    other = make.make_world().alice
    colleague = replace(other, organization_id=world.organization)
    payments.approve_refund(refund.id, by=colleague, on=TODAY, at=NOW)
    tell()
    assert waiting(world.alice) == []


def test_a_mail_that_came_back_waits_until_it_goes_out(world: World) -> None:
    invoice = make.issued_invoice(world.alice)
    mail_id = uuid7()
    given = {"mail_id": mail_id, "invoice_id": invoice.id, "to": "a@b.example"}
    bus.publish(mails.MailReturned(**given, reason="mailbox full"), by=world.alice)
    tell()

    ((kind, data),) = waiting(world.alice)
    assert (kind, data["reason"]) == ("mail_returned", "mailbox full")
    bus.publish(mails.MailSent(**given), by=world.alice)
    tell()
    assert waiting(world.alice) == []
