"""Invoices and credit notes as e-invoices, and what each format has no place for."""

from typing import Any

import msgspec
from django.http import HttpResponse

from guilder.faces.rest.routes import Call, file_answer, route
from guilder.faces.rest.v1.credit_notes import credit_note
from guilder.office.dispatch import operations as dispatch
from guilder.papers.exchange.formats.targets import TARGETS
from guilder.papers.exchange.roundtrip import Difference

DEFAULT = "ubl"
FORMAT = (("format", f"One of {', '.join(f'`{name}`' for name in TARGETS)}; `ubl` if left out."),)
PDF = (("format", "A Factur-X profile, such as `facturx`, puts the e-invoice inside."),)


class DifferenceOut(msgspec.Struct):
    """One value that does not come back as it went; `term` is the business term of EN 16931."""

    change: str
    term: str
    place: str
    value: str
    read: str


class FormatReportOut(msgspec.Struct):
    """What of a document a format carries, found by writing it and reading it again."""

    format: str
    title: str
    is_writable: bool
    refusal: str
    is_lossless: bool
    differences: list[DifferenceOut]


@route(
    "GET",
    "invoices/{id}/pdf/",
    permission="invoice.view",
    answer=bytes,
    is_bare=True,
    query=PDF,
)
def print_invoice(call: Call) -> HttpResponse:
    """Get it as a PDF"""
    return printed_answer(call)


@route(
    "GET",
    "invoices/{id}/xml/",
    permission="invoice.view",
    answer=bytes,
    is_bare=True,
    query=FORMAT,
)
def get_invoice_xml(call: Call) -> HttpResponse:
    """Get it as an e-invoice"""
    return xml_answer(call)


@route(
    "GET",
    "invoices/{id}/xml/report/",
    permission="invoice.view",
    answer=FormatReportOut,
    query=FORMAT,
)
def report_invoice_xml(call: Call) -> Any:
    """Say what a format has no place for"""
    return report_answer(call)


@route(
    "GET",
    "credit-notes/{id}/xml/",
    permission="invoice.view",
    answer=bytes,
    is_bare=True,
    query=FORMAT,
)
def get_credit_note_xml(call: Call) -> HttpResponse:
    """Get it as an e-invoice"""
    credit_note(call)
    return xml_answer(call)


@route(
    "GET",
    "credit-notes/{id}/xml/report/",
    permission="invoice.view",
    answer=FormatReportOut,
    query=FORMAT,
)
def report_credit_note_xml(call: Call) -> Any:
    """Say what a format has no place for"""
    credit_note(call)
    return report_answer(call)


@route(
    "GET",
    "credit-notes/{id}/pdf/",
    permission="invoice.view",
    answer=bytes,
    is_bare=True,
    query=PDF,
)
def print_credit_note(call: Call) -> HttpResponse:
    """Get it as a PDF"""
    credit_note(call)
    return printed_answer(call)


def printed_answer(call: Call) -> HttpResponse:
    """The PDF, with the e-invoice inside where `format` asks for one."""
    name = call.request.GET.get("format", "")
    if name:
        printed = dispatch.print_hybrid(call.id, by=call.by, at=call.at, name=name)
    else:
        printed = dispatch.print_paper(call.id, by=call.by, at=call.at)
    return file_answer(printed.pdf, media_type="application/pdf", filename=printed.filename)


def xml_answer(call: Call) -> HttpResponse:
    """The document in the format that is asked for."""
    name = call.request.GET.get("format") or DEFAULT
    made = dispatch.write_einvoice(call.id, by=call.by, at=call.at, name=name)
    return file_answer(made.data, media_type=made.media_type, filename=made.filename)


def report_answer(call: Call) -> FormatReportOut:
    """The round-trip report in the format that is asked for."""
    name = call.request.GET.get("format") or DEFAULT
    found = dispatch.suitability(call.id, by=call.by, at=call.at, name=name)
    return FormatReportOut(
        format=found.target.name,
        title=found.target.title,
        is_writable=not found.refusal,
        refusal=found.refusal,
        is_lossless=not found.refusal and not found.losses,
        differences=[shaped(one) for one in found.differences],
    )


def shaped(one: Difference) -> DifferenceOut:
    """One difference as it is answered."""
    return DifferenceOut(
        change=one.change, term=one.term, place=one.place, value=one.value, read=one.read
    )
