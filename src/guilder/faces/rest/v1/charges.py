"""/charges/, /chargebacks/, /payouts/, /saved-methods/: money through payment gateways."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from guilder.books.charging import operations, queries
from guilder.books.charging.schemas import (
    ChargebackOut,
    ChargeOut,
    PayoutOut,
    SavedMethodOut,
    charge_out,
    chargeback_out,
    payout_out,
    saved_out,
)
from guilder.faces.rest.listing import Filter, Listing, page_of_records, read_query
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.v1.expanding import CLIENT, clients_of
from guilder.faces.rest.wire import Amount, Id, Method
from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.wire import Wire

BY_ID = {"created_at": "id"}
CHARGES = Listing(
    shape=ChargeOut,
    filters={
        "client": Filter("partner_id", "id", ("",)),
        "invoice": Filter("invoice_id", "id", ("",)),
        "gateway": Filter("gateway_id", "id", ("",)),
        "state": Filter("state", "text", ("",)),
    },
    sorts=BY_ID,
    kinds={"created_at": "text"},
    is_newest_first=True,
    expands=CLIENT,
)
CHARGEBACKS = Listing(
    shape=ChargebackOut,
    filters={
        "charge": Filter("charge_id", "id", ("",)),
        "client": Filter("partner_id", "id", ("",)),
        "stage": Filter("stage", "text", ("",)),
    },
    sorts={"opened_at": "id"},
    kinds={"opened_at": "text"},
    is_newest_first=True,
    expands=CLIENT,
)
PAYOUTS = Listing(
    shape=PayoutOut,
    filters={
        "gateway": Filter("gateway_id", "id", ("",)),
        "stage": Filter("stage", "text", ("",)),
    },
    sorts=BY_ID,
    kinds={"created_at": "text"},
    is_newest_first=True,
)
SAVED = Listing(
    shape=SavedMethodOut,
    filters={"client": Filter("partner_id", "id", ("",))},
    sorts={"agreed_at": "id"},
    kinds={"agreed_at": "text"},
    is_newest_first=True,
    expands=CLIENT,
)
SOMETHING = "019e0c5e-7f4c-7a51-9d2e-3c5f3f3a5b11"


class ChargeShareIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """An invoice, and how much of it; no amount is all that is open."""

    invoice: Id
    amount: Amount | None = None


class ChargeIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What to ask for through which gateway; with a saved method it is taken at once."""

    gateway: Id
    invoices: list[ChargeShareIn]
    method: Method | None = None
    saved_method: Id | None = None
    keep_method: bool = False
    consent: str = ""
    back_url: str = ""


class OutcomeIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """How it ended: succeeded or failed."""

    outcome: str
    note: str = ""


class ChargebackAnswerIn(msgspec.Struct, forbid_unknown_fields=True):
    """Why the charge was right."""

    text: str


class CollectingIn(msgspec.Struct, forbid_unknown_fields=True):
    """Whether what falls due is taken from it by itself."""

    collects: bool


class EndingIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Why it is ended."""

    reason: str = ""


@route("GET", "charges/", permission="payment.view", answer=ChargeOut, listing=CHARGES)
def list_charges(call: Call) -> Any:
    """List charges"""
    query = read_query(call.request.GET, listing=CHARGES)
    return page_of_records(
        queries.list_charges(by=call.by, **wanted(query, CHARGES)),
        query,
        shape=charge_out,
        widen=clients_of(call),
    )


def wanted(query: Any, listing: Listing) -> dict[str, Any]:
    """Filters, place and size of a page as the queries take them."""
    found = {listing.filters[name].column: value for name, value in query.where.items()}
    return {**found, "limit": query.limit + 1, "after": query.after[1] if query.after else None}


@route(
    "POST",
    "charges/",
    permission="charge.start",
    body=ChargeIn,
    answer=ChargeOut,
    is_bare=True,
    example={"gateway": SOMETHING, "invoices": [{"invoice": SOMETHING}]},
)
def start_charge(call: Call) -> ChargeOut:
    """Ask for money through a gateway

    Pending with a `url` is where the client pays; the same Idempotency-Key is the same charge.
    """
    key = call.request.headers.get("Idempotency-Key") or str(uuid7())
    who = call.by.key_id or call.by.user_id
    record = operations.start_charge(
        by=call.by,
        data=call.body,
        attempt=f"api:{uuid5(NAMESPACE_URL, f'{who}:{key}')}",
        at=call.at,
        base_url=call.request.build_absolute_uri("/"),
    )
    call.place(f"charges/{record.id}/")
    return charge_out(record)


@route("GET", "charges/{id}/", permission="payment.view", answer=ChargeOut)
def read_charge(call: Call) -> ChargeOut:
    """Read a charge"""
    return charge_out(queries.get_charge(call.id, by=call.by))


@route(
    "POST",
    "charges/{id}/check/",
    permission="payment.view",
    answer=ChargeOut,
    is_bare=True,
    example={},
)
def check_charge(call: Call) -> ChargeOut:
    """Ask the gateway how it stands"""
    base_url = call.request.build_absolute_uri("/")
    found = operations.check_charge(call.id, by=call.by, at=call.at, base_url=base_url)
    return charge_out(found)


@route(
    "POST",
    "charges/{id}/confirm/",
    permission="payment.record",
    body=OutcomeIn,
    answer=ChargeOut,
    example={"outcome": "succeeded"},
)
def confirm_charge(call: Call) -> ChargeOut:
    """Say how a charge of a manual gateway ended"""
    wire = Wire(call.body)
    wire.known(OutcomeIn.__struct_fields__)
    outcome = wire.choice("outcome", ("succeeded", "failed"), default="")
    if not outcome:
        wire.fault("outcome", "required", "Say succeeded or failed.")
    note = wire.text("note", most=80)
    wire.done()
    found = operations.confirm_charge(call.id, by=call.by, outcome=outcome, at=call.at, note=note)
    return charge_out(found)


@route("GET", "chargebacks/", permission="payment.view", answer=ChargebackOut, listing=CHARGEBACKS)
def list_chargebacks(call: Call) -> Any:
    """List chargebacks"""
    query = read_query(call.request.GET, listing=CHARGEBACKS)
    found = queries.list_chargebacks(by=call.by, **wanted(query, CHARGEBACKS))
    return page_of_records(found, query, shape=chargeback_out, widen=clients_of(call))


@route("GET", "chargebacks/{id}/", permission="payment.view", answer=ChargebackOut)
def read_chargeback(call: Call) -> ChargebackOut:
    """Read a chargeback"""
    return chargeback_out(queries.get_chargeback(call.id, by=call.by))


@route(
    "POST",
    "chargebacks/{id}/answer/",
    permission="payment.reverse",
    body=ChargebackAnswerIn,
    answer=ChargebackOut,
    is_bare=True,
    example={"text": "The goods were delivered on 3 November; see the signed note."},
)
def answer_chargeback(call: Call) -> ChargebackOut:
    """Answer a chargeback at the gateway"""
    wire = Wire(call.body)
    wire.known(ChargebackAnswerIn.__struct_fields__)
    text = wire.text("text", most=20_000, lines=True, required=True)
    wire.done()
    return chargeback_out(operations.answer_chargeback(call.id, by=call.by, text=text, at=call.at))


@route("GET", "payouts/", permission="bank.view", answer=PayoutOut, listing=PAYOUTS)
def list_payouts(call: Call) -> Any:
    """List payouts"""
    query = read_query(call.request.GET, listing=PAYOUTS)
    found = queries.list_payouts(by=call.by, **wanted(query, PAYOUTS))
    return page_of_records(found, query, shape=payout_out)


@route("GET", "payouts/{id}/", permission="bank.view", answer=PayoutOut)
def read_payout(call: Call) -> PayoutOut:
    """Read a payout"""
    return payout_out(queries.get_payout(call.id, by=call.by))


@route("GET", "saved-methods/", permission="payment.view", answer=SavedMethodOut, listing=SAVED)
def list_saved_methods(call: Call) -> Any:
    """List saved methods"""
    query = read_query(call.request.GET, listing=SAVED)
    found = queries.list_saved(by=call.by, **wanted(query, SAVED))
    return page_of_records(found, query, shape=saved_out, widen=clients_of(call))


@route("GET", "saved-methods/{id}/", permission="payment.view", answer=SavedMethodOut)
def read_saved_method(call: Call) -> SavedMethodOut:
    """Read a saved method"""
    return saved_out(queries.get_saved(call.id, by=call.by))


@route(
    "POST",
    "saved-methods/{id}/collect/",
    permission="payment.record",
    body=CollectingIn,
    answer=SavedMethodOut,
    example={"collects": True},
)
def set_collecting(call: Call) -> SavedMethodOut:
    """Take what falls due from a saved method, or no longer"""
    wire = Wire(call.body)
    wire.known(CollectingIn.__struct_fields__)
    collects = wire.flag("collects")
    wire.done()
    return saved_out(operations.set_collecting(call.id, by=call.by, collects=collects))


@route(
    "POST",
    "saved-methods/{id}/end/",
    permission="payment.record",
    body=EndingIn,
    answer=SavedMethodOut,
    example={},
)
def end_saved_method(call: Call) -> SavedMethodOut:
    """Never charge a saved method again"""
    wire = Wire(call.body)
    wire.known(EndingIn.__struct_fields__)
    reason = wire.text("reason", most=200)
    wire.done()
    found = operations.end_saved_method(call.id, by=call.by, at=call.at, reason=reason)
    return saved_out(found)
