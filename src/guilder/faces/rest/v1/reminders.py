"""/reminders/: what is due, sent, printed, posted and passed over; /handovers/ to collection."""

from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse

from guilder.faces.rest.listing import Filter, Listing, page_of_records, read_query
from guilder.faces.rest.routes import AskFirst, Call, file_answer, route
from guilder.faces.rest.wire import Id
from guilder.kernel.wire import Wire
from guilder.office.dunning import operations, queries
from guilder.office.dunning.schemas import (
    DueOut,
    HandoverOut,
    ReminderOut,
    due_out,
    handover_out,
    reminder_out,
)

LISTING = Listing(
    shape=ReminderOut,
    filters={
        "client": Filter("partner_id", "id", ("",)),
        "invoice": Filter("invoice_id", "id", ("",)),
        "status": Filter("state", "text", ("",)),
    },
    sorts={"created_at": "id"},
    kinds={"created_at": "text"},
    is_newest_first=True,
    searches=True,
)
HANDOVERS = Listing(
    shape=HandoverOut,
    filters={"client": Filter("partner_id", "id", ("",))},
    sorts={"made_on": "id"},
    kinds={"made_on": "text"},
    is_newest_first=True,
)
SOMETHING = "019e0c5e-7f4c-7a51-9d2e-3c5f3f3a5b11"
PDF = "application/pdf"
ZIP = "application/zip"
MOST = 200


class RemindIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Invoices whose step is due; those of one client go into one letter."""

    invoices: list[Id]


class SkipIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Invoices whose due step is never sent."""

    invoices: list[Id]
    reason: str = ""


class DueListOut(msgspec.Struct):
    """The letters of today."""

    data: list[DueOut]


class RemindersOut(msgspec.Struct):
    """The letters that were sent."""

    data: list[ReminderOut]


def invoices_in(call: Call, *more: str) -> tuple[list[UUID], Wire]:
    """The ids of the body, judged, and the rest of it. Raises Invalid."""
    wire = Wire(call.body)
    wire.known(("invoices", *more))
    given = call.body.get("invoices")
    if not isinstance(given, list) or not 0 < len(given) <= MOST:
        wire.fault("invoices", "required", f"Name at least one invoice and at most {MOST}.")
        wire.done()
    entries: list[Any] = given  # type: ignore[assignment]
    ids = Wire({str(place): one for place, one in enumerate(entries)}, at="/invoices")
    found = [ids.identity(name, required=True) for name in ids.data]
    ids.done()
    wire.done()
    return [one for one in found if one is not None], wire


@route("GET", "reminders/", permission="reminder.view", answer=ReminderOut, listing=LISTING)
def list_reminders(call: Call) -> Any:
    """List reminders

    `status` is one of sent, to_post, skipped, failed.
    """
    query = read_query(call.request.GET, listing=LISTING)
    wanted = {LISTING.filters[name].column: value for name, value in query.where.items()}
    if wanted.get("state", "") not in queries.REMINDER_STATES:
        wire = Wire({"status": wanted["state"]})
        wire.choice("status", [one for one in queries.REMINDER_STATES if one])
        wire.done()
    found = queries.list_reminders(
        by=call.by,
        limit=query.limit + 1,
        after=query.after[1] if query.after else None,
        q=query.q,
        **wanted,
    )
    return page_of_records(found, query, shape=reminder_out)


@route("GET", "reminders/due/", permission="reminder.view", answer=DueListOut)
def compose_letters(call: Call) -> Any:
    """The letters of today, those that wait for a person among them

    Nothing is sent by looking.
    """
    return DueListOut(
        [due_out(one) for one in operations.compose_letters(by=call.by, on=call.today)]
    )


def print_letters(call: Call) -> None:
    """The letters are printed before the transaction is opened."""
    ids, _wire = invoices_in(call)
    call.request.letters = operations.prepare_letters(  # type: ignore[attr-defined]
        ids, by=call.by, on=call.today, at=call.at
    )


