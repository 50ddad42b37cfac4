"""Papers about a client's account, in the organization's own look: statement and receipt."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import msgspec

from guilder.kernel.document import Party
from guilder.kernel.money import Money
from guilder.papers.rendering import glyphs
from guilder.papers.rendering.data import ARABIC, FALLBACK_FONTS
from guilder.papers.rendering.look import PAPERS, Look, check_look, logo_type, on_color, readable
from guilder.papers.rendering.parties import party_data
from guilder.papers.rendering.press import press
from guilder.papers.rendering.wording import Wording, wording_for

STYLE = "account"
KINDS = ("invoice", "credit_note", "debit_note", "deposit")


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One movement: "invoice" and its kin, "payment", "payment_reversed" or "write_off". What is
    owed more is above zero; `balance` is what is owed after it."""

    on: date
    kind: str
    name: str
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class Account:
    """The movements of one currency in a period."""

    opening: Money
    rows: tuple[AccountRow, ...]
    closing: Money
    overdue: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPaper:
    """What a client owes over a period, an account for each currency."""

    seller: Party
    buyer: Party
    language: str
    start_on: date
    end_on: date
    made_on: date
    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPaper:
    """That a payment came in: `parts` are (number, amount) of what it paid."""

    seller: Party
    buyer: Party
    language: str
    received_on: date
    made_on: date
    method: str
    reference: str
    amount: Money
    parts: tuple[tuple[str, Money], ...]
    left: Money


def render_statement(paper: StatementPaper, *, look: Look | None = None) -> bytes:
    """The statement as PDF/A-3a and PDF/UA-1. Raises as `render_pdf` does."""
    look = look or Look()
    wording = wording_of(paper.seller, paper.language or look.language)
    first = paper.accounts[0].closing if paper.accounts else Money.zero("EUR")
    data = frame(paper.seller, paper.buyer, look, wording) | {
        "title": wording.say("statement"),
        "details": [
            [wording.say("statement_period"), wording.days(paper.start_on, paper.end_on)],
            [wording.say("made_on"), wording.day(paper.made_on)],
        ],
        "headline": {
            "label": wording.say("closing"),
            "amount": " · ".join(wording.money(one.closing) for one in paper.accounts)
            or wording.money(first),
            "note": "",
        },
        "sections": [section_of(one, wording) for one in paper.accounts],
        "words": "",
    }
    return printed(data, look, on=paper.made_on)


def render_receipt(paper: ReceiptPaper, *, look: Look | None = None) -> bytes:
    """The receipt as PDF/A-3a and PDF/UA-1. Raises as `render_pdf` does."""
    look = look or Look()
    wording = wording_of(paper.seller, paper.language or look.language)
    details = [
        [wording.say("received_on"), wording.day(paper.received_on)],
        [wording.say("method"), wording.say(f"method_{paper.method}")],
        [wording.say("reference"), paper.reference],
        [wording.say("made_on"), wording.day(paper.made_on)],
    ]
    rows = [[number, wording.money(amount)] for number, amount in paper.parts]
    total = [wording.say("left_as_credit"), wording.money(paper.left)] if paper.left else []
    columns = [column(wording.say("paid_for")), column(wording.say("amount"), end=True)]
    data = frame(paper.seller, paper.buyer, look, wording) | {
        "title": wording.say("payment_receipt"),
        "details": [one for one in details if one[1]],
        "headline": {
            "label": wording.say("amount"),
            "amount": wording.money(paper.amount),
            "note": "",
        },
        "sections": [
            {"title": "", "columns": columns, "rows": rows, "first": [], "total": total, "note": ""}
        ]
        if rows or total
        else [],
        "words": wording.say("receipt_words"),
    }
    return printed(data, look, on=paper.made_on)


def wording_of(seller: Party, language: str) -> Wording:
    """The wording of a paper that a seller writes in a language."""
    return wording_for(language, country=seller.address.country)


def section_of(account: Account, wording: Wording) -> dict[str, Any]:
    """One currency's table."""
    columns = [
        column(wording.say("date")),
        column(wording.say("document")),
        column(wording.say("amount"), end=True),
        column(wording.say("balance"), end=True),
    ]
    note = ""
    if account.overdue:
        note = wording.say("overdue_part", amount=wording.money(account.overdue))
    elif not account.rows:
        note = wording.say("nothing_moved")
    return {
        "title": account.closing.currency,
        "columns": columns,
        "first": ["", wording.say("opening"), "", wording.money(account.opening)],
        "rows": [row_of(one, wording) for one in account.rows],
        "total": ["", wording.say("closing"), "", wording.money(account.closing)],
        "note": note,
    }


def row_of(row: AccountRow, wording: Wording) -> list[str]:
    """One movement in words."""
    label = wording.say(row.kind if row.kind in KINDS else f"entry_{row.kind}")
    return [
        wording.short_day(row.on),
        f"{label} {row.name}".strip(),
        wording.money(row.amount),
        wording.money(row.balance),
    ]


def column(label: str, *, end: bool = False) -> dict[str, Any]:
    """The head of a column, and whether it lines up at its end."""
    return {"label": label, "end": end}


def frame(seller: Party, buyer: Party, look: Look, wording: Wording) -> dict[str, Any]:
    """What every paper of ours has: brand, parties, labels."""
    name = look.name or seller.trading_name or seller.name
    return {
        "lang": wording.locale.language,
        "region": wording.locale.territory or "",
        "dir": wording.direction,
        "paper": PAPERS[look.paper],
        "t": {"page": wording.say("page"), "details": wording.say("details")},
        "brand": {
            "name": name,
            "color": look.color,
            "on_color": on_color(look.color),
            "readable": readable(look.color),
            "accent": look.accent,
            "fonts": list(dict.fromkeys((look.font, *FALLBACK_FONTS))),
            "header": look.header,
            "footer": look.footer,
        },
        "logo_alt": wording.say("logo_alt", name=name),
        "number": "",
        "watermark": "",
        "continued": "",
        "notes": [],
        "enclosed": [],
        "others": [],
        "lines": [],
        "taxes": [],
        "totals": [],
        "payment": None,
        "seller": party_data(seller, wording),
        "buyer": party_data(buyer, wording),
        "to_label": "",
    }


def printed(data: dict[str, Any], look: Look, *, on: date) -> bytes:
    """The data set by its design."""
    check_look(look)
    cleaned = glyphs.cleaned(data)
    text = msgspec.json.encode(cleaned).decode()
    cleaned["arabic"] = ARABIC.search(text) is not None
    job = {
        "style": STYLE,
        "data": msgspec.json.encode(cleaned).decode(),
        "logo": look.logo,
        "logo_type": logo_type(look.logo),
        "timestamp": int(datetime.combine(on, time(), tzinfo=UTC).timestamp()),
        "format": "pdf",
    }
    return press(job)[0]
