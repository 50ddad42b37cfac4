"""/ladders/, /clients/{id}/reminding/, /reminder-holds/ and /reference-rates/: how clients are
reminded, when not, and by which rates."""

from typing import Any, Literal

import msgspec

from guilder.faces.rest.listing import Filter, Listing, page_of_records, read_query
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.wire import Amount, Day, Id, Whole
from guilder.foundation.identity import queries as identities
from guilder.office.dunning import operations, queries
from guilder.office.dunning.schemas import (
    HoldOut,
    LadderOut,
    ReferenceRateOut,
    TermsOut,
    hold_out,
    ladder_out,
    rate_out,
    terms_out,
)
from guilder.registers.parties import queries as parties

HOLDS = Listing(
    shape=HoldOut,
    filters={
        "client": Filter("partner_id", "id", ("",)),
        "invoice": Filter("invoice_id", "id", ("",)),
    },
    sorts={"created_at": "id"},
    kinds={"created_at": "text"},
    is_newest_first=True,
)
SOMETHING = "019e0c5e-7f4c-7a51-9d2e-3c5f3f3a5b11"
EXAMPLE = {
    "name": "Usual",
    "is_default": True,
    "automatic_from": "2026-12-01",
    "steps": [
        {"days": 5, "tone": "reminder"},
        {"days": 19, "tone": "demand", "with_interest": True, "fee": "5.00"},
        {"days": 33, "tone": "final", "with_interest": True, "needs_approval": True},
    ],
}


class StepIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """`days` after the due date; a notice goes out before it, so its days are below zero."""

    days: Whole
    tone: Literal["notice", "reminder", "demand", "final"] = "reminder"
    channel: Literal["mail", "letter", "both"] = "mail"
    pay_within: Whole = 7
    fee: Amount = "0"
    with_interest: bool = False
    with_lump_sum: bool = False
    needs_approval: bool = False


class LadderIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What fell due before `automatic_from` waits for a person; without it everything does. What is
    left of a paid invoice up to `forgives` is written off."""

    name: str
    steps: list[StepIn]
    is_default: bool = False
    is_collective: bool = True
    interest: Literal["none", "statutory", "contract"] = "statutory"
    contract_percent: Amount | None = None
    automatic_from: Day | None = None
    forgives: Amount = "0"


class TermsIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Another ladder than the usual one, or no reminders at all."""

    ladder: Id | None = None
    is_never: bool = False


class PauseIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """For a client or for one invoice; without a day until somebody ends it."""

    client: Id | None = None
    invoice: Id | None = None
    until_on: Day | None = None
    reason: str = ""


class PromiseIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """The client pays by that day; without an amount all that is open."""

    invoice: Id
    until_on: Day
    amount: Amount | None = None
    reason: str = ""


class ReferenceRateIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """The rate of a half-year, which begins on 1 January or 1 July."""

    reference: Literal["ecb", "de_base", "at_base", "boe"]
    valid_from: Day
    percent: Amount
    source: str


class LaddersOut(msgspec.Struct):
    """Every ladder, the usual one first."""

    data: list[LadderOut]


class RatesOut(msgspec.Struct):
    """Every known rate, newest first."""

    data: list[ReferenceRateOut]


def told(call: Call, record: Any) -> LadderOut:
    """A ladder with its fees in the base currency."""
    currency = identities.get_organization(call.by.organization_id).base_currency
    return ladder_out(record, currency=currency)


@route("GET", "ladders/", permission="reminder.view", answer=LaddersOut)
def list_ladders(call: Call) -> LaddersOut:
    """List ladders"""
    return LaddersOut([told(call, one) for one in queries.list_ladders(by=call.by)])


@route(
    "POST", "ladders/", permission="reminder.edit", body=LadderIn, answer=LadderOut,
    example=EXAMPLE,
)  # fmt: skip
def save_ladder(call: Call) -> LadderOut:
    """Make a ladder"""
    record = operations.save_ladder(by=call.by, data=call.body, at=call.at)
    call.place(f"ladders/{record.id}/")
    return told(call, record)


@route("GET", "ladders/{id}/", permission="reminder.view", answer=LadderOut)
def get_ladder(call: Call) -> LadderOut:
    """Read a ladder"""
    return told(call, queries.get_ladder(call.id, by=call.by))


