"""What becomes of a paper: a bill, refused, taken back, thrown away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.books.bills import operations as bills
from guilder.books.bills.models import Bill
from guilder.flows.intake.events import DocumentBilled, DocumentDeleted, DocumentRefused
from guilder.flows.intake.models import ReceivedDocument
from guilder.flows.intake.queries import NoSuchDocument, get_received, paper_in, visible
from guilder.flows.intake.suppliers import new_supplier
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity.permissions import require_own
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.kernel.errors import Conflict, Invalid, Problem
from guilder.registers.parties import operations as parties

State = ReceivedDocument.State


class AlreadyBilled(Conflict):
    """A bill was made of the paper."""

    code = "document.already_billed"


class NotForBilling(Conflict):
    """Nothing can be read in the paper; a person enters it."""

    code = "document.not_for_billing"


class NotKnown(Conflict):
    """The supplier is not known yet."""

    code = "document.supplier_not_known"


class Disagrees(Invalid):
    """The figures of the paper contradict each other."""

    code = "document.disagrees"


def make_bill(
    document_id: UUID,
    *,
    by: Actor,
    at: datetime,
    supplier_id: UUID | None = None,
    is_new_supplier: bool = False,
    accept_differences: bool = False,
) -> Bill:
    """Make the draft of a bill of a paper that was read.

    The supplier is the one that was found, `supplier_id`, or with `is_new_supplier` one that is
    made of the paper. Raises NoSuchDocument, AlreadyBilled, NotForBilling, NotKnown, Disagrees, and
    what bills' `record_bill` raises.
    """
    by.require("bill.edit")
    with transaction(by.organization_id):
        row = locked(document_id, by=by, permission="bill.edit")
        refuse_billed(row)
        document = paper_in(row)
        if document is None or not row.reading.get("is_whole"):
            raise NotForBilling("Its amounts cannot be read. Enter the bill by hand beside it.")
        if row.problems and not accept_differences:
            told = [Problem(**one) for one in row.problems]
            raise Disagrees(problems=told)
        partner_id = supplier_of(row, document, supplier_id, is_new=is_new_supplier, by=by, at=at)
        bill = bills.record_bill(
            document,
            supplier_id=partner_id,
            by=by,
            at=at,
            file_id=row.file_id,
            sha256=row.sha256,
            place=row.place,
            is_read=True,
        )
        billed(row, bill, by=by, at=at)
        return bill


def bill_by_hand(document_id: UUID, *, by: Actor, data: Mapping[str, Any], at: datetime) -> Bill:
    """Make a bill of a paper from values that a person typed. Raises NoSuchDocument, AlreadyBilled,
    and what bills' `create_bill` raises."""
    by.require("bill.edit")
    with transaction(by.organization_id):
        row = locked(document_id, by=by, permission="bill.edit")
        refuse_billed(row)
        bill = bills.create_bill(
            by=by, data=data, at=at, file_id=row.file_id, sha256=row.sha256, place=row.place
        )
        billed(row, bill, by=by, at=at)
        return bill


def refuse_billed(row: ReceivedDocument) -> None:
    """Raise AlreadyBilled where a bill of it counts."""
    if row.state == State.BILLED and row.bill is not None and row.bill.status != "cancelled":
        raise AlreadyBilled(f"Bill {row.bill.number} was made of it already.")


def supplier_of(
    row: ReceivedDocument, document: Document, wanted: UUID | None, *, is_new: bool, by: Actor,
    at: datetime,
) -> UUID:  # fmt: skip
    """Whose bill it is; a partner who was a client alone becomes a supplier too."""
    if is_new:
        return new_supplier(document, by=by, at=at).id
    partner_id = wanted or row.partner_id
    if partner_id is None:
        raise NotKnown(
            f"{document.seller.name or 'The sender'} is no supplier of yours yet."
            " Choose one, or take them in as a new supplier."
        )
    return parties.take_on(partner_id, by=by, side="supplier", at=at).id


