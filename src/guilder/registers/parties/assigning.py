"""Giving people clients to look after, and clients' own people their way in."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict
from guilder.registers.parties.events import ClientsAssigned
from guilder.registers.parties.models import Assignment, Partner, PortalAccess
from guilder.registers.parties.queries import NoSuchPartner

MOST_ASSIGNED = 5_000


class NotAPortalPerson(Conflict):
    """Only members with the role “client” come in by the portal, and they look after nobody."""

    code = "partner.not_a_portal_person"


def assign_clients(
    user_id: UUID, *, by: Actor, partner_ids: Iterable[UUID], at: datetime
) -> list[UUID]:
    """Make these the clients whom a member looks after, and no others.

    Raises NoSuchMember, NoSuchPartner, NotAPortalPerson.
    """
    by.require("partner.assign")
    if role_of(user_id, by=by) == "client":
        raise NotAPortalPerson("Somebody of the portal looks after no clients.")
    return replace(Assignment, user_id, by=by, partner_ids=partner_ids, at=at)


def open_portal(
    user_id: UUID, *, by: Actor, partner_ids: Iterable[UUID], at: datetime
) -> list[UUID]:
    """Make these the clients that a member with the role “client” belongs to, and no others.

    Raises NoSuchMember, NoSuchPartner, NotAPortalPerson.
    """
    by.require("partner.assign")
    if role_of(user_id, by=by) != "client":
        raise NotAPortalPerson("Give this person the role “client” first.")
    return replace(PortalAccess, user_id, by=by, partner_ids=partner_ids, at=at)


def role_of(user_id: UUID, *, by: Actor) -> str:
    """The role of a member. Raises NoSuchMember."""
    return identity.actor_for(user_id, by.organization_id, source=by.source).role


def replace(
    model: Any, user_id: UUID, *, by: Actor, partner_ids: Iterable[UUID], at: datetime
) -> list[UUID]:
    """Set the clients of one person; gives their ids."""
    wanted = list(dict.fromkeys(partner_ids))[:MOST_ASSIGNED]
    with transaction(by.organization_id):
        known = Partner.objects.of(by.organization_id).filter(id__in=wanted).count()
        if known != len(wanted):
            raise NoSuchPartner("There is no such client.")
        rows = model.objects.of(by.organization_id).filter(user_id=user_id)
        before = set(rows.lock().values_list("partner_id", flat=True))
        if before == set(wanted):
            return wanted
        rows.exclude(partner_id__in=wanted).delete()
        model.objects.bulk_create(
            model(
                organization_id=by.organization_id,
                user_id=user_id,
                partner_id=one,
                created_by_id=by.user_id,
                created_at=at,
            )
            for one in wanted
            if one not in before
        )
        audit.record(
            by=by,
            action="partner.assign" if model is Assignment else "portal.open",
            table=model._meta.db_table,
            row_id=user_id,
            before={"clients": sorted(map(str, before))},
            after={"clients": sorted(map(str, wanted))},
        )
        bus.publish(ClientsAssigned(user_id=user_id, clients=len(wanted)), by=by)
    return wanted
