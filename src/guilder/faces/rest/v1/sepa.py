"""/mandates/ and /payment-orders/: SEPA direct debits and credit transfers as files."""

from datetime import date
from typing import Any, cast

import msgspec

from guilder.books.sepa import operations, queries
from guilder.books.sepa.schemas import (
    MandateOut,
    PaymentOrderOut,
    mandate_out,
    payment_order_out,
)
from guilder.faces.rest.listing import Filter, Listing, page_of_records, read_query
from guilder.faces.rest.routes import Call, file_answer, route
from guilder.faces.rest.v1.banking import LARGEST, decoded
from guilder.faces.rest.v1.charges import wanted
from guilder.faces.rest.wire import Day, Id
from guilder.kernel.wire import Wire
from guilder.office.dispatch import operations as dispatch

SOMETHING = "019e0c5e-7f4c-7a51-9d2e-3c5f3f3a5b11"
MANDATES = Listing(
    shape=MandateOut,
    filters={"client": Filter("partner_id", "id", ("",))},
    sorts={"created_at": "id"},
    kinds={"created_at": "text"},
    is_newest_first=True,
)
ORDERS = Listing(
    shape=PaymentOrderOut,
    filters={
        "kind": Filter("kind", "text", ("",)),
        "status": Filter("status", "text", ("",)),
        "refund": Filter("refund_id", "id", ("",)),
    },
    sorts={"created_at": "id"},
    kinds={"created_at": "text"},
    is_newest_first=True,
)


class MandateIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A client's mandate. Without an IBAN the client's own account is taken, without a reference
    the client's next one; without `signed_on` it waits for its signature."""

    client: Id
    reference: str = ""
    scheme: str = "CORE"
    recurrent: bool = True
    last: bool = False
    holder: str = ""
    iban: str = ""
    bic: str = ""
    signed_on: Day | None = None
    notice_days: int | None = None


class MandatePatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What to change; a bank that knows the mandate is told by the next collection."""

    reference: str | None = None
    scheme: str | None = None
    recurrent: bool | None = None
    last: bool | None = None
    holder: str | None = None
    iban: str | None = None
    bic: str | None = None
    signed_on: Day | None = None
    notice_days: int | None = None


class ReasonIn(msgspec.Struct, forbid_unknown_fields=True):
    """Why."""

    reason: str


class PaymentOrderIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What to collect or to pay, and when. A debit without `invoices` takes all that can be
    collected on that day; a transfer names its bills, its refunds, or both. `account` is an own
    bank account."""

    kind: str
    due_on: Day | None = None
    account: Id | None = None
    invoices: list[Id] | None = None
    bills: list[Id] | None = None
    refunds: list[Id] | None = None


class RefusedIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What the bank said of one order; `failure` is its code, such as AM04."""

    failure: str = ""


class AnswerIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A status report (pain.002): its bytes in base64, as statements are sent."""

    content: str
    filename: str = ""


@route("GET", "mandates/", permission="sepa.view", answer=MandateOut, listing=MANDATES)
def list_mandates(call: Call) -> Any:
    """List mandates"""
    query = read_query(call.request.GET, listing=MANDATES)
    found = queries.list_mandates(by=call.by, **wanted(query, MANDATES))
    return page_of_records(found, query, shape=lambda one: mandate_out(one, on=call.today))


@route(
    "POST",
    "mandates/",
    permission="mandate.edit",
    body=MandateIn,
    answer=MandateOut,
    example={"client": SOMETHING, "iban": "DE02120300000000202051", "signed_on": "2026-11-02"},
)
def create_mandate(call: Call) -> MandateOut:
    """Enter a mandate"""
    row = operations.save_mandate(by=call.by, data=call.body, at=call.at)
    call.place(f"mandates/{row.id}/")
    return mandate_out(row, on=call.today)


@route("GET", "mandates/{id}/", permission="sepa.view", answer=MandateOut)
def read_mandate(call: Call) -> MandateOut:
    """Read a mandate"""
    return mandate_out(queries.get_mandate(call.id, by=call.by), on=call.today)


@route(
    "PATCH",
    "mandates/{id}/",
    permission="mandate.edit",
    body=MandatePatch,
    answer=MandateOut,
    example={"iban": "NL91ABNA0417164300"},
)
def change_mandate(call: Call) -> MandateOut:
    """Change a mandate"""
    row = operations.save_mandate(
        by=call.by, data=call.body, at=call.at, mandate_id=call.id, version=call.version
    )
    return mandate_out(row, on=call.today)


@route(
    "POST",
    "mandates/{id}/end/",
    permission="mandate.edit",
    body=ReasonIn,
    answer=MandateOut,
    example={"reason": "The client withdrew it"},
)
def end_mandate(call: Call) -> MandateOut:
    """End a mandate"""
    row = operations.end_mandate(call.id, by=call.by, at=call.at, reason=reason_of(call))
    return mandate_out(row, on=call.today)


def reason_of(call: Call) -> str:
    """The reason of a body, judged."""
    wire = Wire(call.body)
    wire.known(ReasonIn.__struct_fields__)
    reason = wire.text("reason", most=200, required=True)
    wire.done()
    return reason