@route(
    "POST",
    "reminders/",
    permission="reminder.send",
    asks=print_letters,
    body=RemindIn,
    answer=RemindersOut,
    example={"invoices": [SOMETHING]},
)
def send_prepared(call: Call) -> RemindersOut:
    """Remind of invoices whose step is due"""
    request: HttpRequest = call.request
    if not call.was_asked:
        invoices_in(call)
        raise AskFirst
    letters = request.letters  # type: ignore[attr-defined]
    made = operations.send_prepared(letters, by=call.by, on=call.today, at=call.at)
    call.place(f"reminders/{made[0].id}/")
    return RemindersOut([reminder_out(one) for one in made])


@route(
    "POST",
    "reminders/skip/",
    permission="reminder.send",
    body=SkipIn,
    answer=None,
    status=204,
    example={"invoices": [SOMETHING], "reason": "Agreed by telephone"},
)
def skip_step(call: Call) -> None:
    """Pass the due step of invoices over: it is never sent"""
    ids, wire = invoices_in(call, "reason")
    reason = wire.text("reason", most=300)
    wire.done()
    operations.skip_step(ids, by=call.by, on=call.today, at=call.at, reason=reason)


@route("GET", "reminders/{id}/", permission="reminder.view", answer=ReminderOut)
def get_reminder(call: Call) -> ReminderOut:
    """Read a reminder"""
    return reminder_out(queries.get_reminder(call.id, by=call.by))


@route("GET", "reminders/{id}/pdf/", permission="reminder.view", answer=bytes, media_type=PDF)
def letter_file(call: Call) -> HttpResponse:
    """The letter of a reminder as it went out"""
    printed = operations.letter_file(call.id, by=call.by)
    return file_answer(printed.pdf, media_type=PDF, filename=printed.filename, inline=True)


@route("POST", "reminders/{id}/posted/", permission="reminder.send", answer=ReminderOut)
def mark_posted(call: Call) -> ReminderOut:
    """Say that a letter was printed and posted"""
    operations.mark_posted([call.id], by=call.by, on=call.today, at=call.at)
    return reminder_out(queries.get_reminder(call.id, by=call.by))


@route("GET", "handovers/", permission="reminder.view", answer=HandoverOut, listing=HANDOVERS)
def list_handovers(call: Call) -> Any:
    """List what was handed over to collection"""
    query = read_query(call.request.GET, listing=HANDOVERS)
    wanted = {HANDOVERS.filters[name].column: value for name, value in query.where.items()}
    found = queries.list_handovers(
        by=call.by,
        limit=query.limit + 1,
        after=query.after[1] if query.after else None,
        **wanted,
    )
    return page_of_records(found, query, shape=handover_out)


def gather_papers(call: Call) -> None:
    """The papers are printed before the transaction is opened."""
    ids, _wire = invoices_in(call)
    call.request.debts = operations.prepare_handover(  # type: ignore[attr-defined]
        ids, by=call.by, at=call.at
    )


@route(
    "POST",
    "handovers/",
    permission="reminder.send",
    asks=gather_papers,
    body=RemindIn,
    answer=HandoverOut,
    example={"invoices": [SOMETHING]},
)
def hand_over(call: Call) -> HandoverOut:
    """Hand open invoices of a client over to collection

    They are reminded of no more.
    """
    if not call.was_asked:
        invoices_in(call)
        raise AskFirst
    debts = call.request.debts  # type: ignore[attr-defined]
    record = operations.hand_over_prepared(debts, by=call.by, on=call.today, at=call.at)
    call.place(f"handovers/{record.id}/")
    return handover_out(record)


@route("GET", "handovers/{id}/", permission="reminder.view", answer=HandoverOut)
def get_handover(call: Call) -> HandoverOut:
    """Read a handover"""
    return handover_out(queries.get_handover(call.id, by=call.by)[0])


@route("GET", "handovers/{id}/file/", permission="reminder.view", answer=bytes, media_type=ZIP)
def handover_file(call: Call) -> HttpResponse:
    """The list and the papers of a handover"""
    data, name = operations.handover_file(call.id, by=call.by)
    return file_answer(data, media_type=ZIP, filename=name)
