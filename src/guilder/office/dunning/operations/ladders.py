"""Keeping ladders, and choosing one for a client."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Stale
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire
from guilder.office.dunning.models import Ladder, LadderStep, ReminderTerms
from guilder.office.dunning.queries.ladders import (
    LadderRecord,
    NoSuchLadder,
    TermsRecord,
    get_ladder,
    terms_of,
)
from guilder.registers.parties import queries as parties

TABLE = "dunning_ladder"
FIELDS = (
    "name", "is_default", "is_collective", "interest", "contract_percent", "automatic_from",
    "forgives", "steps",
)  # fmt: skip
STEP_FIELDS = (
    "days", "tone", "channel", "pay_within", "fee", "with_interest", "with_lump_sum",
    "needs_approval",
)  # fmt: skip
MOST_STEPS = 12


class InUse(Conflict):
    """The default ladder, or one that clients are reminded by."""

    code = "ladder.in_use"


def recommended_ladder(*, today: date, name: str) -> dict[str, Any]:
    """A ladder that suits most: friendly, then with interest, then a final one that waits for a
    person. Raw values for save_ladder; what fell due before today is not reminded of by itself."""
    return {
        "name": name,
        "is_default": True,
        "automatic_from": today.isoformat(),
        "steps": [
            {"days": 5, "tone": "reminder"},
            {"days": 19, "tone": "demand", "with_interest": True},
            {
                "days": 33,
                "tone": "final",
                "channel": "both",
                "with_interest": True,
                "with_lump_sum": True,
                "needs_approval": True,
            },
        ],
    }


def save_ladder(
    *,
    by: Actor,
    data: Mapping[str, Any],
    at: datetime,
    ladder_id: UUID | None = None,
    version: int | None = None,
) -> LadderRecord:
    """Make a ladder or change one; its steps are numbered by their days.

    Raw values: name, is_default, is_collective, interest (none, statutory, contract) with
    contract_percent, automatic_from, forgives (left-overs up to it are written off), and steps of
    days, tone, channel, pay_within, fee, with_interest, with_lump_sum, needs_approval. Steps that
    were sent stay sent under their number. Raises Invalid with every fault, NoSuchLadder, Stale.
    """
    by.require("reminder.edit")
    with transaction(by.organization_id):
        currency = identities.get_organization(by.organization_id).base_currency
        columns, steps = read_ladder(data, currency=currency)
        rows = Ladder.objects.of(by.organization_id)
        row = locked(ladder_id, by=by, version=version) if ladder_id else None
        others = rows.exclude(id=ladder_id) if ladder_id else rows
        refuse_taken(others, columns["name"])
        before = told_of(get_ladder(row.id, by=by)) if row is not None else None
        if not others.filter(is_default=True).exists():
            columns["is_default"] = True
        elif columns["is_default"]:
            others.filter(is_default=True).update(is_default=False)
        if row is None:
            row = Ladder(organization_id=by.organization_id, id=uuid7(), created_at=at, version=0)
        for name, value in columns.items():
            setattr(row, name, value)
        row.updated_at, row.version = at, row.version + 1
        row.save()
        put_steps(row, steps)
        record = get_ladder(row.id, by=by)
        audit.record(
            by=by,
            action="ladder.update" if before else "ladder.create",
            table=TABLE,
            row_id=row.id,
            before=before,
            after=told_of(record),
        )
        return record


def locked(ladder_id: UUID, *, by: Actor, version: int | None = None) -> Ladder:
    """The row under lock in the version that was read. Raises NoSuchLadder, Stale."""
    row = Ladder.objects.of(by.organization_id).lock().filter(id=ladder_id).first()
    if row is None:
        raise NoSuchLadder("There is no such ladder.")
    if version is not None and version != row.version:
        raise Stale("This ladder was changed in the meantime. Read it again.")
    return row


def refuse_taken(others: Any, name: str) -> None:
    """Raise Invalid where another ladder has that name."""
    wire = Wire({"name": name})
    if others.filter(name=name).exists():
        wire.fault("name", "ladder.name_taken", "Another ladder has this name.")
    wire.done()


def put_steps(row: Ladder, steps: list[dict[str, Any]]) -> None:
    """The steps of a ladder, numbered from 1 by their days."""
    LadderStep.objects.of(row.organization_id).filter(ladder=row).delete()
    LadderStep.objects.bulk_create(
        LadderStep(organization_id=row.organization_id, id=uuid7(), ladder=row, level=level, **one)
        for level, one in enumerate(sorted(steps, key=lambda step: step["days"]), 1)
    )


def read_ladder(
    data: Mapping[str, Any], *, currency: str
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(columns, steps). Raises Invalid with every fault."""
    wire = Wire(data)
    wire.known(FIELDS)
    interest = wire.choice("interest", Ladder.Interest.values, default="statutory")
    columns: dict[str, Any] = {
        "name": wire.text("name", most=80, required=True),
        "is_default": wire.flag("is_default"),
        "is_collective": wire.flag("is_collective", default=True),
        "interest": interest,
        "contract_percent": wire.decimal(
            "contract_percent",
            required=interest == "contract",
            places=6,
            digits=9,
            least=Decimal("0.000001"),
            most=Decimal(100),
        ),
        "automatic_from": wire.day("automatic_from"),
        "forgive_amount": amount_in(wire, "forgives", currency=currency),
    }
    steps = [
        read_step(one, currency=currency)
        for one in wire.parts("steps", most=MOST_STEPS, required=True)
    ]
    days = [one["days"] for one in steps]
    for index, day in enumerate(days):
        if day in days[:index]:
            wire.fault(f"steps/{index}/days", "ladder.same_day", "Two steps are on one day.")
    wire.done()
    return columns, steps


