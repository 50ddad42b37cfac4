"""Approval before booking: asked for, given, refused, taken back."""

from datetime import datetime
from uuid import UUID

from guilder.books.bills.models import Bill
from guilder.books.bills.operations.booking import NoApprovalNeeded, NotDraft, worth
from guilder.books.bills.operations.locking import locked_bill
from guilder.books.bills.queries import get_bill
from guilder.books.workflow import operations as workflow
from guilder.books.workflow.queries import get_rule
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor


def submit_bill(
    bill_id: UUID, *, by: Actor, at: datetime, version: int | None = None, note: str = ""
) -> Bill:
    """Ask for the approval of a draft as it stands; changing it takes the question back.

    Raises NoSuchBill, NotDraft, Stale, NoApprovalNeeded, workflow's AlreadyAsked, NoRate.
    """
    by.require("bill.edit")
    with transaction(by.organization_id):
        row = draft(bill_id, by=by, version=version, permission="bill.edit")
        amount, rule = worth(row, by=by, at=at), get_rule(by.organization_id)
        is_small = amount.minor <= rule.amount or row.kind == Bill.Kind.CREDIT_NOTE
        if not rule.is_active or is_small:
            raise NoApprovalNeeded("This may be booked without an approval.")
        workflow.request(
            "bill",
            bill_id,
            by=by,
            version=row.version,
            made_by_id=row.created_by_id,
            amount=amount,
            note=note,
            at=at,
        )
    return get_bill(bill_id, by=by)


def approve_bill(
    bill_id: UUID, *, by: Actor, at: datetime, version: int | None = None, comment: str = ""
) -> Bill:
    """Agree that a draft is booked as it stands. Raises NoSuchBill, NotDraft, Stale, and what
    workflow's `approve` raises."""
    by.require("invoice.approve")
    with transaction(by.organization_id):
        row = draft(bill_id, by=by, version=version, permission="bill.view")
        workflow.approve(bill_id, by=by, version=row.version, at=at, comment=comment)
    return get_bill(bill_id, by=by)


def reject_bill(
    bill_id: UUID, *, by: Actor, at: datetime, comment: str, version: int | None = None
) -> Bill:
    """Disagree, with a reason. Raises what `approve_bill` raises, and ReasonMissing."""
    by.require("invoice.approve")
    with transaction(by.organization_id):
        row = draft(bill_id, by=by, version=version, permission="bill.view")
        workflow.reject(bill_id, by=by, version=row.version, at=at, comment=comment)
    return get_bill(bill_id, by=by)


def recall_bill(bill_id: UUID, *, by: Actor, at: datetime) -> Bill:
    """Take the question back; twice is once. Raises NoSuchBill, NotDraft."""
    by.require("bill.edit")
    with transaction(by.organization_id):
        draft(bill_id, by=by, version=None, permission="bill.edit")
        workflow.withdraw(bill_id, by=by, at=at)
    return get_bill(bill_id, by=by)


def draft(bill_id: UUID, *, by: Actor, version: int | None, permission: str) -> Bill:
    """A draft under lock; NotDraft where it is booked or cancelled."""
    row = locked_bill(bill_id, by=by, version=version, permission=permission)
    if row.status != Bill.Status.DRAFT:
        raise NotDraft("This bill is booked already, or was cancelled.")
    return row
