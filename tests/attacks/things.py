"""One of everything in somebody's organization, by the name that addresses of pages give it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import UUIDConverter

from guilder.kernel.actor import Actor
from tests import make
from tests.make import NOW, World

# Converters that are no ids: what stands there is the same for everybody.
PLAIN: dict[str, str] = {
    "number": "1",
    "name": "contacts",
    "place": "0",
    "kind": "invoice",
    "token": "x",
    "mails": "x",
    "factor_id": "1",
    "job": "1",
    "form": "csv",
    "transport": "folder",
    "key": "x",
}


# Kinds that take their whole room to make: the tests of that room try them with foreign ids.
ELSEWHERE = {
    "rule_id": "tests/faces/web/bank/test_bank.py",
    "line_id": "tests/faces/web/bank/test_bank.py",
    "refund_id": "tests/faces/web/refunds/test_refunds.py",
    "charge_id": "tests/faces/web/charges/test_charges.py",
    "chargeback_id": "tests/faces/web/charges/test_charges.py",
    "gateway_id": "tests/faces/web/charges/test_charges.py",
    "batch_id": "tests/faces/web/sepa/test_sepa.py",
    "order_id": "tests/faces/web/sepa/test_sepa.py",
    "parked_id": "tests/faces/web/developer/test_parked.py",
    "waiting_id": "tests/faces/web/settings/test_tax_office.py",
    "mandate_id": "tests/faces/web/sepa/test_sepa.py",
    "recurring_id": "tests/faces/web/recurring/test_recurring.py",
    "reminder_id": "tests/faces/web/reminders/test_reminders.py",
    "ladder_id": "tests/faces/web/reminders/test_reminders.py",
    "hold_id": "tests/faces/web/reminders/test_reminders.py",
    "saved_id": "tests/faces/web/charges/test_ways.py",
    "setup_id": "tests/faces/web/charges/test_leaving.py",
    "discount_id": "tests/faces/web/papers/test_discounts.py",
    "dispute_id": "tests/faces/web/reminders/test_reminders.py",
    "handover_id": "tests/faces/web/reminders/test_reminders.py",
    "rate_id": "tests/faces/web/reminders/test_reminders.py",
}


def things_of(by: Actor) -> dict[str, UUID]:
    """Parameter name → the id of such a thing in the actor's organization."""
    from guilder.books.invoicing import operations as invoicing
    from guilder.books.ledger import operations as ledger
    from guilder.books.ledger import queries as accounts
    from guilder.foundation.audit import queries as audit
    from guilder.foundation.events import queries as events
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.models import User
    from guilder.foundation.tenancy.transaction import transaction
    from guilder.office.calls import operations as calls
    from guilder.office.desk import operations as desk
    from guilder.office.dispatch import operations as dispatch
    from guilder.office.webhooks import operations as webhooks
    from guilder.registers.catalogue import operations as catalogue
    from guilder.registers.tax import queries as taxes

    assert by.user_id is not None
    client = make.client(by)
    invoice = make.issued_invoice(by, client=str(client.id))
    payment = make.payment(by, invoice, "19.00")
    wanted = {"client": str(client.id), "currency": "EUR", "lines": [make.line()]}
    quote = invoicing.create_quote(by=by, data=wanted, at=NOW)
    comment = desk.add_comment("invoice", invoice.id, by=by, text="Hm", at=NOW)
    file = desk.add_attachment(
        "invoice", invoice.id, by=by, content=b"%PDF-1.7 plan", filename="plan.pdf", at=NOW
    )
    task = desk.add_task(by=by, kind="mention", mark=uuid4().hex, at=NOW, user_id=by.user_id)
    assert task is not None
    progress = desk.start_progress(by=by, kind="papers", at=NOW, data={"title": "Papers"})
    start, end = date(1980, 1, 1), date(1980, 1, 31)
    period = ledger.lock_period(by=by, starts_on=start, ends_on=end, at=NOW)
    session = identity.open_session(User.objects.get(id=by.user_id))
    mail = dispatch.send_receipt(payment.id, by=by, at=NOW)
    key, _ = identity.create_api_key(by=by, name="Shop")
    webhook = {"url": "https://shop.example/hooks"}
    endpoint, _ = webhooks.create_endpoint(by=by, data=webhook, at=NOW)
    delivery = webhooks.ping(endpoint.id, by=by, at=NOW)
    event = events.list_events(by.organization_id, limit=1)[0]
    entry = audit.list_entries(by.organization_id, limit=1)[0]
    call = calls.Noted(
        uuid4(), by.organization_id, NOW, "GET", "clients/", "/api/v1/clients/", 200, "", 900,
        by.user_id, None, "api", "127.0.0.1", "shop/1", "r",
    )  # fmt: skip
    calls.note(call)
    calls.write_waiting()
    with transaction(by.organization_id):
        code = taxes.list_tax_codes(by.organization_id)[0]
        account = accounts.list_accounts(by.organization_id)[0]
    transmission = transmission_of(by)
    role = identity.create_role(
        by=by, name=f"Reader {uuid4().hex[:8]}", based_on="viewer", permissions=["invoice.view"]
    )
    invitation = identity.invite_member(
        by=by, email=f"{uuid4().hex}@guilder.example", role="viewer", at=NOW
    )
    bill, document, disbursement, credit_note = bills_of(by)
    return {
        "bill_id": bill.id,
        "supplier_id": bill.partner_id,
        "document_id": document.id,
        "disbursement_id": disbursement.id,
        "credit_note_id": credit_note.id,
        "credit_id": credit_note.id,
        "role_id": role.id,
        "invitation_id": invitation.id,
        "invoice_id": invoice.id,
        "quote_id": quote.id,
        "client_id": client.id,
        "item_id": catalogue.create_item(by=by, data={"name": uuid4().hex}, at=NOW).id,
        "payment_id": payment.id,
        "allocation_id": payment.allocations[0].id,
        "mail_id": mail.id,
        "attachment_id": file.id,
        "comment_id": comment.id,
        "subject_id": invoice.id,
        "task_id": task.id,
        "progress_id": progress.id,
        "period_id": period.id,
        "code_id": code.id,
        "account_id": account.id,
        "session_id": session.session_id,
        "user_id": by.user_id,
        "key_id": key.id,
        "endpoint_id": endpoint.id,
        "delivery_id": delivery.id,
        "event_id": event.id,
        "entry_id": entry.id,
        "call_id": call.id,
        "channel_id": transmission.channel_id,
        "transmission_id": transmission.id,
        "organization": uuid4(),
        "link": uuid4(),
    }