def read_step(wire: Wire, *, currency: str) -> dict[str, Any]:
    """One step; faults go to the ladder's list."""
    wire.known(STEP_FIELDS)
    days = wire.decimal("days", required=True, places=0, least=Decimal(-60), most=Decimal(730))
    tone = wire.choice("tone", LadderStep.Tone.values, default="reminder")
    if (tone == "notice") != (days is not None and days < 0):
        wire.fault("tone", "ladder.tone", "A notice goes out before the due date, others after.")
    minor = amount_in(wire, "fee", currency=currency)
    found = {
        "days": int(days or 0),
        "tone": tone,
        "channel": wire.choice("channel", LadderStep.Channel.values, default="mail"),
        "pay_within": wire.whole("pay_within", default=7, most=90),
        "fee_amount": minor,
        "with_interest": wire.flag("with_interest"),
        "with_lump_sum": wire.flag("with_lump_sum"),
        "needs_approval": wire.flag("needs_approval"),
    }
    if tone == "notice" and (minor or found["with_interest"] or found["with_lump_sum"]):
        wire.fault("tone", "ladder.notice_costs", "Before the due date ask for nothing besides.")
    return found


def amount_in(wire: Wire, name: str, *, currency: str) -> int:
    """An amount of the base currency in minor units; nothing sent is 0."""
    amount = wire.decimal(name, places=6, least=Decimal(0), most=Decimal(1_000_000)) or Decimal(0)
    found = Money.rounded(amount, currency)
    if found.amount != amount:
        wire.fault(name, "too_precise", f"{currency} has fewer decimals.")
    return found.minor


def told_of(record: LadderRecord) -> dict[str, Any]:
    """What the audit trail keeps of it."""
    return {
        "name": record.name,
        "is_default": record.is_default,
        "interest": record.interest,
        "automatic_from": record.automatic_from.isoformat() if record.automatic_from else None,
        "forgives": record.forgive_amount,
        "steps": ", ".join(f"{one.days:+d} {one.tone} {one.channel}" for one in record.steps),
    }


def delete_ladder(ladder_id: UUID, *, by: Actor) -> None:
    """Take a ladder away; letters that were sent keep its name. Raises NoSuchLadder, InUse."""
    by.require("reminder.edit")
    with transaction(by.organization_id):
        row = locked(ladder_id, by=by)
        others = Ladder.objects.of(by.organization_id).exclude(id=ladder_id)
        if row.is_default and others.exists():
            raise InUse("This is the usual ladder. Make another one the usual first.")
        if ReminderTerms.objects.of(by.organization_id).filter(ladder=row).exists():
            raise InUse("Clients are reminded by this ladder. Choose another for them first.")
        before = told_of(get_ladder(ladder_id, by=by))
        LadderStep.objects.of(by.organization_id).filter(ladder=row).delete()
        row.delete()
        audit.record(
            by=by, action="ladder.delete", table=TABLE, row_id=ladder_id, before=before, after=None
        )


def set_terms(
    partner_id: UUID, *, by: Actor, data: Mapping[str, Any], version: int | None = None
) -> TermsRecord:
    """Say how a client is reminded: raw values ladder (an id; none is the usual one) and is_never.

    Raises Invalid, NoSuchPartner, NoSuchLadder, Stale.
    """
    by.require("reminder.edit")
    wire = Wire(data)
    wire.known(("ladder", "is_never"))
    ladder_id, is_never = wire.identity("ladder"), wire.flag("is_never")
    wire.done()
    with transaction(by.organization_id):
        parties.get_partner(by.organization_id, partner_id, side="customer")
        if ladder_id is not None:
            get_ladder(ladder_id, by=by)
        rows = ReminderTerms.objects.of(by.organization_id)
        row = rows.lock().filter(partner_id=partner_id).first()
        before = terms_of(partner_id, by=by)
        if version is not None and version != before.version:
            raise Stale("This was changed in the meantime. Read it again.")
        if row is None:
            row = ReminderTerms(
                organization_id=by.organization_id, id=uuid7(), partner_id=partner_id, version=0
            )
        row.ladder_id = ladder_id  # type: ignore[attr-defined]
        row.is_never = is_never
        row.version += 1
        row.save()
        after = terms_of(partner_id, by=by)
        audit.record(
            by=by,
            action="client.reminders",
            table="parties_partner",
            row_id=partner_id,
            before={"ladder": before.ladder_name, "never": before.is_never},
            after={"ladder": after.ladder_name, "never": after.is_never},
        )
        return after
