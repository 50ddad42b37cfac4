"""What the bank answers to a file: its status report (pain.002), read once."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from guilder.books.sepa import calc, queries
from guilder.books.sepa.models import Answer, Batch, Item
from guilder.books.sepa.operations.booking import FAILED, refuse
from guilder.books.sepa.operations.handing import handed
from guilder.books.sepa.operations.mandates import today_of
from guilder.books.sepa.operations.telling import note
from guilder.foundation.files import operations as files
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict


class AnswerIsNotOurs(Conflict):
    """The report is about a file that was never made here, or never left."""

    code = "sepa.answer_not_ours"


def receive_answer(data: bytes, *, by: Actor, at: datetime, filename: str = "") -> Any:
    """Read a status report: what the bank refused is taken out or taken back; gives the batch.

    The same report again changes nothing. Raises UnreadableAnswer, kernel.xml's refusals,
    AnswerIsNotOurs.
    """
    by.require("sepa.edit")
    report = calc.read(data)
    with transaction(by.organization_id):
        rows = Batch.objects.of(by.organization_id).lock()
        row = rows.filter(message_id=report.original).first()
        if row is None or row.status in {Batch.Status.DRAFT, Batch.Status.CANCELLED}:
            raise AnswerIsNotOurs("This report is about a file that did not come from here.")
        answers = Answer.objects.of(by.organization_id).filter(batch_id=row.id)
        if not answers.filter(message_id=report.id).exists():
            take(row, report, data, by=by, at=at, filename=filename)
        return queries.get_batch(row.id, by=by)


def take(
    row: Batch, report: calc.Report, data: bytes, *, by: Actor, at: datetime, filename: str
) -> None:
    """Follow a report that was not read before."""
    if row.status == Batch.Status.CLOSED:  # the bank could not answer what it does not have
        handed(row, by=by, at=at)
    on = today_of(by, at)
    refused = refused_by(report, row, by=by)
    for item, code in refused:
        refuse(item, code=code, by=by, on=on, at=at)
    row.bank_status, row.answered_at = report.whole.status, at
    row.updated_at, row.version = at, row.version + 1
    row.save()
    kept = files.store(
        data, by=by, filename=filename or f"{report.id}.xml", media_type="application/xml"
    )
    Answer.objects.create(
        organization_id=by.organization_id,
        batch_id=row.id,
        file_id=kept.id,
        message_id=report.id,
        status=report.whole.status,
        refused_count=len(refused),
        received_at=at,
    )
    note(row, "payment_order.answer", by=by, answer=report.id, refused=len(refused))


def refused_by(report: calc.Report, row: Batch, *, by: Actor) -> list[tuple[Item, str]]:
    """The orders of the batch that the report refuses, under lock, each with the reason: its own,
    else its group's, else the file's."""
    items = Item.objects.of(by.organization_id).lock().filter(batch_id=row.id)
    by_order = {one.end_to_end: one for one in report.parts if one.end_to_end and one.is_refused}
    by_group = {one.group: one for one in report.parts if not one.end_to_end and one.is_refused}
    found: list[tuple[Item, str]] = []
    for item in items.exclude(state__in=FAILED).order_by("id"):
        verdict = by_order.get(item.end_to_end) or by_group.get(item.group)
        if verdict is None and report.whole.is_refused:
            verdict = report.whole
        if verdict is not None:
            found.append((item, verdict.code or report.whole.code))
    return found


def reject_order(
    batch_id: UUID, item_id: UUID, *, by: Actor, on: date, at: datetime, code: str = ""
) -> Any:
    """Somebody read on paper or at the bank that an order was refused or came back.

    Raises NoSuchBatch, AnswerIsNotOurs where the bank does not have it.
    """
    by.require("sepa.edit")
    with transaction(by.organization_id):
        rows = Item.objects.of(by.organization_id).select_related("batch").lock()
        item = rows.filter(id=item_id, batch_id=batch_id).first()
        if item is None:
            raise queries.NoSuchBatch("There is no such order.")
        if item.batch.status != Batch.Status.HANDED_OVER:
            raise AnswerIsNotOurs("Hand the payment order over first.")
        refuse(item, code=code.strip().upper()[:4], by=by, on=on, at=at)
        return queries.get_batch(item.batch_id, by=by)
