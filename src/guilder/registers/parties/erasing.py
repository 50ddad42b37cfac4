"""Taking away what is kept of a person: all of it, or all but who they are on papers."""

from datetime import datetime
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.registers.parties import queries
from guilder.registers.parties.events import PartnerChanged
from guilder.registers.parties.models import (
    Assignment,
    Partner,
    PartnerAddress,
    PartnerBankAccount,
    PartnerContact,
    Partnership,
    PartnerTaxId,
    PortalAccess,
    PortalInvitation,
)

ERASED = "—"
ALWAYS = ("email", "phone", "website", "notes", "trading_name")


def strip_partner(partner_id: UUID, *, by: Actor, at: datetime, keeps_identity: bool) -> None:
    """Empty a partner and put it away; with `keeps_identity` name, billing address and tax ids
    stay. Twice is once. Raises NoSuchPartner."""
    by.require("partner.erase")
    with transaction(by.organization_id):
        queries.get_partner(by.organization_id, partner_id)
        partner = Partner.objects.of(by.organization_id).lock().get(id=partner_id)
        for name in ALWAYS:
            setattr(partner, name, "")
        partner.custom_fields = {}
        gone = [PartnerContact, PartnerBankAccount, Assignment, PortalAccess, PortalInvitation]
        addresses = PartnerAddress.objects.of(by.organization_id).filter(partner=partner)
        if keeps_identity:
            addresses.exclude(use="billing").delete()
        else:
            partner.name, partner.legal_registration = ERASED, ""
            addresses.update(line1="", line2="", line3="", postal_code="", city="", region="")
            gone.append(PartnerTaxId)
        for model in gone:
            model.objects.of(by.organization_id).filter(partner=partner).delete()
        Partnership.objects.of(by.organization_id).filter(partner=partner).update(
            buyer_reference=""
        )
        partner.archived_at = partner.archived_at or at
        partner.updated_at, partner.version = at, partner.version + 1
        partner.save()
        audit.record(
            by=by,
            action="partner.erase",
            table="parties_partner",
            row_id=partner_id,
            before=None,
            after={"kept": "name, address, tax ids" if keeps_identity else "nothing"},
        )
        bus.publish(PartnerChanged(partner_id=partner_id, name=partner.name), by=by)
