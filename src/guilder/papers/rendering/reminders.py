"""A reminder of open invoices as a letter, in the organization's own look."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from guilder.kernel.document import Party
from guilder.kernel.money import Money
from guilder.papers.rendering.accounts import KINDS, column, frame, printed, wording_of
from guilder.papers.rendering.look import Look
from guilder.papers.rendering.wording import Wording

NOTICE = "notice"
TONES = (NOTICE, "reminder", "demand", "final")


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """One open document; `days_late` is 0 before it is due."""

    kind: str
    number: str
    issued_on: date
    due_on: date
    days_late: int
    open: Money


@dataclass(frozen=True, slots=True)
class RateSpan:
    """A rate and the days that it was reckoned for."""

    percent: Decimal
    start_on: date
    end_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderPaper:
    """What a client is reminded of, and what is asked besides; `law` says by what right."""

    seller: Party
    buyer: Party
    language: str
    tone: str
    made_on: date
    pay_by_on: date
    rows: tuple[ReminderRow, ...]
    open: Money
    interest: Money
    lump_sum: Money
    fee: Money
    total: Money
    rates: tuple[RateSpan, ...] = ()
    law: str = ""
    holder: str = ""
    iban: str = ""


def render_reminder(paper: ReminderPaper, *, look: Look | None = None) -> bytes:
    """The letter as PDF/A-3a and PDF/UA-1. Raises as `render_pdf` does."""
    look = look or Look()
    wording = wording_of(paper.seller, paper.language or look.language)
    data = frame(paper.seller, paper.buyer, look, wording) | {
        "title": wording.say(f"reminder_{paper.tone}"),
        "details": details_of(paper, wording),
        "headline": {
            "label": wording.say("pay_until", date=wording.short_day(paper.pay_by_on)),
            "amount": wording.money(paper.total),
            "note": "",
        },
        "words": wording.say(f"words_{paper.tone}", date=wording.day(paper.pay_by_on)),
        "sections": [debts_of(paper, wording), *claims_of(paper, wording)],
        "after": after_of(paper, wording),
    }
    return printed(data, look, on=paper.made_on)


def details_of(paper: ReminderPaper, wording: Wording) -> list[list[str]]:
    """What stands beside the address."""
    numbers = ", ".join(one.number for one in paper.rows[:3])
    details = [
        [wording.say("made_on"), wording.day(paper.made_on)],
        [wording.say("reference"), numbers + (" …" if len(paper.rows) > 3 else "")],
    ]
    if paper.iban:
        details.append([wording.say("iban"), spaced(paper.iban)])
    return details


def spaced(iban: str) -> str:
    """An IBAN in groups of four."""
    return " ".join(iban[place : place + 4] for place in range(0, len(iban), 4))


def debts_of(paper: ReminderPaper, wording: Wording) -> dict[str, Any]:
    """The table of open documents."""
    late = wording.say("days_late")
    columns = [
        column(wording.say("due")),
        column(wording.say("document")),
        column("" if paper.tone == NOTICE else late, end=True),
        column(wording.say("amount"), end=True),
    ]
    return {
        "title": "",
        "columns": columns,
        "first": [],
        "rows": [row_of(one, wording) for one in paper.rows],
        "total": ["", wording.say("open_in_all"), "", wording.money(paper.open)],
        "note": "",
    }


def row_of(row: ReminderRow, wording: Wording) -> list[str]:
    """One open document in words."""
    label = wording.say(row.kind if row.kind in KINDS else "invoice")
    number = wording.say(
        "number_of_date", number=f"{label} {row.number}", date=wording.short_day(row.issued_on)
    )
    return [
        wording.short_day(row.due_on),
        number,
        str(row.days_late) if row.days_late else "",
        wording.money(row.open),
    ]


def claims_of(paper: ReminderPaper, wording: Wording) -> list[dict[str, Any]]:
    """What is asked besides, added up; nothing where nothing is."""
    extra = (
        ("late_interest", paper.interest),
        ("lump_sum", paper.lump_sum),
        ("reminder_fee", paper.fee),
    )
    rows = [[wording.say(name), wording.money(amount)] for name, amount in extra if amount]
    if not rows:
        return []
    columns = [column(wording.say("claim")), column(wording.say("amount"), end=True)]
    return [
        {
            "title": "",
            "columns": columns,
            "first": [wording.say("open_in_all"), wording.money(paper.open)],
            "rows": rows,
            "total": [wording.say("to_be_paid"), wording.money(paper.total)],
            "note": rates_note(paper, wording),
        }
    ]


def rates_note(paper: ReminderPaper, wording: Wording) -> str:
    """By what rates and what law."""
    if not paper.interest:
        return paper.law if paper.lump_sum else ""
    rates = "; ".join(
        f"{wording.percent(one.percent)} ({wording.days(one.start_on, one.end_on)})"
        for one in paper.rates
    )
    note = wording.say("interest_by", rates=rates)
    return f"{note} {paper.law}".strip()


def after_of(paper: ReminderPaper, wording: Wording) -> str:
    """Where to pay, and what holds for who paid meanwhile."""
    parts = [wording.say("words_crossed")] if paper.tone != NOTICE else []
    if paper.iban:
        parts.insert(
            0, wording.say("pay_into", holder=paper.holder, iban=spaced(paper.iban))
        )  # fmt: skip
    return " ".join(parts)
