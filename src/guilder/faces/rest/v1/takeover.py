"""/takeover/: what an earlier system leaves behind: issued papers, and what accounts stood at."""

import base64
import binascii
from datetime import date
from decimal import Decimal
from typing import Any, Literal, cast
from uuid import UUID

import msgspec

from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.wire import Amount, Code, Day
from guilder.flows.intake.schemas import FaultOut
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.wire import Wire
from guilder.office.importing.operations import StillOpen, Takeover, open_books, still_open

MOST = 30 << 20  # characters of base64
MOST_LISTED = 100_000


class StillOpenIn(msgspec.Struct, forbid_unknown_fields=True):
    """What is unpaid of one paper, in the paper's currency."""

    number: str
    amount: Amount


class TakeoverIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A file of papers in base64 (UBL, CII, hybrid PDF, CSV, JSON) that an earlier system issued.

    `open` is "due" (all that was to be paid), "none", or "list": what `listed` says by number.
    What is unpaid is booked on the day `on`.
    """

    content: str
    open: Literal["due", "none", "list"]
    on: Day
    filename: str = ""
    listed: list[StillOpenIn] = []
    accept_differences: bool = False


class TakenOverOut(msgspec.Struct, kw_only=True):
    """What became of one paper: the invoice that it is now, or why it was left out."""

    number: str
    ok: bool
    id: UUID | None
    kind: str
    client: UUID | None
    client_is_new: bool
    problems: list[FaultOut]
    remarks: list[FaultOut]


class TakeoverOut(msgspec.Struct):
    """What became of each paper."""

    papers: list[TakenOverOut]


class BalanceIn(msgspec.Struct, forbid_unknown_fields=True):
    """What one account stood at, in the base currency; debit above zero."""

    account: Code
    amount: Amount


class OpeningIn(msgspec.Struct, forbid_unknown_fields=True):
    """What the accounts stood at before the day `on`; receivables and payables are papers."""

    on: Day
    balances: list[BalanceIn]


class OpeningOut(msgspec.Struct):
    """The entry; none where every balance is nothing."""

    entry: UUID | None


@route(
    "POST",
    "takeover/papers/",
    permission="import.run",
    body=TakeoverIn,
    answer=TakeoverOut,
    is_bare=True,
    scope="upload",
    example={
        "content": "PEludm9pY2UgeG1sbnM9InVybjphIi8+",
        "filename": "2025-17.xml",
        "on": "2026-01-01",
        "open": "list",
        "listed": [{"number": "2025/17", "amount": "119.00"}],
    },
)
def take_over_papers(call: Call) -> TakeoverOut:
    """Take over papers of an earlier system

    Each keeps its number and day and is locked like any issued document; a paper comes once.
    """
    wire = Wire(call.body)
    wire.known(TakeoverIn.__struct_fields__)
    content = wire.text("content", most=MOST, required=True)
    name = wire.text("filename", most=255) or "papers"
    on = wire.day("on", required=True)
    accept = wire.flag("accept_differences")
    asked = open_in(wire)
    try:
        data = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        wire.fault("content", "wire.not_base64", "Send the file in base64.")
        data = b""
    wire.done()
    taking = Takeover(
        by=call.by,
        on=cast("date", on),
        at=call.at,
        still_open=asked,
        accept_differences=accept,
    )
    papers = [*taking.papers(data, name), *taking.unmet(name)]
    if len(papers) == 1 and not papers[0]["ok"]:
        raise Invalid(problems=[Problem(**one) for one in papers[0]["problems"]])
    return TakeoverOut([paper_out(one) for one in papers])


def open_in(wire: Wire) -> StillOpen:
    """What is open, as a request says it."""
    rule = wire.choice("open", ("due", "none", "list"), required=True)
    listed = amounts_in(wire, "listed", "number")
    if listed and rule != "list":
        wire.fault("listed", "wire.not_together", "Leave this out, or send “list” as open.")
    return StillOpen(listed=listed) if rule == "list" else still_open(rule)


def amounts_in(wire: Wire, name: str, key: str, *, required: bool = False) -> dict[str, Decimal]:
    """A list of names and amounts; each name once."""
    found: dict[str, Decimal] = {}
    for part in wire.parts(name, most=MOST_LISTED, required=required):
        part.known((key, "amount"))
        said = part.text(key, most=80, required=True)
        amount = part.decimal("amount", required=True)
        if said in found:
            part.fault(key, "wire.twice", "This stands in the list twice.")
        found[said] = amount if amount is not None else Decimal(0)
    return found


def paper_out(one: dict[str, Any]) -> TakenOverOut:
    """The shape of what became of a paper."""
    return TakenOverOut(
        number=one.get("number", ""),
        ok=one["ok"],
        id=UUID(one["id"]) if one["ok"] else None,
        kind=one.get("kind", ""),
        client=UUID(one["client_id"]) if one["ok"] else None,
        client_is_new=one.get("client_is_new", False),
        problems=[FaultOut(**fault) for fault in one["problems"]],
        remarks=[FaultOut(**fault) for fault in one.get("remarks", ())],
    )


@route(
    "POST",
    "takeover/balances/",
    permission="ledger.post",
    body=OpeningIn,
    answer=OpeningOut,
    example={"on": "2026-01-01", "balances": [{"account": "1200", "amount": "2500.00"}]},
)
def open_accounts(call: Call) -> OpeningOut:
    """Open the accounts with their balances, once"""
    wire = Wire(call.body)
    wire.known(OpeningIn.__struct_fields__)
    on = wire.day("on", required=True)
    balances = amounts_in(wire, "balances", "account", required=True)
    wire.done()
    return OpeningOut(open_books(balances, by=call.by, on=cast("date", on), at=call.at))
