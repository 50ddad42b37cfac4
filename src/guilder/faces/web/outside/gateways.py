"""Paying through a gateway on the client's page: what is offered, and where a charge stands."""

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

from django.utils.translation import gettext as _

from guilder.books.charging import queries as charging
from guilder.books.charging.queries import ChargeRecord, GatewayRecord
from guilder.books.invoicing.queries import InvoiceRecord, discounts
from guilder.faces.web import formats
from guilder.faces.web.outside.opened import Opened
from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.money import Money

MOST_OFFERS = 4
OPEN = {"pending", "unknown"}
# So long a page at a service is worth coming back to; a debit is on its way for days.
WORTH = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class GatewayOffer:
    """One button: its value names gateway and method."""

    value: str
    button: str
    is_test: bool
    takes_parts: bool
    keeps: bool


def asked_early(opened: Opened) -> Money | None:
    """What is enough today because it is early; None where all of it is asked for."""
    if not isinstance(opened.record, InvoiceRecord):
        return None
    offer = discounts.offer_now(opened.record, by=opened.by, today=opened.today)
    return None if offer is None else offer.payable


def offers_of(money: Money, opened: Opened, locale: formats.Locale) -> list[GatewayOffer]:
    """What the client may choose, the house's favourite first; each method once."""
    if money.minor <= 0 or opened.is_preview:
        return []
    found: list[GatewayOffer] = []
    seen: set[str] = set()
    whose = opened.record.partner_id
    for gateway in charging.offered(money, by=opened.by, partner_id=whose):
        for method in gateway.methods:
            mark = gateway.title if method == "online" else method
            if mark in seen:
                continue
            seen.add(mark)
            found.append(offer_of(gateway, method, money, locale))
    return found[:MOST_OFFERS]


def offer_of(
    gateway: GatewayRecord, method: str, money: Money, locale: formats.Locale
) -> GatewayOffer:
    """One way to pay."""
    service = gateway.name if gateway.kind == "manual" else gateway.title
    words = {"amount": formats.money(money, locale), "service": service}
    buttons = {
        "card": _("Pay %(amount)s by card"),
        "direct_debit": _("Pay %(amount)s by direct debit"),
        "bank_transfer": _("Pay %(amount)s from your bank account"),
        "cash": _("Pay %(amount)s in cash"),
    }
    button = buttons.get(method, _("Pay %(amount)s with %(service)s")) % words
    return GatewayOffer(
        value=f"{gateway.id}:{method}",
        button=button,
        is_test=not gateway.is_live and gateway.kind != "manual",
        takes_parts=gateway.takes_parts,
        keeps=gateway.keeps,
    )


def attempt() -> str:
    """What makes a form's charge once, however often it is sent."""
    return str(uuid7())


def under_way(opened: Opened) -> SimpleNamespace | None:
    """The newest charge of this document that is not decided, where it still says something."""
    found = charging.charges_of(opened.record.id, by=opened.by, limit=5)
    for one in found:
        is_young = opened.now - one.created_at < WORTH
        if one.state in OPEN and (is_young or one.method == "direct_debit"):
            return SimpleNamespace(
                amount=Money(one.amount, one.currency), url=f"{opened.base}charge/{one.id}/"
            )
    return None


def state_words(record: ChargeRecord, opened: Opened) -> SimpleNamespace:
    """What the page of one charge says."""
    amount = Money(record.amount, record.currency)
    is_open = record.state in OPEN
    return SimpleNamespace(
        id=record.id,
        state="open" if is_open else record.state,
        title=title_of(record),
        amount=amount,
        sentence=sentence_of(record),
        numbers=", ".join(one for one in record.numbers if one),
        service=record.gateway_name if record.gateway_kind == "manual" else service_of(record),
        url=record.url if is_open else "",
        back=opened.base,
        receipt=f"{opened.base}charge/{record.id}/receipt.pdf" if record.payment_id else "",
        paid_on=record.decided_at.astimezone(opened.zone).date() if record.decided_at else None,
        reference=record.provider_payment or record.provider_id,
    )


def service_of(record: ChargeRecord) -> str:
    """The name of the service as clients know it."""
    return charging.title_of(record.gateway_kind)


def title_of(record: ChargeRecord) -> str:
    """Where it stands, in two words."""
    if record.state == "succeeded":
        return _("Paid. Thank you.")
    if record.state == "failed":
        return _("It was not paid")
    return _("Not confirmed yet")


def sentence_of(record: ChargeRecord) -> str:
    """Where it stands, and what to do."""
    if record.state == "succeeded":
        return _("The payment has arrived and is booked on your document.")
    if record.state == "failed":
        return _("Nothing was taken from you. Try again, or choose another way.")
    if record.method == "direct_debit":
        return _("Your bank takes some days for a direct debit. You need not do anything more.")
    return _("As soon as the payment service confirms it, it shows here. Nothing is taken twice.")


def chosen(value: str) -> tuple[UUID | None, str]:
    """Gateway and method of a button; nothing where it is none of ours."""
    gateway, _colon, method = value.partition(":")
    try:
        return UUID(gateway), method
    except ValueError:
        return None, ""
