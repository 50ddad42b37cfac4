"""What the index is made from: a statement for each kind of thing, with the same columns."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from guilder.office.search import calc

# id, kind, title, subtitle, number, amount, payable, currency, day, partner, owner, archived, and
# the texts whose words it is found by. {only} narrows to some ids, {after} pages by id.
INVOICES = """
SELECT i.id, i.kind, coalesce(i.number, i.draft_reference), p.name,
  coalesce(i.number, i.draft_reference), i.gross_amount,
  CASE WHEN i.payable_amount <> i.gross_amount THEN i.payable_amount END, i.currency,
  coalesce(i.issued_on, i.created_at::date), i.partner_id, i.created_by_id, false,
  ARRAY[d.paper ->> 'order_reference', d.paper ->> 'buyer_reference', d.paper ->> 'note']
FROM invoicing_invoice i
JOIN parties_partner p ON p.organization_id = i.organization_id AND p.id = i.partner_id
LEFT JOIN invoicing_issueddocument s
  ON s.organization_id = i.organization_id AND s.invoice_id = i.id
LEFT JOIN LATERAL (
  SELECT convert_from(coalesce(s.document, i.content), 'UTF8')::jsonb AS paper) d ON true
WHERE i.organization_id = %(organization)s::uuid {only} {after} ORDER BY i.id LIMIT %(limit)s
"""
QUOTES = """
SELECT i.id, 'quote', coalesce(i.number, i.draft_reference), p.name,
  coalesce(i.number, i.draft_reference), i.gross_amount, NULL::bigint, i.currency,
  coalesce(i.quoted_on, i.created_at::date), i.partner_id, i.created_by_id, false,
  ARRAY[d.paper ->> 'order_reference', d.paper ->> 'buyer_reference', d.paper ->> 'note']
FROM invoicing_quote i
JOIN parties_partner p ON p.organization_id = i.organization_id AND p.id = i.partner_id
LEFT JOIN LATERAL (SELECT convert_from(i.content, 'UTF8')::jsonb AS paper) d ON true
WHERE i.organization_id = %(organization)s::uuid {only} {after} ORDER BY i.id LIMIT %(limit)s
"""
PAYMENTS = """
SELECT i.id, 'payment', p.name, i.reference, '', i.amount, NULL::bigint, i.currency, i.received_on,
  i.partner_id, i.created_by_id, i.reversed_on IS NOT NULL, ARRAY[i.reference]
FROM payments_payment i
JOIN parties_partner p ON p.organization_id = i.organization_id AND p.id = i.partner_id
WHERE i.organization_id = %(organization)s::uuid {only} {after} ORDER BY i.id LIMIT %(limit)s
"""
PARTNERS = """
SELECT i.id, CASE WHEN a.sides = ARRAY['supplier'::varchar] THEN 'supplier' ELSE 'client' END,
  i.name, concat_ws(' · ', nullif(i.code, ''), t.city), i.code, NULL::bigint, NULL::bigint, '',
  NULL::date, NULL::uuid, NULL::uuid, i.archived_at IS NOT NULL,
  ARRAY[i.name, i.trading_name, i.email, t.city] || coalesce(c.texts, '{{}}')
    || coalesce(x.texts, '{{}}') || coalesce(b.texts, '{{}}')
FROM parties_partner i
LEFT JOIN LATERAL (SELECT array_agg(o.side) AS sides FROM parties_partnership o
  WHERE o.organization_id = i.organization_id AND o.partner_id = i.id) a ON true
LEFT JOIN LATERAL (SELECT o.city FROM parties_partneraddress o
  WHERE o.organization_id = i.organization_id AND o.partner_id = i.id
  ORDER BY o.use LIMIT 1) t ON true
LEFT JOIN LATERAL (SELECT array_agg(o.name || ' ' || o.email) AS texts FROM parties_partnercontact o
  WHERE o.organization_id = i.organization_id AND o.partner_id = i.id) c ON true
LEFT JOIN LATERAL (SELECT array_agg(o.value) AS texts FROM parties_partnertaxid o
  WHERE o.organization_id = i.organization_id AND o.partner_id = i.id) x ON true
LEFT JOIN LATERAL (SELECT array_agg(o.iban) AS texts FROM parties_partnerbankaccount o
  WHERE o.organization_id = i.organization_id AND o.partner_id = i.id) b ON true
WHERE i.organization_id = %(organization)s::uuid {only} {after} ORDER BY i.id LIMIT %(limit)s
"""
ITEMS = """
SELECT i.id, 'item', i.name, i.code, i.code, NULL::bigint, NULL::bigint, '', NULL::date, NULL::uuid,
  NULL::uuid, i.archived_at IS NOT NULL, ARRAY[i.name, i.code, i.standard_id]
FROM catalogue_item i
WHERE i.organization_id = %(organization)s::uuid {only} {after} ORDER BY i.id LIMIT %(limit)s
"""
# Name → its statement and the table that it reads.
SOURCES = {
    "invoice": (INVOICES, "invoicing_invoice"),
    "quote": (QUOTES, "invoicing_quote"),
    "payment": (PAYMENTS, "payments_payment"),
    "partner": (PARTNERS, "parties_partner"),
    "item": (ITEMS, "catalogue_item"),
}
KINDS = {
    "invoice": ("invoice", "credit_note", "debit_note", "deposit", "pro_forma"),
    "quote": ("quote",),
    "payment": ("payment",),
    "partner": ("client", "supplier"),
    "item": ("item",),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing as it stands in its own room."""

    id: UUID
    kind: str
    title: str
    subtitle: str
    number: str
    amount: int | None
    payable: int | None
    currency: str
    dated_on: date | None
    partner_id: UUID | None
    owner_id: UUID | None
    is_archived: bool
    texts: list[str | None]

    def words(self) -> tuple[str, ...]:
        """The words that it is found by, beside its number."""
        return calc.words_of(text for text in self.texts if text)

    def row(self) -> tuple[Any, ...]:
        """Its values in the order of `operations.COLUMNS`, after id and organization."""
        texts = [self.title, self.subtitle, *(text for text in self.texts if text)]
        joined = calc.key_of(self.number)
        return (
            self.kind,
            self.title[:240],
            self.subtitle[:240],
            f"{calc.text_of(texts)} {joined}".strip(),
            joined,
            calc.tail_of(self.number),
            self.amount,
            self.payable,
            self.currency,
            self.dated_on,
            self.partner_id,
            self.owner_id,
            self.is_archived,
        )


def statement(name: str, *, only: bool = False, paged: bool = False) -> str:
    """The statement of one source, for some ids or for the page after an id."""
    return SOURCES[name][0].format(
        only="AND i.id = ANY(%(ids)s::uuid[])" if only else "",
        after="AND i.id > %(after)s::uuid" if paged else "",
    )
