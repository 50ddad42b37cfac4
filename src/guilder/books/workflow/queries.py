"""Reading the rule, the limits, and what was asked and answered."""

from collections.abc import Iterable
from uuid import UUID

from guilder.books.workflow.models import Approval, ApprovalLimit, ApprovalRule
from guilder.books.workflow.proofs import PROOFS
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.kernel.money import Money


class NoSuchApproval(NotFound):
    """Nobody asks for an approval of this."""

    code = "approval.not_found"


def get_rule(organization_id: UUID) -> ApprovalRule:
    """The organization's rule; an unsaved one that asks for nothing until it is set."""
    with transaction(organization_id):
        found = ApprovalRule.objects.of(organization_id).first()
    if found is not None:
        return found
    base = identity.get_organization(organization_id).base_currency
    return ApprovalRule(organization_id=organization_id, currency=base, version=0)


def limits(organization_id: UUID) -> tuple[dict[str, Money], dict[UUID, Money]]:
    """(role → limit, person → limit) in the base currency; who has none has no limit."""
    base = identity.get_organization(organization_id).base_currency
    with transaction(organization_id):
        rows = list(ApprovalLimit.objects.of(organization_id))
    return (
        {row.role: Money(row.amount, base) for row in rows if row.user_id is None},
        {row.user_id: Money(row.amount, base) for row in rows if row.user_id is not None},
    )


def limit_of(by: Actor) -> Money | None:
    """Up to how much an actor may agree to; None is without a limit."""
    of_roles, of_people = limits(by.organization_id)
    own = of_people.get(by.user_id) if by.user_id else None
    return own if own is not None else of_roles.get(by.role)


def approvals_of(subject_id: UUID, *, by: Actor) -> list[Approval]:
    """What was asked and answered about one thing, newest first; the caller may see the thing."""
    with transaction(by.organization_id):
        rows = Approval.objects.of(by.organization_id).filter(subject_id=subject_id)
        return list(rows.order_by("-id"))


def pending_of(subject_ids: Iterable[UUID], *, by: Actor) -> dict[UUID, Approval]:
    """Thing → the question that waits about it."""
    with transaction(by.organization_id):
        rows = Approval.objects.of(by.organization_id).filter(
            subject_id__in=list(subject_ids), state=Approval.State.PENDING
        )
        return {row.subject_id: row for row in rows}


def proofs() -> tuple[tuple[str, str, str], ...]:
    """(invariant, what holds, SQL that gives the rows breaking it)."""
    return PROOFS
