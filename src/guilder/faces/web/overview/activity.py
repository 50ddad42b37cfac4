"""What happened lately, told with numbers and names: from the feed, for who may see the things."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.urls import reverse

from guilder.faces.web import timeline
from guilder.faces.web.shell import Visit
from guilder.foundation.events import queries as events
from guilder.foundation.events.models import Event
from guilder.kernel.money import Money
from guilder.office.reports.queries import overview as reports

MOST = 7
LOOKED_AT = 60
AGO = timedelta(days=7)
TYPES = (
    "invoice.issued",
    "invoice.marked",
    "invoice.written_off",
    "payment.recorded",
    "payment.reversed",
    "credit.allocated",
    "quote.sent",
    "quote.accepted",
    "quote.declined",
    "mail.sent",
    "mail.returned",
    "mail.failed",
)
MARKS = {"viewed": "viewed", "disputed": "disputed"}
LOOKS = {
    "issued": ("invoice", ""),
    "run": ("recurring", ""),
    "viewed": ("eye", "blue"),
    "disputed": ("warn", "red"),
    "written_off": ("archive", ""),
    "paid": ("check", "green"),
    "reversed": ("undo", "red"),
    "credited": ("credit", ""),
    "quote_sent": ("send", ""),
    "quote_accepted": ("check", "green"),
    "quote_declined": ("close", "red"),
    "sent": ("send", ""),
    "reminded": ("mail", ""),
    "returned": ("mail", "amber"),
    "failed": ("warn", "red"),
}
ALIKE = 3  # so many in a row by one person are one line


def lately(visit: Visit) -> list[SimpleNamespace]:
    """The newest entries, at most MOST."""
    if not visit.by.may("invoice.view"):
        return []
    found = events.list_events(
        visit.by.organization_id, types=TYPES, since=first_moment(visit), limit=LOOKED_AT
    )
    names = reports.names_of(wanted(found), by=visit.by)
    told = [one for one in (entry(event, names, visit) for event in found) if one is not None]
    return gathered(told)[:MOST]


def first_moment(visit: Visit) -> datetime:
    """The begin of the day a week ago, so that what is shown is the same all day."""
    return datetime.combine(visit.today - AGO, time.min, tzinfo=visit.zone)


def wanted(found: Sequence[Event]) -> reports.Wanted:
    """The things whose names are needed."""
    ids: dict[str, set[UUID]] = {"invoice": set(), "quote": set(), "payment": set()}
    for event in found:
        for kind, known in ids.items():
            text = event.payload.get(f"{kind}_id")
            if text:
                known.add(UUID(text))
    people = {event.actor_id for event in found if event.actor_id}
    mails = {UUID(one.payload["mail_id"]) for one in found if one.type.startswith("mail.")}
    return reports.Wanted(
        invoices=tuple(ids["invoice"]),
        quotes=tuple(ids["quote"]),
        payments=tuple(ids["payment"]),
        people=tuple(people),
        mails=tuple(mails),
    )


def entry(event: Event, names: reports.Names, visit: Visit) -> SimpleNamespace | None:
    """One event in the words of the template's `kind`; None for what this person may not see."""
    kind = kind_of(event, names)
    if kind is None:
        return None
    paper = paper_of(event, names, kind)
    if paper is None:
        return None
    icon, tone = LOOKS[kind]
    return SimpleNamespace(
        kind=kind,
        icon=icon,
        tone=tone,
        at=event.occurred_at,
        at_text=moment(event.occurred_at, visit),
        is_mine=event.actor_id is not None and event.actor_id == visit.by.user_id,
        who=names.people.get(event.actor_id, "") if event.actor_id else "",
        actor=event.actor_id,
        count=1,
        **paper,
    )


def kind_of(event: Event, names: reports.Names) -> str | None:
    """Which sentence it gets."""
    family, _, verb = event.type.partition(".")
    if event.type == "invoice.marked":
        return MARKS.get(event.payload.get("mark", ""))
    if family == "mail":
        mail = names.mails.get(UUID(event.payload["mail_id"]))
        if mail is None:
            return None
        if verb == "sent":
            return "reminded" if mail == "reminder" else "sent"
        return verb
    if family == "quote":
        return f"quote_{verb}"
    return {
        "invoice.issued": "issued",
        "invoice.written_off": "written_off",
        "payment.recorded": "paid",
        "payment.reversed": "reversed",
        "credit.allocated": "credited",
    }.get(event.type)


def paper_of(event: Event, names: reports.Names, kind: str) -> dict[str, Any] | None:
    """What a sentence names: number, client, amount, address."""
    payload = event.payload
    if kind in {"paid", "reversed"}:
        paid = names.payments.get(UUID(payload["payment_id"]))
        if paid is None:
            return None
        return {
            "client": paid.client,
            "number": paid.number,
            "url": reverse("web:invoice", args=[paid.invoice_id])
            if paid.invoice_id
            else reverse("web:payment", args=[payload["payment_id"]]),
            "amount": Money.of(payload["amount"], payload["currency"]),
            "to": "",
        }
    family = "quote" if kind.startswith("quote_") else "invoice"
    text = payload.get(f"{family}_id")
    named = (
        (names.quotes if family == "quote" else names.invoices).get(UUID(text)) if text else None
    )
    if named is None:
        return None
    due = payload.get("due")
    return {
        "client": named.client,
        "number": named.number,
        "url": reverse(f"web:{family}", args=[text]),
        "amount": Money.of(due, payload["currency"]) if due else None,
        "to": payload.get("to", ""),
    }


def gathered(told: list[SimpleNamespace]) -> list[SimpleNamespace]:
    """Many papers issued in a row by one person become one line with their number and sum."""
    found: list[SimpleNamespace] = []
    row: list[SimpleNamespace] = []
    for one in [*told, None]:
        if one is not None and one.kind == "issued" and (not row or row[-1].actor == one.actor):
            row.append(one)
            continue
        found += [as_run(row)] if len(row) >= ALIKE else row
        row = [one] if one is not None and one.kind == "issued" else []
        if one is not None and one.kind != "issued":
            found.append(one)
    return found


def as_run(row: list[SimpleNamespace]) -> SimpleNamespace:
    """One line for a run of papers."""
    first = row[0]
    icon, tone = LOOKS["run"]
    codes = {one.amount.currency for one in row if one.amount}
    whole = None
    if len(codes) == 1:
        whole = Money(sum(one.amount.minor for one in row if one.amount), codes.pop())
    told = {**vars(first), "kind": "run", "icon": icon, "tone": tone, "count": len(row)}
    return SimpleNamespace(**{**told, "amount": whole, "url": reverse("web:invoices")})


def moment(at: datetime, visit: Visit) -> str:
    """10:42 today, else the day."""
    return timeline.moment(at, visit)


def has_today(told: Sequence[SimpleNamespace], visit: Visit) -> bool:
    """Whether the newest is of today."""
    return bool(told) and told[0].at.astimezone(visit.zone).date() == visit.today
