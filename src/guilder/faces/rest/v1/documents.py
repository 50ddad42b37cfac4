"""/documents/: papers of suppliers that came in, what was read in them, and the bills of them."""

import base64
import binascii
from typing import Any

import msgspec
from django.http import HttpResponse

from guilder.books.bills.schemas import BillOut, bill_out
from guilder.faces.rest.listing import Filter, Listing, page_of_records, read_query
from guilder.faces.rest.routes import Call, file_answer, route
from guilder.faces.rest.v1.validations import VerdictOut, shaped
from guilder.faces.rest.wire import Id
from guilder.flows.intake import operations, queries
from guilder.flows.intake.schemas import (
    FaultOut,
    ReceivedOut,
    ReceivedSummaryOut,
    received_out,
    received_summary,
)
from guilder.kernel.errors import NotFound, Problem
from guilder.kernel.wire import Wire

MOST = 90 << 20  # characters of base64
LISTING = Listing(
    shape=ReceivedSummaryOut,
    filters={
        "state": Filter("state", "text", ("",)),
        "channel": Filter("channel", "text", ("",)),
        "supplier": Filter("supplier_id", "id", ("",)),
    },
    sorts={"created_at": "id"},
    kinds={"created_at": "text"},
    is_newest_first=True,
    searches=True,
)


class NotJudged(NotFound):
    """No official rules were asked about this paper."""

    code = "document.not_judged"


class DocumentIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A file in base64: an e-invoice, a hybrid PDF, a PDF or picture, or a ZIP of such."""

    content: str
    filename: str = ""


class ReceivedPartOut(msgspec.Struct, kw_only=True):
    """What became of one file: its papers, or why it was not taken."""

    filename: str
    is_new: bool
    documents: list[ReceivedSummaryOut]
    problems: list[FaultOut]


class ReceivedManyOut(msgspec.Struct):
    """What became of a file, or of each file in an archive."""

    files: list[ReceivedPartOut]


class DocumentBillIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Whose bill it is where the paper did not tell: a supplier's id, or a new supplier made of the
    paper. With `accept_differences` figures that contradict each other are taken as computed."""

    supplier: Id | None = None
    new_supplier: bool = False
    accept_differences: bool = False


class DocumentReasonIn(msgspec.Struct, forbid_unknown_fields=True):
    """Why a paper is none of yours."""

    reason: str


@route("GET", "documents/", permission="bill.view", answer=ReceivedSummaryOut, listing=LISTING)
def list_documents(call: Call) -> Any:
    """List received documents"""
    query = read_query(call.request.GET, listing=LISTING)
    wanted = queries.DocumentFilter(
        q=query.q, **{LISTING.filters[name].column: value for name, value in query.where.items()}
    )
    before = query.after[1] if query.after else None
    found = queries.list_received(wanted, by=call.by, limit=query.limit + 1, before=before)
    return page_of_records(found, query, shape=received_summary)


@route(
    "POST",
    "documents/",
    permission="document.upload",
    body=DocumentIn,
    answer=ReceivedManyOut,
    is_bare=True,
    scope="upload",
    example={"content": "PEludm9pY2UgeG1sbnM9InVybjphIi8+", "filename": "bill.xml"},
)
def receive_document(call: Call) -> ReceivedManyOut:
    """Take a document in"""
    wire = Wire(call.body)
    wire.known(DocumentIn.__struct_fields__)
    content = wire.text("content", most=MOST, required=True)
    name = wire.text("filename", most=255) or "document"
    try:
        data = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        wire.fault("content", "wire.not_base64", "Send the file in base64.")
        data = b""
    wire.done()
    found = operations.receive_all(data, name=name, channel="api", by=call.by, at=call.at)
    if len(found) == 1 and found[0].error is not None:
        raise found[0].error
    if len(found) == 1:
        call.place(f"documents/{found[0].documents[0].id}/")
    return ReceivedManyOut(files=[part_out(one) for one in found])


def part_out(one: operations.Outcome) -> ReceivedPartOut:
    """What became of one file."""
    problems: tuple[Problem, ...] = ()
    if one.error is not None:
        problems = one.error.problems or (Problem("", one.error.code, one.error.detail),)
    return ReceivedPartOut(
        filename=one.name,
        is_new=one.is_new,
        documents=[received_summary(row) for row in one.documents],
        problems=[FaultOut(each.pointer, each.code, each.detail) for each in problems],
    )


@route("GET", "documents/{id}/", permission="bill.view", answer=ReceivedOut)
def read_document(call: Call) -> ReceivedOut:
    """Read a received document"""
    return received_out(queries.get_received(call.id, by=call.by))


@route("GET", "documents/{id}/file/", permission="bill.view", answer=bytes, is_bare=True)
def get_document_file(call: Call) -> HttpResponse:
    """Get its bytes as they came"""
    row = queries.get_received(call.id, by=call.by)
    data = queries.bytes_of(call.id, by=call.by)
    return file_answer(data, media_type=row.media_type, filename=row.filename)


@route("GET", "documents/{id}/verdict/", permission="bill.view", answer=VerdictOut)
def get_document_verdict(call: Call) -> VerdictOut:
    """Get the official verdict on it"""
    verdict = queries.verdict_on(queries.get_received(call.id, by=call.by))
    if verdict is None:
        raise NotJudged("No official rules were asked about this document.")
    return shaped(verdict)


@route(
    "POST",
    "documents/{id}/bill/",
    permission="bill.edit",
    body=DocumentBillIn,
    answer=BillOut,
    example={"new_supplier": True},
)
def bill_document(call: Call) -> BillOut:
    """Make a bill of it"""
    wire = Wire(call.body)
    wire.known(DocumentBillIn.__struct_fields__)
    supplier = wire.identity("supplier")
    is_new = wire.flag("new_supplier")
    accepts = wire.flag("accept_differences")
    wire.done()
    made = operations.make_bill(
        call.id,
        by=call.by,
        at=call.at,
        supplier_id=supplier,
        is_new_supplier=is_new,
        accept_differences=accepts,
    )
    call.place(f"bills/{made.id}/")
    return bill_out(made, on=call.today)


@route(
    "POST",
    "documents/{id}/refuse/",
    permission="bill.edit",
    body=DocumentReasonIn,
    answer=ReceivedOut,
    example={"reason": "Not ours"},
)
def refuse_document(call: Call) -> ReceivedOut:
    """Refuse it"""
    wire = Wire(call.body)
    wire.known(("reason",))
    reason = wire.text("reason", most=500, required=True)
    wire.done()
    return received_out(operations.refuse(call.id, by=call.by, at=call.at, reason=reason))


@route("POST", "documents/{id}/take-back/", permission="bill.edit", answer=ReceivedOut, example={})
def take_document_back(call: Call) -> ReceivedOut:
    """Let a refused document, or a duplicate, wait again"""
    return received_out(operations.take_back(call.id, by=call.by, at=call.at))


@route("DELETE", "documents/{id}/", permission="document.delete")
def delete_document(call: Call) -> None:
    """Throw a received document away"""
    operations.delete_received(call.id, by=call.by)
