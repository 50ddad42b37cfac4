"""What an erasure would take away, and what stays until when."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.office.erasure import calc
from guilder.registers.parties import queries as parties

HELD = """
SELECT count(*) FILTER (WHERE status = 'issued')::int, max(issued_on),
  count(*) FILTER (WHERE status = 'draft')::int,
  count(*) FILTER (WHERE open_amount > 0)::int,
  (SELECT count(*)::int FROM invoicing_quote q WHERE q.organization_id = %(organization)s::uuid
    AND q.partner_id = %(partner)s::uuid),
  (SELECT max(p.received_on) FROM payments_payment p
    WHERE p.organization_id = %(organization)s::uuid AND p.partner_id = %(partner)s::uuid)
FROM invoicing_invoice
WHERE organization_id = %(organization)s::uuid AND partner_id = %(partner)s::uuid
"""


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """What stands against erasing a partner whole.

    `kept_until` is the last day on which name and address stay, because papers must be kept so
    long; None where nothing must. `open` documents keep all of it back.
    """

    partner_id: UUID
    name: str
    issued: int
    drafts: int
    quotes: int
    open: int
    kept_until: date | None
    source: str

    @property
    def is_whole(self) -> bool:
        """Whether name and address go too."""
        return self.kept_until is None


def plan(partner_id: UUID, *, by: Actor, today: date) -> ErasurePlan:
    """What erasing a partner would mean today. Raises NoSuchPartner."""
    by.require("partner.erase")
    with transaction(by.organization_id):
        partner = parties.get_partner(by.organization_id, partner_id)
        values = {"organization": by.organization_id, "partner": partner_id}
        row = cursor().execute(HELD, values).fetchone()
    issued, last_issued, drafts, open_, quotes, last_paid = row or (0, None, 0, 0, 0, None)
    country = identity.get_organization(by.organization_id).country
    last = max((day for day in (last_issued, last_paid) if day is not None), default=None)
    until = calc.kept_until(last, country=country) if last is not None else None
    if until is not None and until < today:
        until = None
    return ErasurePlan(
        partner_id,
        partner.name,
        issued,
        drafts,
        quotes,
        open_,
        until,
        calc.retention_of(country).source if until else "",
    )
