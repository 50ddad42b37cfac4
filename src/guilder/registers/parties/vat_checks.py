"""Checking a partner's VAT id online, and keeping the answer as evidence."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.registers.parties import queries, vat_services
from guilder.registers.parties.events import PartnerChanged
from guilder.registers.parties.models import Partner, PartnerTaxId, VatCheck


class NoVatId(NotFound):
    """The partner has no such VAT id."""

    code = "partner.no_vat_id"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked about a partner, in whose name, and the answer; not kept yet."""

    vat_id: str
    requester: str
    was_valid: bool | None
    answer: vat_services.Answer


def check_vat_id(partner_id: UUID, *, by: Actor, at: datetime, side: str) -> VatCheck:
    """Ask the tax office about a partner's VAT id and keep what it answered, for ever.

    Raises what `ask_about` raises. Call it outside transactions.
    """
    by.require("partner.edit")
    return keep_answer(partner_id, ask_about(partner_id, by=by, side=side), by=by, at=at)


def ask_about(partner_id: UUID, *, by: Actor, side: str) -> Asked:
    """What the tax office says of a partner's VAT id today. Call it outside transactions.

    Raises NoSuchPartner, NoVatId, vat_services.CannotBeAsked, vat_services.NoAnswer.
    """
    by.require("partner.edit")
    with transaction(by.organization_id):
        partner = queries.get_partner(by.organization_id, partner_id, side=side)
        own = queries.seller_profile(by.organization_id)
        found = next((one for one in partner.tax_ids.all() if one.scheme == "vat"), None)
    if found is None:
        raise NoVatId("This partner has no VAT id. Enter one first.")
    requester = own.vat_id if own else ""
    answer = vat_services.ask(found.value, requester=requester)
    return Asked(found.value, requester, found.is_valid, answer)


def keep_answer(partner_id: UUID, asked: Asked, *, by: Actor, at: datetime) -> VatCheck:
    """Keep an answer as evidence; it holds for the tax of later documents."""
    by.require("partner.edit")
    answer = asked.answer
    with transaction(by.organization_id):
        check = VatCheck.objects.create(
            id=uuid7(),
            organization_id=by.organization_id,
            partner_id=partner_id,
            vat_id=asked.vat_id,
            requester=asked.requester,
            service=answer.service,
            is_valid=answer.is_valid,
            name=answer.name,
            address=answer.address,
            consultation=answer.consultation,
            answer=dict(answer.told),
            checked_at=at,
        )
        row = Partner.objects.of(by.organization_id).lock().get(id=partner_id)
        PartnerTaxId.objects.of(by.organization_id).filter(
            partner_id=partner_id, scheme="vat", value=asked.vat_id
        ).update(is_valid=answer.is_valid, checked_at=at)
        audit.record(
            by=by,
            action="partner.vat_check",
            table="parties_partner",
            row_id=partner_id,
            before={"is_valid": asked.was_valid},
            after={"vat_id": asked.vat_id, "is_valid": answer.is_valid},
        )
        bus.publish(PartnerChanged(partner_id=row.id, name=row.name), by=by)
        return check
