"""Erasing a person from the registers and the audit trail, as far as the law lets it be."""

from datetime import date, datetime
from uuid import UUID

from guilder.books.charging import operations as charging
from guilder.books.sepa import operations as sepa
from guilder.foundation.audit import operations as audit
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict
from guilder.office.erasure.queries import ErasurePlan, plan
from guilder.registers.parties import operations as parties


class NotErasable(Conflict):
    """Something is open between the partner and the organization."""

    code = "erasure.not_erasable"


def erase_partner(partner_id: UUID, *, by: Actor, at: datetime, today: date) -> ErasurePlan:
    """Take away what is kept of a partner without need; gives what stays, and until when.

    Contacts, bank accounts, notes, phone, mail and further addresses go at once, mandates and what
    payment services keep end, there too; name, billing address, tax ids and the accounts of
    mandates under which was collected with them, unless papers must be kept: then after
    `kept_until`, when this is called again.
    Issued papers never change. In the audit trail the values go with their salts, and the seals
    still hold. Twice is once. Raises NoSuchPartner, NotErasable.
    """
    found = plan(partner_id, by=by, today=today)
    if found.open:
        raise NotErasable("Documents of this client are open. Settle them or write them off first.")
    if found.drafts or (found.quotes and found.is_whole):
        raise NotErasable("Drafts or quotes name this client. Delete them first.")
    parties.strip_partner(partner_id, by=by, at=at, keeps_identity=not found.is_whole)
    emptied = sepa.strip_mandates(partner_id, by=by, at=at, keeps_used=not found.is_whole)
    charging.strip_methods(partner_id, by=by, at=at)
    audit.erase_values(by=by, table="parties_partner", row_id=partner_id)
    for mandate_id in emptied:
        audit.erase_values(by=by, table="sepa_mandate", row_id=mandate_id)
    return found
