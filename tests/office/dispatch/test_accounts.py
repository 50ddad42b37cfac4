"""Statements and receipts by mail."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pypdfium2
import pytest

from guilder.books.payments import operations as payments
from guilder.foundation.identity import operations as identity
from guilder.kernel.errors import NotAllowed, NotFound
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch import queries
from tests import make
from tests.make import NOW, World
from tests.office.dispatch.servers import PostOffice

PERIOD = {"start_on": date(2026, 11, 1), "end_on": date(2026, 11, 30)}


def text_of(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


def test_a_statement_is_mailed_with_its_pdf(
    world: World, office: PostOffice, use: Callable[..., Any]
) -> None:
    use(world.alice, office.port)
    invoice = make.issued_invoice(world.alice)

    mail = dispatch.send_statement(invoice.partner_id, by=world.alice, at=NOW, **PERIOD)

    by = identity.system_actor(world.organization, "job")
    assert dispatch.deliver_mail(mail.id, by=by, at=NOW)
    (received,) = office.mails
    assert "€119.00" in received.message.get_body(("plain",)).get_content()
    assert f"Invoice {invoice.number}" in text_of(io.BytesIO(received.pdf).getvalue())
    assert queries.get_mail(mail.id, by=world.alice).kind == "statement"


def test_a_receipt_names_what_came_in_and_goes_out_after_its_hold(world: World) -> None:
    invoice = make.issued_invoice(world.alice)
    paid = make.payment(world.alice, invoice, "119.00")

    mail = dispatch.send_receipt(paid.id, by=world.alice, at=NOW, hold=dispatch.HOLD)

    (file,) = queries.files_of(mail, by=world.alice)
    assert (mail.kind, mail.has_paper, mail.next_attempt_at) == (
        "receipt",
        False,
        NOW + dispatch.HOLD,
    )
    assert file.filename.startswith("receipt-")
    assert "€119.00" in mail.text
    printed = dispatch.print_receipt(paid.id, by=world.alice, at=NOW)
    assert invoice.number in text_of(printed.pdf)


def test_a_reversed_payment_is_not_confirmed(world: World) -> None:
    paid = make.payment(world.alice, make.issued_invoice(world.alice), "119.00")
    payments.reverse_payment(paid.id, by=world.alice, on=make.TODAY, at=NOW, reason="Bounced")

    with pytest.raises(dispatch.NothingReceived):
        dispatch.print_receipt(paid.id, by=world.alice, at=NOW)


def test_others_neither_print_nor_send(world: World) -> None:
    invoice = make.issued_invoice(world.alice)
    paid = make.payment(world.alice, invoice, "119.00")

    with pytest.raises(NotFound):
        dispatch.print_receipt(paid.id, by=world.mallory, at=NOW)
    with pytest.raises(NotFound):
        dispatch.print_statement(invoice.partner_id, by=world.mallory, at=NOW, **PERIOD)
    with pytest.raises(NotAllowed):
        dispatch.send_receipt(paid.id, by=world.bob, at=NOW)
    with pytest.raises(NotAllowed):
        dispatch.send_statement(invoice.partner_id, by=world.bob, at=NOW, **PERIOD)


def test_who_paid_through_a_service_gets_the_receipt_by_mail(world: World) -> None:
    from guilder.books.charging import operations as charging
    from guilder.books.charging.gateways.base import Report
    from guilder.foundation.events.models import Event
    from guilder.foundation.tenancy.transaction import transaction
    from guilder.office.dispatch import tasks
    from tests.books.charging import making

    client = make.client(world.alice, email="payer@example.test")
    invoice = make.issued_invoice(world.alice, client_id=client.id)
    begun = making.charge(world.alice, invoice, making.gateway(world.alice))
    for _ in range(2):
        charging.apply(begun.id, Report(state="succeeded"), by=world.alice, at=NOW)

    with transaction(world.organization):
        (told,) = Event.objects.filter(type="charge.succeeded")
    for _ in range(2):  # a job may be begun again, and be told of the same twice
        tasks.send_receipt(
            organization_id=world.organization, payment_id=UUID(told.payload["payment_id"])
        )

    (mail,) = queries.list_mails(by=world.alice, limit=10)
    assert (mail.kind, mail.to) == ("receipt", "payer@example.test")
    (file,) = queries.files_of(mail, by=world.alice)
    assert file.filename.startswith("receipt-") and file.filename.endswith(".pdf")
