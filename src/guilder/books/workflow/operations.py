"""Asking whether something may be issued, agreeing or not, and the rule that makes it needed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.books.workflow.events import (
    ApprovalGiven,
    ApprovalRefused,
    ApprovalRequested,
    ApprovalRuleChanged,
    ApprovalWithdrawn,
)
from guilder.books.workflow.models import Approval, ApprovalLimit, ApprovalRule
from guilder.books.workflow.queries import NoSuchApproval, get_rule, limit_of
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity import queries as identity
from guilder.foundation.identity.permissions import ROLES
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, NotAllowed, Problem, Stale
from guilder.kernel.money import Money

LONGEST = 1_000
State = Approval.State


class AlreadyAsked(Conflict):
    """An approval of this was asked for and waits."""

    code = "approval.already_asked"


class NotYourOwn(NotAllowed):
    """Nobody approves what they made or asked for."""

    code = "approval.not_your_own"


class NotAnApprover(NotAllowed):
    """The rule names other roles."""

    code = "approval.not_an_approver"


class BeyondLimit(NotAllowed):
    """The amount is above what this person may agree to."""

    code = "approval.beyond_limit"


class ReasonMissing(Invalid):
    """Who disagrees says why."""

    code = "approval.reason_missing"


class ChangedSince(Stale):
    """The document is not the one that was asked about."""

    code = "approval.changed_since"


class BadRule(Invalid):
    """Something about the rule or a limit is wrong; `problems` say what."""

    code = "approval.bad_rule"


class RuleChangedMeanwhile(Stale):
    """The rule changed since it was read."""

    code = "approval.rule_changed_meanwhile"


def request(
    subject_kind: str,
    subject_id: UUID,
    *,
    by: Actor,
    version: int,
    made_by_id: UUID | None,
    amount: Money,
    note: str,
    at: datetime,
) -> Approval:
    """Ask whether a thing may be issued as it stands in `version`; `amount` in the base currency.

    The caller has judged that the actor may ask. A question about an older version is withdrawn.
    Raises AlreadyAsked.
    """
    with transaction(by.organization_id):
        waiting = locked(subject_id, by=by)
        if waiting is not None and waiting.subject_version == version:
            raise AlreadyAsked("Somebody has asked for this approval already.")
        if waiting is not None:
            answer(waiting, State.WITHDRAWN, by=by, at=at, comment="")
        approval = Approval.objects.create(
            organization_id=by.organization_id,
            subject_kind=subject_kind,
            subject_id=subject_id,
            subject_version=version,
            made_by_id=made_by_id,
            amount=amount.minor,
            currency=amount.currency,
            note=note.strip()[:LONGEST],
            requested_by_id=by.user_id,
            requested_at=at,
        )
        note_down("approval.request", approval, by=by)
        tell(ApprovalRequested, approval, by=by)
    return approval


def approve(
    subject_id: UUID, *, by: Actor, version: int, at: datetime, comment: str = ""
) -> Approval:
    """Agree. Raises NoSuchApproval, ChangedSince, NotYourOwn, NotAnApprover, BeyondLimit."""
    by.require("invoice.approve")
    with transaction(by.organization_id):
        waiting = decidable(subject_id, by=by, version=version)
        limit = limit_of(by)
        if limit is not None and waiting.amount > limit.minor:
            raise BeyondLimit(
                f"You may approve up to {limit} {limit.currency}. Ask somebody with a higher limit."
            )
        answer(waiting, State.APPROVED, by=by, at=at, comment=comment)
        tell(ApprovalGiven, waiting, by=by)
    return waiting


def reject(subject_id: UUID, *, by: Actor, version: int, at: datetime, comment: str) -> Approval:
    """Disagree, with a reason. Raises ReasonMissing and what `approve` raises but BeyondLimit."""
    by.require("invoice.approve")
    if not comment.strip():
        raise ReasonMissing(
            problems=[Problem("/comment", ReasonMissing.code, "Say why, so that it can be mended.")]
        )
    with transaction(by.organization_id):
        waiting = decidable(subject_id, by=by, version=version)
        answer(waiting, State.REJECTED, by=by, at=at, comment=comment)
        tell(ApprovalRefused, waiting, by=by, comment=waiting.comment)
    return waiting


def withdraw(subject_id: UUID, *, by: Actor, at: datetime) -> None:
    """Ask no longer; without a question nothing happens. The caller has judged who may."""
    with transaction(by.organization_id):
        waiting = locked(subject_id, by=by)
        if waiting is not None:
            answer(waiting, State.WITHDRAWN, by=by, at=at, comment="")


def decidable(subject_id: UUID, *, by: Actor, version: int) -> Approval:
    """The question under lock that this actor may answer."""
    waiting = locked(subject_id, by=by)
    if waiting is None:
        raise NoSuchApproval("Nobody asks for an approval of this.")
    if waiting.subject_version != version:
        raise ChangedSince("It was changed after the approval was asked for. Ask again.")
    if by.user_id is None or by.user_id in {waiting.requested_by_id, waiting.made_by_id}:
        raise NotYourOwn("Somebody else must approve what you made or submitted.")
    roles = get_rule(by.organization_id).roles
    if roles and by.role not in roles:
        raise NotAnApprover(f"Only these roles approve here: {', '.join(roles)}.")
    return waiting


def answer(waiting: Approval, state: str, *, by: Actor, at: datetime, comment: str) -> None:
    """Set the answer of a locked question, and write it down."""
    waiting.state, waiting.decided_at, waiting.decided_by_id = state, at, by.user_id
    waiting.comment = comment.strip()[:LONGEST]
    waiting.save(update_fields=["state", "decided_at", "decided_by_id", "comment"])
    note_down(f"approval.{state}", waiting, by=by)
    if state == State.WITHDRAWN:
        tell(ApprovalWithdrawn, waiting, by=by)


def locked(subject_id: UUID, *, by: Actor) -> Approval | None:
    """The question that waits about a thing, under lock."""
    rows = Approval.objects.of(by.organization_id).filter(
        subject_id=subject_id, state=State.PENDING
    )
    return rows.lock().first()


def set_rule(
    *, by: Actor, is_active: bool, amount: Money | None, roles: Iterable[str],
    version: int | None = None,
) -> ApprovalRule:  # fmt: skip
    """From which amount on documents are approved before they are issued, and by whom.

    Raises BadRule, RuleChangedMeanwhile.
    """
    by.require("settings.edit")
    base = identity.get_organization(by.organization_id).base_currency
    wanted = sorted(set(roles))
    problems = rule_problems(wanted, amount, base=base, is_active=is_active)
    if problems:
        raise BadRule(problems=problems)
    with transaction(by.organization_id):
        rule = ApprovalRule.objects.of(by.organization_id).lock().first()
        if version is not None and version != (rule.version if rule else 0):
            raise RuleChangedMeanwhile("Somebody changed this rule; load it again.")
        rule = rule or ApprovalRule(organization_id=by.organization_id, version=0)
        before = told_rule(rule) if rule.version else None
        rule.is_active, rule.roles, rule.currency = is_active, wanted, base
        rule.amount = amount.minor if amount else rule.amount
        rule.version += 1
        rule.save()
        audit.record(
            by=by,
            action="approval.rule",
            table="workflow_approvalrule",
            row_id=rule.id,
            before=before,
            after=told_rule(rule),
        )
        bus.publish(ApprovalRuleChanged(is_active=is_active), by=by)
    return rule


def rule_problems(
    roles: list[str], amount: Money | None, *, base: str, is_active: bool
) -> list[Problem]:
    """What is wrong with a rule."""
    found = []
    if is_active and amount is None:
        found.append(Problem("/amount", "approval.no_amount", "Enter an amount."))
    if amount is not None and (amount.minor < 0 or amount.currency != base):
        text = f"Enter an amount in {base} that is not below zero."
        found.append(Problem("/amount", "approval.bad_amount", text))
    if unknown := [role for role in roles if role not in ROLES or role in {"viewer", "client"}]:
        text = f"These roles never approve: {', '.join(unknown)}."
        found.append(Problem("/roles", "approval.bad_role", text))
    return found


def set_limit(
    *, by: Actor, amount: Money | None, role: str = "", user_id: UUID | None = None
) -> None:
    """Up to how much a role or a person may agree to; None takes the limit away. Raises BadRule,
    NoSuchMember."""
    by.require("member.edit")
    base = identity.get_organization(by.organization_id).base_currency
    if amount is not None and (amount.minor < 0 or amount.currency != base):
        text = f"Enter an amount in {base} that is not below zero."
        raise BadRule(problems=[Problem("/limit", "approval.bad_amount", text)])
    if user_id is None and role not in ROLES:
        raise BadRule(problems=[Problem("/role", "identity.unknown_role", "Choose a role.")])
    if user_id is not None:
        identity.actor_for(user_id, by.organization_id, source=by.source)
    with transaction(by.organization_id):
        whose: Mapping[str, Any] = {"role": "" if user_id else role, "user_id": user_id}
        rows = ApprovalLimit.objects.of(by.organization_id).filter(**whose)
        known = rows.lock().first()
        if (known.amount if known else None) == (amount.minor if amount else None):
            return
        rows.delete()
        if amount is not None:
            ApprovalLimit.objects.create(
                organization_id=by.organization_id, amount=amount.minor, **whose
            )
        audit.record(
            by=by,
            action="approval.limit",
            table="workflow_approvallimit",
            row_id=user_id or by.organization_id,
            before={"limit": known.amount if known else None, "role": role},
            after={"limit": amount.minor if amount else None, "role": role},
        )


def told_rule(rule: ApprovalRule) -> dict[str, Any]:
    """What the audit trail says of the rule."""
    return {
        "is_active": rule.is_active,
        "amount": f"{Money(rule.amount, rule.currency)} {rule.currency}",
        "roles": rule.roles,
    }


def note_down(action: str, approval: Approval, *, by: Actor) -> None:
    """The audit entry of a step of an approval."""
    audit.record(
        by=by,
        action=action,
        table="workflow_approval",
        row_id=approval.id,
        before=None,
        after={
            "subject": f"{approval.subject_kind} {approval.subject_id}",
            "version": approval.subject_version,
            "amount": f"{Money(approval.amount, approval.currency)} {approval.currency}",
            "state": approval.state,
            "comment": approval.comment or approval.note,
        },
    )


def tell(event: Any, approval: Approval, *, by: Actor, **more: Any) -> None:
    """Tell of a step of an approval."""
    bus.publish(
        event(
            approval_id=approval.id,
            subject_kind=approval.subject_kind,
            subject_id=approval.subject_id,
            requested_by_id=approval.requested_by_id,
            **more,
        ),
        by=by,
    )
