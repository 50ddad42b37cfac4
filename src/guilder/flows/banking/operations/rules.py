"""Rules of the organization's own, and profiles of its banks' tables."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.flows.banking.calc.rules import FIELDS, NUMBER_TESTS, TESTS
from guilder.flows.banking.models import Rule, TableProfile
from guilder.flows.banking.operations.accounts import posted_to
from guilder.flows.banking.parsers import Profile
from guilder.flows.banking.queries.rules import NoSuchRule
from guilder.foundation.audit import operations as audit
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Stale
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire


class RuleKnown(Conflict):
    """A rule of that name is there already."""

    code = "banking.rule_known"


def save_rule(
    *,
    by: Actor,
    data: Mapping[str, Any],
    at: datetime,
    rule_id: UUID | None = None,
    version: int | None = None,
) -> Rule:
    """Make a rule or change one, from raw values: name, direction, conditions [{"field", "op",
    "value"}], account, is_automatic, is_active. All conditions must hold.

    Raises Invalid with every fault, RuleKnown, NoSuchRule, Stale.
    """
    by.require("bank.edit")
    with transaction(by.organization_id):
        row = locked(rule_id, by=by, version=version)
        before = as_data(row) if rule_id else None
        values = read({**(before or {}), **data}, by=by)
        others = Rule.objects.of(by.organization_id).exclude(id=row.id)
        if others.filter(name=values["name"]).exists():
            raise RuleKnown(f"There is already a rule “{values['name']}”.")
        for name, value in values.items():
            setattr(row, name, value)
        if rule_id is None:
            row.created_at, row.position = at, others.count()
        row.version += rule_id is not None
        row.save()
        note(row, "bank_rule.save", before, by=by)
        return row


def delete_rule(rule_id: UUID, *, by: Actor, version: int | None = None) -> None:
    """Use a rule no more; what it matched stays. Raises NoSuchRule, Stale."""
    by.require("bank.edit")
    with transaction(by.organization_id):
        row = locked(rule_id, by=by, version=version)
        if row.used_count:
            row.is_active = False
            row.save(update_fields=["is_active"])
        else:
            Rule.objects.of(by.organization_id).filter(id=row.id).delete()
        note(row, "bank_rule.delete", as_data(row), by=by)


def move_rule(rule_id: UUID, *, by: Actor, position: int) -> None:
    """Try a rule earlier or later than the others. Raises NoSuchRule."""
    by.require("bank.edit")
    with transaction(by.organization_id):
        row = locked(rule_id, by=by)
        rows = Rule.objects.of(by.organization_id)
        others = [one for one in rows.order_by("position", "created_at") if one.id != row.id]
        others.insert(max(0, position), row)
        for place, one in enumerate(others):
            rows.filter(id=one.id).update(position=place)


def locked(rule_id: UUID | None, *, by: Actor, version: int | None = None) -> Rule:
    """The rule under lock, or a new one; NoSuchRule, Stale."""
    if rule_id is None:
        return Rule(organization_id=by.organization_id)
    row = Rule.objects.of(by.organization_id).lock().filter(id=rule_id).first()
    if row is None:
        raise NoSuchRule("There is no such rule.")
    if version is not None and version != row.version:
        raise Stale("This rule was changed in the meantime. Read it again.")
    return row


def read(data: Mapping[str, Any], *, by: Actor) -> dict[str, Any]:
    """The judged columns of a rule; Invalid with every fault."""
    wire = Wire(data)
    wire.known(("name", "direction", "conditions", "account", "is_automatic", "is_active"))
    values: dict[str, Any] = {
        "name": wire.text("name", most=80, required=True),
        "direction": wire.choice("direction", Rule.Direction.values, default="any"),
        "account_id": posted_to(wire, "account", by=by),
        "is_automatic": wire.flag("is_automatic"),
        "is_active": wire.flag("is_active", default=True),
        "conditions": [condition(one) for one in wire.parts("conditions", most=10, required=True)],
    }
    if values["account_id"] is None:
        wire.fault("account", "required", "Choose what it is posted to.")
    wire.done()
    return values


def condition(part: Wire) -> dict[str, str]:
    """One condition; amounts are minor units as text."""
    part.known(("field", "op", "value"))
    field = part.choice("field", FIELDS, required=True)
    tests = tuple(NUMBER_TESTS if field == "amount" else TESTS)
    op = part.choice("op", tests, required=True)
    value = part.text("value", most=140, required=True)
    if field == "amount" and value and not value.isdecimal():
        part.fault("value", "banking.amount", "Give the amount in cents, without a sign.")
    return {"field": field, "op": op, "value": value}


def as_data(row: Rule) -> dict[str, Any]:
    """A row as the raw values that make it."""
    return {
        "name": row.name,
        "direction": row.direction,
        "conditions": row.conditions,
        "account": str(row.account_id),
        "is_automatic": row.is_automatic,
        "is_active": row.is_active,
    }


def note(row: Rule, action: str, before: dict[str, Any] | None, *, by: Actor) -> None:
    """The audit entry."""
    audit.record(
        by=by,
        action=action,
        table="banking_rule",
        row_id=row.id,
        before=before,
        after=as_data(row),
    )


def save_profile(profile: Profile, *, by: Actor, at: datetime) -> None:
    """Keep where the tables with this head say what."""
    by.require("bank.edit")
    with transaction(by.organization_id):
        TableProfile.objects.update_or_create(
            organization_id=by.organization_id,
            signature=profile.signature,
            defaults={"data": profile.as_data(), "changed_at": at},
        )


__all__ = ("Money", "RuleKnown", "delete_rule", "move_rule", "save_profile", "save_rule")
