"""What a message says: the type, the time, and the thing in the same shape as the API gives it."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.schemas import invoice_out, quote_out
from guilder.books.payments import queries as payments
from guilder.books.payments.schemas import payment_out
from guilder.foundation.events import bus
from guilder.foundation.events.models import Event
from guilder.foundation.identity import queries as identity
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.office.webhooks import calc
from guilder.registers.catalogue import queries as catalogue
from guilder.registers.catalogue.schemas import item_out
from guilder.registers.parties import queries as parties
from guilder.registers.parties.schemas import partner_out

# Dated versions of what is sent, the newest last. A change that is not additive gets a new one.
VERSIONS = ("2026-11-20",)
CURRENT = VERSIONS[-1]
PING = "webhook.ping"

encoder = msgspec.json.Encoder(decimal_format="string", enc_hook=str)


def of_invoice(invoice_id: UUID, by: Actor, at: datetime) -> Any:
    """An invoice, credit note or kin, as /invoices/{id}/ gives it."""
    return invoice_out(invoicing.get_invoice(invoice_id, by=by), on=today(by, at))


def of_quote(quote_id: UUID, by: Actor, at: datetime) -> Any:
    """A quote, as /quotes/{id}/ gives it."""
    return quote_out(invoicing.get_quote(quote_id, by=by), on=today(by, at))


def of_payment(payment_id: UUID, by: Actor, _: datetime) -> Any:
    """A payment, as /payments/{id}/ gives it."""
    return payment_out(payments.get_payment(payment_id, by=by))


def of_partner(partner_id: UUID, by: Actor, _: datetime) -> Any:
    """A client, else a supplier, as /clients/{id}/ gives it."""
    partner = parties.get_partner(by.organization_id, partner_id)
    sides = {row.side for row in partner.partnerships.all()}
    side = "supplier" if "customer" not in sides and "supplier" in sides else "customer"
    return partner_out(partner, side=side)


def of_item(item_id: UUID, by: Actor, _: datetime) -> Any:
    """An item, as /items/{id}/ gives it."""
    return item_out(catalogue.get_item(by.organization_id, item_id))


READERS: dict[str, Callable[[UUID, Actor, datetime], Any]] = {
    "invoice": of_invoice,
    "credit": of_invoice,
    "quote": of_quote,
    "payment": of_payment,
    "partner": of_partner,
    "item": of_item,
}


def today(by: Actor, at: datetime) -> date:
    """The organization's day at an instant: what is overdue depends on it."""
    return at.astimezone(ZoneInfo(identity.get_organization(by.organization_id).time_zone)).date()


def public_types() -> list[str]:
    """Every type of event that may be told, in order."""
    return sorted(one for one in bus.TYPES if calc.is_public(one))


def catalogue_of_events() -> list[dict[str, Any]]:
    """What may be told, for pages and docs: type, words, fields, the resource in `data`."""
    return [
        {
            "type": name,
            "words": " ".join((bus.TYPES[name].__doc__ or "").split()),
            "fields": list(bus.names_of(bus.TYPES[name])),
            "resource": name.partition(".")[0] if name.partition(".")[0] in READERS else "",
        }
        for name in public_types()
    ]


def data_of(event: Event, *, by: Actor, at: datetime) -> Any:
    """The thing that an event is about, as it is now; where the API has no shape for it, what the
    event itself says. `at` is the clock. A thing that is gone is `{"id": …, "deleted": true}`."""
    family = event.type.partition(".")[0]
    reader = READERS.get(family)
    if reader is None or event.subject_id is None:
        return event.payload
    try:
        return msgspec.to_builtins(reader(event.subject_id, by, at), enc_hook=str)
    except NotFound:
        return {"id": str(event.subject_id), "deleted": True}


def body_of(
    event: Event, *, message_id: UUID, sequence: int, version: str, by: Actor, at: datetime
) -> str:
    """The body of an event's message, as it is signed and sent."""
    return encoded(
        {
            "id": calc.message_name(message_id.hex),
            "type": event.type,
            "timestamp": instant(event.occurred_at),
            "sequence": sequence,
            "api_version": version,
            "organization": str(by.organization_id),
            "event": {"id": str(event.id), "subject": event.subject_id, **event.payload},
            "data": data_of(event, by=by, at=at),
        }
    )


def ping_of(*, message_id: UUID, sequence: int, version: str, by: Actor, at: datetime) -> str:
    """The body of a ping: nothing happened, somebody wants to see it arrive."""
    return encoded(
        {
            "id": calc.message_name(message_id.hex),
            "type": PING,
            "timestamp": instant(at),
            "sequence": sequence,
            "api_version": version,
            "organization": str(by.organization_id),
            "event": None,
            "data": {"sent_by": by.name},
        }
    )


def instant(moment: datetime) -> str:
    """ISO 8601 in UTC with microseconds and Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def encoded(content: dict[str, Any]) -> str:
    """JSON text."""
    return encoder.encode(content).decode()


def unknown_types(types: Iterable[str]) -> list[str]:
    """Those of `types` that no event has, and no family (`invoice.*`) is called."""
    known = public_types()
    families = {one.partition(".")[0] + ".*" for one in known}
    return [one for one in types if one not in known and one not in families]
