"""Which rows somebody sees who does not see all: their own, their team's, their clients'."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from guilder.foundation.identity.queries import team_of
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.registers.parties.models import Assignment, Partner, PortalAccess


def reach_of(by: Actor) -> dict[str, Any]:
    """What a statement binds for `guilder_sees(%(owner)s, %(drafts)s, …)`.

    `owner` is None for who sees every row, else the ids of the people and clients whose papers are
    seen; `drafts` whether those clients' drafts are among them. Nobody asked is nobody seen.
    """
    if by.row_rule == "all":
        return {"owner": None, "drafts": True}
    if by.user_id is None:
        return {"owner": [by.organization_id], "drafts": False}
    if by.row_rule == "portal":
        return {"owner": own_clients(by), "drafts": False}
    people = team_of(by) if by.row_rule == "team" else [by.user_id]
    clients = [] if by.row_rule == "own" else clients_of(by, people)
    return {"owner": [*people, *clients], "drafts": True}


def seen_by(by: Actor, *, state: str = "status") -> Q:
    """The same for the ORM, over `created_by_id`, `partner_id` and the column `state`."""
    bound = reach_of(by)
    if bound["owner"] is None:
        return Q()
    theirs = Q(partner_id__in=bound["owner"])
    if not bound["drafts"]:
        theirs &= ~Q(**{state: "draft"})
    return Q(created_by_id__in=bound["owner"]) | theirs


def clients_of(by: Actor, people: Sequence[UUID]) -> list[UUID]:
    """The clients whom some people look after."""
    with transaction(by.organization_id):
        rows = Assignment.objects.of(by.organization_id).filter(user_id__in=people)
        return list(rows.order_by("partner_id").values_list("partner_id", flat=True).distinct())


def own_clients(by: Actor) -> list[UUID]:
    """The clients that a person of the portal belongs to; the organization's id, which is no
    client's, where there is none."""
    with transaction(by.organization_id):
        rows = PortalAccess.objects.of(by.organization_id).filter(user_id=by.user_id)
        found = rows.order_by("partner_id").values_list("partner_id", flat=True)
        return list(found) or [by.organization_id]


def assigned(organization_id: UUID) -> dict[UUID, list[UUID]]:
    """User → the clients they look after."""
    found: dict[UUID, list[UUID]] = {}
    with transaction(organization_id):
        rows = Assignment.objects.of(organization_id).order_by("user_id", "partner__name")
        for user_id, partner_id in rows.values_list("user_id", "partner_id"):
            found.setdefault(user_id, []).append(partner_id)
    return found


def portal_people(organization_id: UUID) -> dict[UUID, list[UUID]]:
    """User → the clients they belong to."""
    found: dict[UUID, list[UUID]] = {}
    with transaction(organization_id):
        rows = PortalAccess.objects.of(organization_id).order_by("user_id", "partner__name")
        for user_id, partner_id in rows.values_list("user_id", "partner_id"):
            found.setdefault(user_id, []).append(partner_id)
    return found


def names_of(organization_id: UUID, partner_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Partner → name; what is gone is absent."""
    with transaction(organization_id):
        rows = Partner.objects.of(organization_id).filter(id__in=partner_ids)
        return dict(rows.values_list("id", "name"))
