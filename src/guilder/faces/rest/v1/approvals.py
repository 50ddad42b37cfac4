"""/invoices/{id}/…: asking for an approval before issue, and the answers; /approval-rule/."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from guilder.books.invoicing import operations, queries
from guilder.books.invoicing.schemas import InvoiceOut
from guilder.books.workflow import operations as ruling
from guilder.books.workflow import queries as workflow
from guilder.books.workflow.models import Approval, ApprovalRule
from guilder.faces.rest.listing import answer_of
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.v1.invoices import shaped
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire


class NoteIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What goes with the question."""

    note: str = ""


class CommentIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What goes with the answer; who rejects says why."""

    comment: str = ""


class ApprovalOut(msgspec.Struct):
    """One question whether it may be issued, and its answer; the amount is in the base currency."""

    id: UUID
    state: str
    version: int
    amount: dict[str, str]
    note: str
    requested_by: UUID | None
    requested_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    comment: str


class ApprovalsOut(msgspec.Struct):
    """Newest first."""

    data: list[ApprovalOut]
    next: str | None


def approval_out(row: Approval) -> ApprovalOut:
    """The shape of one approval."""
    return ApprovalOut(
        id=row.id,
        state=row.state,
        version=row.subject_version,
        amount={"amount": str(Money(row.amount, row.currency)), "currency": row.currency},
        note=row.note,
        requested_by=row.requested_by_id,
        requested_at=row.requested_at,
        decided_by=row.decided_by_id,
        decided_at=row.decided_at,
        comment=row.comment,
    )


class RuleOut(msgspec.Struct):
    """Above `amount` an invoice wants an approval; `roles` empty: whoever holds the permission."""

    is_active: bool
    amount: dict[str, str]
    roles: list[str]
    etag: str


class RuleIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """The rule as a whole; the amount is a decimal string in the base currency."""

    is_active: bool
    amount: str
    roles: list[str] = []


@route(
    "POST",
    "invoices/{id}/submit/",
    permission="invoice.submit",
    body=NoteIn,
    answer=InvoiceOut,
    example={"note": "Agreed with the client by phone."},
)
def submit_invoice(call: Call) -> InvoiceOut:
    """Ask for the approval of a draft"""
    wire = Wire(call.body)
    wire.known(("note",))
    note = wire.text("note", most=1_000, lines=True)
    wire.done()
    record = operations.submit_invoice(
        call.id, by=call.by, at=call.at, version=call.version, note=note
    )
    return shaped(call, record)


@route("POST", "invoices/{id}/recall/", permission="invoice.submit", answer=InvoiceOut)
def recall_invoice(call: Call) -> InvoiceOut:
    """Take back the question for an approval"""
    Wire(call.body).known(())
    return shaped(call, operations.recall_invoice(call.id, by=call.by, at=call.at))


@route(
    "POST",
    "invoices/{id}/approve/",
    permission="invoice.approve",
    body=CommentIn,
    answer=InvoiceOut,
    example={"comment": "Fine."},
)
def approve_invoice(call: Call) -> InvoiceOut:
    """Approve a draft that was submitted"""
    record = operations.approve_invoice(
        call.id, by=call.by, at=call.at, version=call.version, comment=comment_of(call)
    )
    return shaped(call, record)


@route(
    "POST",
    "invoices/{id}/reject/",
    permission="invoice.approve",
    body=CommentIn,
    answer=InvoiceOut,
    example={"comment": "The discount was not agreed."},
)
def reject_invoice(call: Call) -> InvoiceOut:
    """Send a submitted draft back, with a reason"""
    record = operations.reject_invoice(
        call.id, by=call.by, at=call.at, version=call.version, comment=comment_of(call)
    )
    return shaped(call, record)


def comment_of(call: Call) -> str:
    """The comment of an answer."""
    wire = Wire(call.body)
    wire.known(("comment",))
    comment = wire.text("comment", most=1_000, lines=True)
    wire.done()
    return comment


@route("GET", "invoices/{id}/approvals/", permission="invoice.view", answer=ApprovalsOut)
def list_approvals(call: Call) -> Any:
    """List what was asked and answered about a draft"""
    queries.get_invoice(call.id, by=call.by)
    rows = workflow.approvals_of(call.id, by=call.by)
    return answer_of([approval_out(row) for row in rows], None)


@route("GET", "approval-rule/", permission="settings.view", answer=RuleOut)
def read_rule(call: Call) -> RuleOut:
    """Read the rule of approvals"""
    return rule_out(workflow.get_rule(call.by.organization_id))


@route("PUT", "approval-rule/", permission="settings.edit", body=RuleIn, answer=RuleOut)
def set_rule(call: Call) -> RuleOut:
    """Set the rule of approvals"""
    wire = Wire(call.body)
    wire.known(RuleIn.__struct_fields__)
    is_active = wire.flag("is_active")
    amount = wire.decimal("amount", required=True)
    roles = call.body.get("roles", [])
    if not isinstance(roles, list) or not all(isinstance(one, str) for one in roles):
        wire.fault("roles", "not_a_list", "Send a list of roles.")
    wire.done()
    base = workflow.get_rule(call.by.organization_id).currency
    rule = ruling.set_rule(
        by=call.by,
        is_active=is_active,
        amount=None if amount is None else Money.of(amount, base),
        roles=roles,
        version=call.version,
    )
    return rule_out(rule)


def rule_out(rule: ApprovalRule) -> RuleOut:
    """The shape of the rule."""
    amount = {"amount": str(Money(rule.amount, rule.currency)), "currency": rule.currency}
    return RuleOut(rule.is_active, amount, list(rule.roles), str(rule.version))