@route("GET", "mandates/{id}/pdf/", permission="sepa.view", answer=bytes, is_bare=True)
def print_mandate(call: Call) -> Any:
    """Print a mandate, for the client to sign

    In the client's language. Until it is signed there is a place for the signature.
    """
    printed = dispatch.print_mandate(call.id, by=call.by, at=call.at)
    return file_answer(printed.pdf, media_type="application/pdf", filename=printed.filename)


@route("GET", "payment-orders/", permission="sepa.view", answer=PaymentOrderOut, listing=ORDERS)
def list_payment_orders(call: Call) -> Any:
    """List payment orders"""
    query = read_query(call.request.GET, listing=ORDERS)
    found = queries.list_batches(by=call.by, **wanted(query, ORDERS))
    return page_of_records(found, query, shape=payment_order_out)


@route(
    "POST",
    "payment-orders/",
    permission="sepa.edit",
    body=PaymentOrderIn,
    answer=PaymentOrderOut,
    example={"kind": "debit"},
)
def create_payment_order(call: Call) -> PaymentOrderOut:
    """Put direct debits or transfers together"""
    data = dict(call.body)
    wire = Wire({"kind": data.pop("kind", "")})
    kind = wire.choice("kind", ("debit", "transfer"), required=True)
    wire.done()
    make = operations.create_collection if kind == "debit" else operations.create_transfer
    row = make(by=call.by, data=data, at=call.at)
    call.place(f"payment-orders/{row.id}/")
    return whole(row, call)


def whole(row: Any, call: Call) -> PaymentOrderOut:
    """A payment order with its orders."""
    return payment_order_out(row, queries.items_of(row.id, by=call.by))


@route("GET", "payment-orders/{id}/", permission="sepa.view", answer=PaymentOrderOut)
def read_payment_order(call: Call) -> PaymentOrderOut:
    """Read a payment order"""
    return whole(queries.get_batch(call.id, by=call.by), call)


@route("POST", "payment-orders/{id}/approve/", permission="sepa.approve", answer=PaymentOrderOut)
def approve_payment_order(call: Call) -> PaymentOrderOut:
    """Approve somebody else's payment order

    It is closed with that: its file is there.
    """
    return whole(operations.approve(call.id, by=call.by, at=call.at), call)


@route("POST", "payment-orders/{id}/close/", permission="sepa.edit", answer=PaymentOrderOut)
def close_payment_order(call: Call) -> PaymentOrderOut:
    """Close a payment order

    Its file is made, and nothing in it changes from then on.
    """
    return whole(operations.close(call.id, by=call.by, at=call.at), call)


@route("POST", "payment-orders/{id}/hand-over/", permission="sepa.edit", answer=PaymentOrderOut)
def hand_over_payment_order(call: Call) -> PaymentOrderOut:
    """Note that the bank has the file

    On its day what it asks for is booked.
    """
    return whole(operations.hand_over(call.id, by=call.by, at=call.at), call)


@route(
    "POST",
    "payment-orders/{id}/cancel/",
    permission="sepa.edit",
    body=ReasonIn,
    answer=PaymentOrderOut,
    example={"reason": "The bank did not take it"},
)
def cancel_payment_order(call: Call) -> PaymentOrderOut:
    """Cancel a payment order of which nothing is booked"""
    return whole(operations.cancel(call.id, by=call.by, at=call.at, reason=reason_of(call)), call)


@route(
    "POST", "payment-orders/{id}/orders/{order}/drop/", permission="sepa.edit",
    answer=PaymentOrderOut,
)  # fmt: skip
def drop_order(call: Call) -> PaymentOrderOut:
    """Take an order out of a draft"""
    row = operations.drop_order(call.id, call.path["order"], by=call.by, at=call.at)
    return whole(row, call)


@route(
    "POST",
    "payment-orders/{id}/orders/{order}/refuse/",
    permission="sepa.edit",
    body=RefusedIn,
    answer=PaymentOrderOut,
    example={"failure": "AM04"},
)
def refuse_order(call: Call) -> PaymentOrderOut:
    """Note that the bank refused an order or sent its money back"""
    wire = Wire(call.body)
    wire.known(RefusedIn.__struct_fields__)
    code = wire.text("failure", most=4)
    wire.done()
    row = operations.reject_order(
        call.id, call.path["order"], by=call.by, on=cast("date", call.today), at=call.at, code=code
    )
    return whole(row, call)


@route(
    "GET", "payment-orders/{id}/file/", permission="sepa.view", answer=bytes,
    query=(("version", "pain.008.001.08 or .02, pain.001.001.09 or .03"),),
)  # fmt: skip
def read_payment_file(call: Call) -> Any:
    """The file for the bank, the same each time"""
    version = call.request.GET.get("version", "")
    name, data = queries.file_of(call.id, by=call.by, version=version)
    return file_answer(data, media_type="application/xml", filename=name)


@route(
    "POST",
    "payment-orders/answers/",
    permission="sepa.edit",
    body=AnswerIn,
    answer=PaymentOrderOut,
    example={"content": "PERvY3VtZW50Lz4=", "filename": "answer.xml"},
)
def take_answer(call: Call) -> PaymentOrderOut:
    """Read a bank's status report (pain.002)"""
    wire = Wire(call.body)
    wire.known(AnswerIn.__struct_fields__)
    content = wire.text("content", most=LARGEST, required=True)
    filename = wire.text("filename", most=120)
    data = decoded(content, wire)
    wire.done()
    row = operations.receive_answer(data, by=call.by, at=call.at, filename=filename)
    return whole(row, call)
