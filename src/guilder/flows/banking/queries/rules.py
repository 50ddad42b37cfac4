"""The organization's own rules for lines."""

from uuid import UUID

from guilder.flows.banking.models import Rule
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound


class NoSuchRule(NotFound):
    """No rule of that id."""

    code = "banking.no_rule"


def list_rules(*, by: Actor) -> list[Rule]:
    """All rules in the order in which they are tried."""
    by.require("bank.view")
    with transaction(by.organization_id):
        rows = Rule.objects.of(by.organization_id).select_related("account")
        return list(rows.order_by("position", "created_at", "id"))


def get_rule(rule_id: UUID, *, by: Actor) -> Rule:
    """One rule; NoSuchRule."""
    by.require("bank.view")
    with transaction(by.organization_id):
        rows = Rule.objects.of(by.organization_id).select_related("account")
        found = rows.filter(id=rule_id).first()
    if found is None:
        raise NoSuchRule("There is no such rule.")
    return found