@route(
    "PUT", "ladders/{id}/", permission="reminder.edit", body=LadderIn, answer=LadderOut,
    example=EXAMPLE,
)  # fmt: skip
def change_ladder(call: Call) -> LadderOut:
    """Change a ladder

    Steps are numbered by their days; a number that was sent for an invoice is not sent again.
    """
    record = operations.save_ladder(
        by=call.by, data=call.body, at=call.at, ladder_id=call.id, version=call.version
    )
    return told(call, record)


@route("DELETE", "ladders/{id}/", permission="reminder.edit", answer=None)
def delete_ladder(call: Call) -> None:
    """Delete a ladder that nobody is reminded by"""
    operations.delete_ladder(call.id, by=call.by)


@route("GET", "clients/{id}/reminding/", permission="reminder.view", answer=TermsOut)
def terms_of(call: Call) -> TermsOut:
    """Read how a client is reminded"""
    parties.get_partner(call.by.organization_id, call.id, side="customer")
    return terms_out(queries.terms_of(call.id, by=call.by))


@route(
    "PUT", "clients/{id}/reminding/", permission="reminder.edit", body=TermsIn, answer=TermsOut,
    example={"is_never": True},
)  # fmt: skip
def set_terms(call: Call) -> TermsOut:
    """Say how a client is reminded"""
    return terms_out(
        operations.set_terms(call.id, by=call.by, data=call.body, version=call.version)
    )


@route("GET", "reminder-holds/", permission="reminder.view", answer=HoldOut, listing=HOLDS)
def list_holds(call: Call) -> Any:
    """List pauses and promises"""
    query = read_query(call.request.GET, listing=HOLDS)
    wanted = {HOLDS.filters[name].column: value for name, value in query.where.items()}
    found = queries.list_holds(
        by=call.by,
        limit=query.limit + 1,
        after=query.after[1] if query.after else None,
        **wanted,
    )
    return page_of_records(found, query, shape=lambda one: hold_out(one, today=call.today))


@route(
    "POST", "reminder-holds/pause/", permission="reminder.send", body=PauseIn, answer=HoldOut,
    status=201, example={"client": SOMETHING, "until_on": "2027-01-31"},
)  # fmt: skip
def pause_reminders(call: Call) -> HoldOut:
    """Let reminders rest for a client or an invoice"""
    record = operations.pause_reminders(by=call.by, data=call.body, at=call.at, today=call.today)
    return hold_out(record, today=call.today)


@route(
    "POST", "reminder-holds/promise/", permission="reminder.send", body=PromiseIn,
    answer=HoldOut, status=201, example={"invoice": SOMETHING, "until_on": "2027-01-31"},
)  # fmt: skip
def promise_payment(call: Call) -> HoldOut:
    """Note that a client promised to pay; reminders rest until then"""
    record = operations.promise_payment(by=call.by, data=call.body, at=call.at, today=call.today)
    return hold_out(record, today=call.today)


@route("GET", "reminder-holds/{id}/", permission="reminder.view", answer=HoldOut)
def get_hold(call: Call) -> HoldOut:
    """Read a pause or promise"""
    return hold_out(queries.get_hold(call.id, by=call.by), today=call.today)


@route("POST", "reminder-holds/{id}/end/", permission="reminder.send", answer=HoldOut)
def end_hold(call: Call) -> HoldOut:
    """End a pause or promise: reminders go on"""
    return hold_out(operations.end_hold(call.id, by=call.by, at=call.at), today=call.today)


@route("GET", "reference-rates/", permission="reminder.view", answer=RatesOut)
def known_rates(call: Call) -> RatesOut:
    """List the rates that statutory interest builds upon"""
    return RatesOut([rate_out(one) for one in queries.known_rates(by=call.by)])


@route(
    "POST", "reference-rates/", permission="reminder.edit", body=ReferenceRateIn,
    answer=ReferenceRateOut,
    example={"reference": "ecb", "valid_from": "2027-01-01", "percent": "2.15",
             "source": "ECB, 2 January 2027"},
)  # fmt: skip
def set_rate(call: Call) -> ReferenceRateOut:
    """Enter the rate of a half-year"""
    return rate_out(operations.set_rate(by=call.by, data=call.body, at=call.at))


@route("GET", "reference-rates/{id}/", permission="reminder.view", answer=ReferenceRateOut)
def get_rate(call: Call) -> ReferenceRateOut:
    """Read a rate that was typed"""
    return rate_out(queries.get_rate(call.id, by=call.by))


@route("DELETE", "reference-rates/{id}/", permission="reminder.edit", answer=None)
def remove_rate(call: Call) -> None:
    """Take a typed rate away"""
    operations.remove_rate(call.id, by=call.by)
