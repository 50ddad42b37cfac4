"""Reading ladders, and by which one a client is reminded."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.office.dunning.calc import Step
from guilder.office.dunning.models import Ladder, LadderStep, ReminderTerms


class NoSuchLadder(NotFound):
    """No ladder of that id in this organization."""

    code = "ladder.not_found"


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step; the fee is in minor units of the organization's base currency."""

    level: int
    days: int
    tone: str
    channel: str
    pay_within: int
    fee_amount: int
    with_interest: bool
    with_lump_sum: bool
    needs_approval: bool


@dataclass(frozen=True, slots=True)
class LadderRecord:
    """A ladder with its steps in their order."""

    id: UUID
    name: str
    is_default: bool
    is_collective: bool
    interest: str
    contract_percent: Decimal | None
    automatic_from: date | None
    forgive_amount: int
    version: int
    steps: tuple[StepRecord, ...]


@dataclass(frozen=True, slots=True)
class TermsRecord:
    """How a client is reminded; no ladder is the default one. Version 0: nothing was chosen."""

    partner_id: UUID
    ladder_id: UUID | None
    ladder_name: str
    is_never: bool
    version: int


def list_ladders(*, by: Actor) -> list[LadderRecord]:
    """The organization's ladders, the default first."""
    by.require("reminder.view")
    with transaction(by.organization_id):
        rows = Ladder.objects.of(by.organization_id).prefetch_related("steps")
        return [record_of(row) for row in rows.order_by("-is_default", "name")]


def get_ladder(ladder_id: UUID, *, by: Actor) -> LadderRecord:
    """One ladder; NoSuchLadder."""
    by.require("reminder.view")
    with transaction(by.organization_id):
        rows = Ladder.objects.of(by.organization_id).prefetch_related("steps")
        row = rows.filter(id=ladder_id).first()
    if row is None:
        raise NoSuchLadder("There is no such ladder.")
    return record_of(row)


def record_of(row: Ladder) -> LadderRecord:
    """A row and its steps."""
    steps = sorted(row.steps.all(), key=lambda one: one.level)
    return LadderRecord(
        id=row.id,
        name=row.name,
        is_default=row.is_default,
        is_collective=row.is_collective,
        interest=row.interest,
        contract_percent=row.contract_percent,
        automatic_from=row.automatic_from,
        forgive_amount=row.forgive_amount,
        version=row.version,
        steps=tuple(step_of(one) for one in steps),
    )


def step_of(row: LadderStep) -> StepRecord:
    """One step of a ladder."""
    return StepRecord(
        row.level,
        row.days,
        row.tone,
        row.channel,
        row.pay_within,
        row.fee_amount,
        row.with_interest,
        row.with_lump_sum,
        row.needs_approval,
    )


def terms_of(partner_id: UUID, *, by: Actor) -> TermsRecord:
    """How a client is reminded. The caller has seen that there is such a client."""
    by.require("reminder.view")
    with transaction(by.organization_id):
        rows = ReminderTerms.objects.of(by.organization_id).select_related("ladder")
        row = rows.filter(partner_id=partner_id).first()
        if row is not None and row.ladder is not None:
            name = row.ladder.name
        else:
            usual = Ladder.objects.of(by.organization_id).filter(is_default=True).first()
            name = usual.name if usual is not None else ""
    if row is None:
        return TermsRecord(partner_id, None, name, is_never=False, version=0)
    ladder_id = row.ladder.id if row.ladder is not None else None
    return TermsRecord(partner_id, ladder_id, name, is_never=row.is_never, version=row.version)


def steps_for(partner_id: UUID, *, by: Actor) -> list[Step]:
    """The steps that a client is reminded by; none where they never are."""
    terms = terms_of(partner_id, by=by)
    ladders = list_ladders(by=by)
    wanted = [one for one in ladders if one.id == terms.ladder_id] or [
        one for one in ladders if one.is_default
    ]
    if terms.is_never or not wanted:
        return []
    return [Step(one.level, one.days, one.tone) for one in wanted[0].steps]