def transmission_of(by: Actor) -> Any:
    """An invoice on its way by a folder."""
    from guilder.office.channels import operations

    data = {"name": uuid4().hex, "transport": "folder"}
    channel, _ = operations.create_channel(by=by, data=data, at=NOW)
    client = make.client(by)
    operations.set_agreement(client.id, by=by, data={"channel": str(channel.id)}, at=NOW)
    invoice = make.issued_invoice(by, client_id=client.id)
    return operations.send_invoice(invoice.id, by=by, at=NOW).transmission


def pages() -> Iterator[tuple[str, URLPattern]]:
    """(address with its converters, pattern) of everything that is not the API."""
    for path, pattern in walked(get_resolver().url_patterns):
        if not path.startswith(("api/", "^api/")):
            yield path, pattern


def walked(
    patterns: list[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """The leaves of the tree of addresses."""
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from walked(one.url_patterns, path)
        else:
            yield path, one


def methods_of(pattern: URLPattern) -> frozenset[str]:
    """The methods that a page inside takes; empty for the pages of people outside."""
    return frozenset(getattr(pattern.callback, "methods", ())) - {"HEAD"}


def filled(pattern: URLPattern, things: dict[str, Any]) -> str:
    """The address of a pattern with `things` in its places; an id that is none where one lacks."""
    from django.urls import reverse

    values = {
        name: things.get(name) or (uuid4() if is_id(converter) else PLAIN.get(name, "x"))
        for name, converter in pattern.pattern.converters.items()
    }
    return reverse(f"web:{pattern.name}", kwargs=values)


def is_id(converter: Any) -> bool:
    """Whether a place of an address takes an id."""
    return converter.regex == UUIDConverter.regex


def colleague(world: World, role: str) -> Any:
    """A fresh user with a role in Alice's organization."""
    from guilder.foundation.identity import operations as identity

    user = identity.create_user(
        email=f"{role}-{uuid4().hex}@guilder.example", password=world.password, name=role.title()
    )
    identity.add_member(by=world.alice, user_id=user.id, role=role)
    return user


def bills_of(by: Actor) -> tuple[Any, Any, Any, Any]:
    """A bill that is partly paid, a paper that came in, that payment, and a credit note."""
    from guilder.books.payments import operations as payments
    from guilder.flows.intake import operations as intake
    from tests.flows.intake import papers

    bill = make.bill(by, booked=True)
    share = {"bill": str(bill.id), "amount": "19.00"}
    paid = payments.pay_bills(by=by, data={"bills": [share]}, at=NOW)
    note = make.bill(by, bill.partner_id, booked=True, kind="credit_note")
    data = papers.file(number=f"E-{uuid4().hex[:8]}")
    receipt = intake.receive(data, name="bill.xml", channel="upload", by=by, at=NOW)
    return bill, receipt.documents[0], paid, note


def today() -> datetime:
    """Now, as doors give it."""
    return datetime.now(UTC)
