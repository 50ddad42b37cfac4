"""What is to be reminded of: each open invoice with the step that its day has come for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money
from guilder.office.dunning.models import Ladder

# The same choice as calc.due_step makes; a test holds them together.
DUE = """
FROM invoicing_invoice i
JOIN parties_partner c ON c.organization_id = i.organization_id AND c.id = i.partner_id
LEFT JOIN dunning_reminderterms t
  ON t.organization_id = i.organization_id AND t.partner_id = i.partner_id
JOIN dunning_ladder l ON l.organization_id = i.organization_id
  AND (l.id = t.ladder_id OR (t.ladder_id IS NULL AND l.is_default))
LEFT JOIN LATERAL (
  SELECT max(d.level) AS level, max(m.pay_by_on) AS pay_by_on
  FROM dunning_reminded d
  JOIN dunning_reminder m ON m.organization_id = d.organization_id AND m.id = d.reminder_id
  WHERE d.organization_id = i.organization_id AND d.invoice_id = i.id
) r ON true
JOIN LATERAL (
  SELECT x.* FROM dunning_ladderstep x
  WHERE x.organization_id = i.organization_id AND x.ladder_id = l.id
    AND x.level > coalesce(r.level, 0) AND i.due_on + x.days <= %(on)s::date
    AND (x.days >= 0 OR i.due_on >= %(on)s::date)
  ORDER BY x.level DESC LIMIT 1
) s ON true
WHERE i.organization_id = %(organization)s::uuid AND i.open_amount > 0
  AND i.kind IN ('invoice', 'debit_note', 'deposit') AND i.disputed_at IS NULL
  AND NOT coalesce(t.is_never, false)
  AND (r.pay_by_on IS NULL OR r.pay_by_on < %(on)s::date)
  AND (%(invoices)s::uuid[] IS NULL OR i.id = ANY(%(invoices)s::uuid[]))
  AND (%(partner)s::uuid IS NULL OR i.partner_id = %(partner)s::uuid)
  AND NOT EXISTS (
    SELECT FROM dunning_hold h
    WHERE h.organization_id = i.organization_id AND h.partner_id = i.partner_id
      AND h.ended_at IS NULL AND (h.invoice_id IS NULL OR h.invoice_id = i.id)
      AND (h.until_on IS NULL OR h.until_on >= %(on)s::date))
  AND NOT EXISTS (
    SELECT FROM dunning_handedinvoice o
    WHERE o.organization_id = i.organization_id AND o.invoice_id = i.id)
"""
WAITS = "(s.needs_approval OR l.automatic_from IS NULL OR i.due_on < l.automatic_from)"
COLUMNS = f"""
SELECT i.id, i.number, i.kind, i.partner_id, c.name, i.currency, i.issued_on, i.due_on,
  i.open_amount, l.id, l.name, l.is_collective, l.interest, l.contract_percent::text, s.level,
  s.tone, s.channel, s.pay_within, s.fee_amount, s.with_interest, s.with_lump_sum,
  {WAITS} AS waits
"""
ORDER = " ORDER BY c.name, i.partner_id, i.currency, i.due_on, i.id LIMIT %(most)s"
ALONE = f" AND ({WAITS}) = %(waits)s::boolean"


@dataclass(frozen=True, slots=True)
class Due:
    """An open invoice and the step that is due for it. `waits`: only a person sends it."""

    invoice_id: UUID
    number: str
    kind: str
    partner_id: UUID
    partner_name: str
    currency: str
    issued_on: date
    due_on: date
    open_amount: int
    ladder_id: UUID
    ladder_name: str
    is_collective: bool
    interest: str
    contract_percent: str | None
    level: int
    tone: str
    channel: str
    pay_within: int
    fee_amount: int
    with_interest: bool
    with_lump_sum: bool
    waits: bool

    @property
    def open(self) -> Money:
        """What is open."""
        return Money(self.open_amount, self.currency)


def list_due(
    *,
    by: Actor,
    on: date,
    invoice_ids: Sequence[UUID] | None = None,
    partner_id: UUID | None = None,
    waits: bool | None = None,
    most: int = 1000,
) -> list[Due]:
    """What is to be reminded of on a day, client by client; with `waits` only what waits for a
    person, or only what does not."""
    by.require("reminder.view")
    values = bound(by, on, invoice_ids, partner_id) | {"most": most, "waits": waits}
    where = "" if waits is None else ALONE
    with transaction(by.organization_id):
        rows = cursor(binary=True).execute(f"{COLUMNS}{DUE}{where}{ORDER}", values, prepare=True)
        return [Due(*row) for row in rows.fetchall()]


def bound(
    by: Actor, on: date, invoice_ids: Sequence[UUID] | None, partner_id: UUID | None
) -> dict[str, object]:
    """What the statement binds."""
    return {
        "organization": by.organization_id,
        "on": on,
        "invoices": None if invoice_ids is None else list(invoice_ids),
        "partner": partner_id,
    }


def due_count(*, by: Actor, on: date, cap: int) -> int:
    """How many invoices wait for a person to remind of them, at most `cap`."""
    by.require("reminder.view")
    values = bound(by, on, None, None) | {"most": cap, "waits": True}
    with transaction(by.organization_id):
        found = cursor().execute(
            f"SELECT count(*) FROM (SELECT 1 {DUE}{ALONE} LIMIT %(most)s) AS capped",  # noqa: S608
            values,
        )
        return found.fetchone()[0]


def organizations_with_ladders(organization_ids: Sequence[UUID]) -> list[UUID]:
    """Those of some organizations that remind or forgive by themselves; for the worker."""
    found = []
    for organization_id in organization_ids:
        with transaction(organization_id):
            rows = Ladder.objects.of(organization_id)
            if rows.filter(Q(automatic_from__isnull=False) | Q(forgive_amount__gt=0)).exists():
                found.append(organization_id)
    return found
