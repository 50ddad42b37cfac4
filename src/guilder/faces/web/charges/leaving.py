"""Leaving a way to pay without paying: what the portal and the page of a link have in common."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from guilder.books.charging import operations, queries
from guilder.books.charging.queries import GatewayRecord, SetupRecord
from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.actor import Actor

MOST_OFFERS = 6
# Between two questions to the service, however often a waiting page looks.
ASK_EVERY = timedelta(seconds=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """Who leaves it, by which page: `mark` begins the name of each attempt, `here` is the address
    of the page of one setup with "{setup}" in it, `sender` who is allowed to charge it."""

    by: Actor
    partner_id: UUID
    now: datetime
    origin: str
    mark: str
    here: str
    sender: str


def offers_of(partner_id: UUID, *, by: Actor) -> list[SimpleNamespace]:
    """One button for each way, the house's favourite first; each once."""
    found: list[SimpleNamespace] = []
    seen: set[str] = set()
    for gateway in queries.setup_offers(partner_id, by=by):
        for method in gateway.methods:
            mark = gateway.title if method == "online" else method
            if mark not in seen:
                seen.add(mark)
                found.append(offer_of(gateway, method))
    return found[:MOST_OFFERS]


def offer_of(gateway: GatewayRecord, method: str) -> SimpleNamespace:
    """One way to leave; its value names gateway and method."""
    words = {
        "card": _("Add a card"),
        "direct_debit": _("Add a bank account (direct debit)"),
    }
    button = words.get(method, _("Add %(service)s") % {"service": gateway.title})
    return SimpleNamespace(
        value=f"{gateway.id}:{method}",
        button=button,
        service=gateway.title,
        is_test=not gateway.is_live,
    )


def consent_words(sender: str) -> str:
    """What the client agrees to by leaving it."""
    sentence = _(
        "%(sender)s may have the payment service keep it, and take from it what I owe on the day "
        "it falls due, until I remove it."
    )
    return sentence % {"sender": sender}


def attempt() -> str:
    """What makes one form one attempt, however often it is sent."""
    return str(uuid7())


def begun(request: HttpRequest, leaving: Leaving) -> SetupRecord:
    """The setup of a form; the same form twice is the same. Raises charging's InvalidSetup."""
    gateway, _colon, method = request.POST.get("with", "").partition(":")
    data = {
        "client": str(leaving.partner_id),
        "gateway": gateway,
        "method": method,
        "consent": consent_words(leaving.sender),
        "back_url": request.build_absolute_uri(leaving.here),
    }
    if replaces := request.POST.get("replaces", ""):
        data["replaces"] = replaces
    name = request.POST.get("attempt", "")[:40] or attempt()
    return operations.start_setup(
        by=leaving.by,
        data=data,
        attempt=f"{leaving.mark}:{name}",
        at=leaving.now,
        origin=leaving.origin,
        base_url=request.build_absolute_uri("/"),
    )


def looked_after(
    request: HttpRequest, record: SetupRecord, *, by: Actor, now: datetime
) -> SetupRecord:
    """Ask the service, unless that was done a moment ago."""
    if not record.is_open or now - record.updated_at < ASK_EVERY:
        return record
    base_url = request.build_absolute_uri("/")
    return operations.check_setup(record.id, by=by, at=now, base_url=base_url)


def state_words(
    record: SetupRecord, *, back: str, back_label: str, is_leaving: bool
) -> SimpleNamespace:
    """Where it stands, and what to do."""
    titles = {"succeeded": _("It is kept. Thank you."), "failed": _("It was not kept")}
    sentences = {
        "succeeded": _("What falls due is taken from it by itself."),
        "failed": _("Nothing was taken from you. Try again, or choose another way."),
    }
    waiting = _("As soon as the payment service confirms it, it shows here. Nothing is charged.")
    return SimpleNamespace(
        state="open" if record.is_open else record.state,
        title=titles.get(record.state, _("Not confirmed yet")),
        sentence=sentences.get(record.state, waiting),
        label=record.label,
        service=queries.title_of(record.gateway_kind),
        url=record.url if record.is_open else "",
        back=back,
        back_label=back_label,
        is_leaving=is_leaving,
    )


def is_leaving(request: HttpRequest, record: SetupRecord) -> bool:
    """Whether the page leads on to the service by itself: right after the form, and once."""
    return "go" in request.GET and record.is_open and bool(record.url)
