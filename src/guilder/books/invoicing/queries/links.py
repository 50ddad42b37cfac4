"""What hangs together: the documents around one, what settled it, how fast a client pays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money
from guilder.registers.parties.queries import reach_of

OTHER = "o.id, o.kind, o.number, o.status, o.payable_amount, o.currency, o.issued_on"
# Relation → how the other one is found from the invoice i.
LINKS = {
    "corrects": "o.id = i.corrects_id",
    "corrected_by": "o.corrects_id = i.id",
    "replaces": "o.id = i.replaces_id",
    "replaced_by": "o.replaces_id = i.id",
    "deducts": "EXISTS (SELECT FROM invoicing_deduction d WHERE d.organization_id ="
    " i.organization_id AND d.final_id = i.id AND d.deposit_id = o.id)",
    "deducted_by": "EXISTS (SELECT FROM invoicing_deduction d WHERE d.organization_id ="
    " i.organization_id AND d.deposit_id = i.id AND d.final_id = o.id)",
}
AROUND = """
SELECT {place}, '{relation}', {other}
FROM invoicing_invoice i
JOIN invoicing_invoice o ON o.organization_id = i.organization_id AND {found}
WHERE i.organization_id = %(organization)s::uuid AND i.id = %(id)s::uuid
  AND guilder_sees(%(owner)s, %(drafts)s, o.created_by_id, o.partner_id, o.status)"""
# Deductions are few: they are reached from their own index, not from all invoices.
DEDUCTED = """
SELECT {place}, '{relation}', {other}
FROM invoicing_deduction d
JOIN invoicing_invoice o ON o.organization_id = d.organization_id AND o.id = d.{theirs}
WHERE d.organization_id = %(organization)s::uuid AND d.{ours} = %(id)s::uuid
  AND guilder_sees(%(owner)s, %(drafts)s, o.created_by_id, o.partner_id, o.status)"""
QUOTED = """
SELECT 9, 'quote', q.id, 'quote', q.number, q.state, q.gross_amount, q.currency, q.quoted_on
FROM invoicing_invoice i
JOIN invoicing_quote q ON q.organization_id = i.organization_id AND q.id = i.quote_id
WHERE i.organization_id = %(organization)s::uuid AND i.id = %(id)s::uuid
  AND guilder_sees(%(owner)s, %(drafts)s, q.created_by_id, q.partner_id, q.state)"""
ALL = " UNION ALL ".join(
    [
        *(
            AROUND.format(place=place, relation=relation, other=OTHER, found=found)
            for place, (relation, found) in enumerate(LINKS.items())
            if not relation.startswith("deduct")
        ),
        DEDUCTED.format(
            place=4, relation="deducts", other=OTHER, ours="final_id", theirs="deposit_id"
        ),
        DEDUCTED.format(
            place=5, relation="deducted_by", other=OTHER, ours="deposit_id", theirs="final_id"
        ),
        QUOTED,
    ]
)
SETTLED = """
WITH asked AS (
  SELECT i.id FROM invoicing_invoice i
  WHERE i.organization_id = %(organization)s::uuid AND i.id = %(id)s::uuid
    AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status))
SELECT 'credit', a.id, a.credit_note_id, c.number, a.amount, a.allocated_on, '', a.is_active
FROM invoicing_creditallocation a
JOIN invoicing_invoice c ON c.organization_id = a.organization_id AND c.id = a.credit_note_id
WHERE a.organization_id = %(organization)s::uuid AND a.invoice_id = (SELECT id FROM asked)
UNION ALL
SELECT 'used', a.id, a.invoice_id, i.number, a.amount, a.allocated_on, '', a.is_active
FROM invoicing_creditallocation a
JOIN invoicing_invoice i ON i.organization_id = a.organization_id AND i.id = a.invoice_id
WHERE a.organization_id = %(organization)s::uuid AND a.credit_note_id = (SELECT id FROM asked)
UNION ALL
SELECT 'write_off', w.id, NULL::uuid, NULL, w.amount, w.written_off_on, w.reason, true
FROM invoicing_writeoff w
WHERE w.organization_id = %(organization)s::uuid AND w.invoice_id = (SELECT id FROM asked)
UNION ALL
SELECT 'discount', d.id, NULL::uuid, NULL, d.amount, d.taken_on, d.reason, d.is_active
FROM invoicing_discount d
WHERE d.organization_id = %(organization)s::uuid AND d.invoice_id = (SELECT id FROM asked)
ORDER BY 6, 2
"""
DAYS = """
SELECT partner_id, round(avg(settled_on - issued_on))::int
FROM invoicing_invoice
WHERE organization_id = %(organization)s::uuid AND partner_id = ANY(%(partners)s::uuid[])
  AND kind IN ('invoice', 'debit_note', 'deposit') AND settled_on >= %(since)s::date
  AND allocated_amount > 0 AND NOT is_history
  AND guilder_sees(%(owner)s, %(drafts)s, created_by_id, partner_id, status)
GROUP BY partner_id
"""


@dataclass(frozen=True, slots=True)
class Linked:
    """Another document and how it stands to this one: a key of LINKS, or "quote"."""

    relation: str
    id: UUID
    kind: str
    number: str | None
    status: str
    amount: Money
    on: date | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was settled without money: "credit" applied to it, "used" of a credit note, a
    "write_off" or a "discount" for paying early; `other_id` is the document on the other side."""

    kind: str
    id: UUID
    other_id: UUID | None
    number: str | None
    amount: int
    on: date
    reason: str
    is_active: bool


def links_of(invoice_id: UUID, *, by: Actor) -> list[Linked]:
    """The documents around one that the actor may see: corrections both ways, what was written
    anew, deposits, the quote. One statement."""
    by.require("invoice.view")
    values = {"organization": by.organization_id, "id": invoice_id, **reach_of(by)}
    with transaction(by.organization_id):
        rows = cursor().execute(f"{ALL} ORDER BY 1, 3", values, prepare=True).fetchall()
    return [
        Linked(relation, id_, kind, number, status, Money(amount, currency), on)
        for _, relation, id_, kind, number, status, amount, currency, on in rows
    ]


def settlements_of(invoice_id: UUID, *, by: Actor) -> list[Settlement]:
    """Credits and write-offs of a document, oldest first, taken-off ones included."""
    by.require("invoice.view")
    values = {"organization": by.organization_id, "id": invoice_id, **reach_of(by)}
    with transaction(by.organization_id):
        rows = cursor().execute(SETTLED, values, prepare=True).fetchall()
    return [Settlement(*row) for row in rows]


def days_to_pay(
    partner_ids: Sequence[UUID], *, by: Actor, since: date = date.min
) -> dict[UUID, int]:
    """How many days some clients take on average from issue to the last payment, over what was
    settled since a day; who settled nothing is absent."""
    by.require("invoice.view")
    values = {
        "organization": by.organization_id,
        "partners": list(partner_ids),
        "since": since,
        **reach_of(by),
    }
    with transaction(by.organization_id):
        return dict(cursor().execute(DAYS, values, prepare=True).fetchall())