def billed(row: ReceivedDocument, bill: Bill, *, by: Actor, at: datetime) -> None:
    """Note that a bill was made of a paper."""
    row.state, row.bill_id, row.partner_id = State.BILLED, bill.id, bill.partner_id
    saved(row, at=at)
    note("document.bill", row, by=by, bill=str(bill.id))
    bus.publish(DocumentBilled(document_id=row.id, bill_id=bill.id), by=by)


def discard_bill(bill_id: UUID, *, by: Actor, at: datetime) -> None:
    """Throw the draft of a bill away; the paper that it was made of waits again.

    Raises NoSuchBill, NotDraft.
    """
    with transaction(by.organization_id):
        rows = ReceivedDocument.objects.of(by.organization_id).lock().filter(bill_id=bill_id)
        for row in rows:
            row.bill_id = None
            row.state = State.READ if row.format else State.MANUAL
            saved(row, at=at)
        bills.delete_bill(bill_id, by=by, at=at)


def refuse(document_id: UUID, *, by: Actor, at: datetime, reason: str) -> ReceivedDocument:
    """Say that a paper is none of ours, and why. Raises NoSuchDocument, AlreadyBilled, Invalid."""
    by.require("bill.edit")
    if not reason.strip():
        raise Invalid(problems=[Problem("/reason", "required", "Say why.")])
    with transaction(by.organization_id):
        row = locked(document_id, by=by, permission="bill.edit")
        refuse_billed(row)
        row.state, row.bill_id, row.reason = State.REFUSED, None, reason.strip()[:500]
        saved(row, at=at)
        note("document.refuse", row, by=by, reason=row.reason)
        bus.publish(DocumentRefused(document_id=row.id, reason=row.reason), by=by)
    return get_received(document_id, by=by)


def take_back(document_id: UUID, *, by: Actor, at: datetime) -> ReceivedDocument:
    """A refused paper, or one that was taken for a duplicate, waits again. Raises NoSuchDocument;
    in any other state nothing happens."""
    by.require("bill.edit")
    with transaction(by.organization_id):
        row = locked(document_id, by=by, permission="bill.edit")
        if row.state in {State.REFUSED, State.DUPLICATE}:
            row.state = State.READ if row.format else State.MANUAL
            row.reason, row.duplicate_of_id = "", None
            saved(row, at=at)
            note("document.take_back", row, by=by)
    return get_received(document_id, by=by)


def delete_received(document_id: UUID, *, by: Actor) -> None:
    """Throw a paper away that is no bill's. Raises NoSuchDocument, AlreadyBilled."""
    with transaction(by.organization_id):
        row = locked(document_id, by=by, permission="document.delete")
        if row.state == State.BILLED:
            raise AlreadyBilled("A bill was made of it, so it is kept.")
        ReceivedDocument.objects.of(by.organization_id).filter(duplicate_of_id=row.id).update(
            duplicate_of=None
        )
        note("document.delete", row, by=by)
        bus.publish(DocumentDeleted(document_id=row.id), by=by)
        row.delete()


def locked(document_id: UUID, *, by: Actor, permission: str) -> ReceivedDocument:
    """The paper under lock. Raises NoSuchDocument, NotYours."""
    row = visible(by).lock().filter(id=document_id).first()
    if row is None:
        raise NoSuchDocument("There is no such document.")
    require_own(by, permission, created_by_id=row.created_by_id)
    return row


def saved(row: ReceivedDocument, *, at: datetime) -> None:
    """Save what became of a paper."""
    row.version += 1
    row.updated_at = at
    row.save()


def note(action: str, row: ReceivedDocument, *, by: Actor, **more: str) -> None:
    """Write a step of a paper down."""
    audit.record(
        by=by,
        action=action,
        table="intake_receiveddocument",
        row_id=row.id,
        before=None,
        after={"filename": row.filename, "sha256": row.sha256, "state": row.state, **more},
    )
