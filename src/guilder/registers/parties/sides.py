"""A partner who is known on one side is dealt with on the other too."""

from datetime import datetime
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.registers.parties import queries
from guilder.registers.parties.events import PartnerChanged
from guilder.registers.parties.models import Partner, Partnership


def take_on(partner_id: UUID, *, by: Actor, side: str, at: datetime) -> Partner:
    """Make a known partner a customer or supplier as well; where that is so, nothing changes.

    Raises NoSuchPartner.
    """
    by.require("partner.edit")
    with transaction(by.organization_id):
        partner = queries.get_partner(by.organization_id, partner_id)
        row = Partner.objects.of(by.organization_id).lock().get(id=partner_id)
        known = sorted(one.side for one in partner.partnerships.all())
        if side in known:
            return partner
        Partnership.objects.create(
            organization_id=by.organization_id,
            partner_id=partner_id,
            side=side,
            currency=identity.get_organization(by.organization_id).base_currency,
        )
        row.version += 1
        row.updated_at = at
        row.save(update_fields=["version", "updated_at"])
        audit.record(
            by=by,
            action="partner.update",
            table="parties_partner",
            row_id=partner_id,
            before={"sides": known},
            after={"sides": sorted([*known, side])},
        )
        bus.publish(PartnerChanged(partner_id=partner_id, name=row.name), by=by)
        return queries.get_partner(by.organization_id, partner_id, side=side)
