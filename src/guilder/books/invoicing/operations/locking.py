"""A draft under lock, with all that issuing it needs to know."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.books.invoicing import paper
from guilder.books.invoicing.calc import DepositShare
from guilder.books.invoicing.lookup import SIDES_COLUMNS, context_of
from guilder.books.invoicing.operations.drafts import NotDraft
from guilder.books.invoicing.queries.records import NoSuchInvoice
from guilder.foundation.tenancy.hot import cursor
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.kernel.errors import Stale
from guilder.registers.currencies import queries as currencies
from guilder.registers.numbering.queries import SeriesChoice, no_series
from guilder.registers.parties import queries as parties
from guilder.registers.parties.queries import InvoicingContext, reach_of

ONE = Decimal(1)

# The draft under lock, the series that numbers it, and the accounts that it is booked to.
LOCK = """
SELECT i.status, i.kind, i.partner_id, i.currency, i.base_currency, i.terms, i.content, i.version,
  i.updated_at, i.quote_id, i.corrects_id, i.draft_reference, i.created_by_id, i.created_at,
  p.name,
  s.id, s.code, s.pattern, s.period, s.start_at, s.branch,
  (SELECT jsonb_object_agg(a.role, a.id) FROM ledger_account a
    WHERE a.organization_id = i.organization_id AND a.role <> '') AS accounts,
  EXISTS (SELECT FROM invoicing_deduction d
    WHERE d.organization_id = i.organization_id AND d.final_id = i.id) AS deducts,
  l.items, l.reasons,
  (SELECT r.amount FROM workflow_approvalrule r
    WHERE r.organization_id = i.organization_id AND r.is_active) AS approved_above,
  EXISTS (SELECT FROM workflow_approval v WHERE v.organization_id = i.organization_id
    AND v.subject_id = i.id AND v.subject_version = i.version AND v.state = 'approved') AS approved,
  (SELECT a.delivery_format FROM parties_partnership a WHERE a.organization_id = i.organization_id
    AND a.partner_id = i.partner_id AND a.side = 'customer') AS format,
  {columns}
FROM invoicing_invoice i
JOIN parties_partner p ON p.organization_id = i.organization_id AND p.id = i.partner_id
LEFT JOIN LATERAL (
  SELECT * FROM numbering_series x WHERE x.organization_id = i.organization_id
    AND x.kind = i.kind AND x.is_active
    AND (x.id = i.series_id OR (i.series_id IS NULL AND x.is_default AND x.branch = ''))
  LIMIT 1) s ON true
LEFT JOIN LATERAL (
  SELECT array_agg(x.item_id ORDER BY x.position) AS items,
    array_agg(x.tax_reason ORDER BY x.position) AS reasons
  FROM invoicing_invoiceline x
  WHERE x.organization_id = i.organization_id AND x.invoice_id = i.id AND x.position > 0) l ON true
JOIN LATERAL ({context}) AS c ON true
WHERE i.organization_id = %(organization)s AND i.id = %(id)s
  AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)
FOR NO KEY UPDATE OF i
""".replace("{columns}", SIDES_COLUMNS).replace(
    "{context}", parties.CONTEXT.replace("%(partner)s", "i.partner_id")
)
CORRECTED = """
SELECT i.id, i.payable_amount, i.open_amount, i.base_payable_amount, i.currency,
  i.gross_amount + i.rounding_amount,
  (SELECT coalesce(sum(c.gross_amount + c.rounding_amount), 0)::bigint FROM invoicing_invoice c
    WHERE c.organization_id = i.organization_id AND c.corrects_id = i.id
      AND c.kind = 'credit_note' AND c.status = 'issued')
FROM invoicing_invoice i
WHERE i.organization_id = %(organization)s AND i.id = %(id)s
FOR NO KEY UPDATE OF i
"""
DEPOSITS = """
SELECT d.deposit_id, i.net_amount, i.base_rate, t.category, t.rate, t.tax_amount, t.taxable_amount,
  (SELECT -sum(p.base_amount)::bigint FROM ledger_entry e
    JOIN ledger_posting p ON p.organization_id = e.organization_id AND p.entry_id = e.id
    JOIN ledger_account a ON a.organization_id = p.organization_id AND a.id = p.account_id
    WHERE e.organization_id = d.organization_id AND e.source = 'invoice.issue'
      AND e.source_id = d.deposit_id AND a.role = 'deposits')
FROM invoicing_deduction d
JOIN invoicing_invoice i ON i.organization_id = d.organization_id AND i.id = d.deposit_id
JOIN invoicing_invoicetax t ON t.organization_id = i.organization_id AND t.invoice_id = i.id
WHERE d.organization_id = %(organization)s AND d.final_id = %(id)s
ORDER BY d.deposit_id, t.position
"""


@dataclass(slots=True)
class Draft:
    """A locked draft with what issuing it needs."""

    id: UUID
    kind: str
    partner_id: UUID
    partner_name: str
    currency: str
    base_currency: str
    terms: dict[str, Any]
    document: Document
    version: int
    updated_at: datetime
    quote_id: UUID | None
    corrects_id: UUID | None
    reference: str
    created_by_id: UUID | None
    created_at: datetime
    series: SeriesChoice
    accounts: dict[str, UUID]
    deducts: bool
    items: tuple[UUID | None, ...] = ()
    reasons: tuple[str, ...] = ()
    approved_above: int | None = None  # what comes to more, in the base currency, wants an approval
    is_approved: bool = False
    format: str = "pdf"  # that the client wants it in


@dataclass(slots=True)
class Corrected:
    """The invoice that a credit note corrects, under lock; `gross` with the rounding amount."""

    id: UUID
    payable: int
    left: int
    base_payable: int
    currency: str
    gross: int
    credited_gross: int


def locked(invoice_id: UUID, *, by: Actor, version: int | None) -> tuple[Draft, InvoicingContext]:
    """The draft under lock and both its sides; NoSuchInvoice, NotDraft, Stale, NoSeries."""
    row = (
        cursor(binary=True)
        .execute(
            LOCK,
            {"organization": by.organization_id, "id": invoice_id, **reach_of(by)},
            prepare=True,
        )
        .fetchone()
    )
    if row is None:
        raise NoSuchInvoice("There is no such invoice.")
    if row[0] != "draft":
        raise NotDraft("It is issued already. A correction is a new document.")
    if version is not None and version != row[7]:
        raise Stale("This draft was changed in the meantime. Read it again.")
    if row[15] is None:
        raise no_series(row[1])
    context = context_of(row[2], row[28:])
    draft = Draft(
        id=invoice_id,
        kind=row[1],
        partner_id=row[2],
        partner_name=row[14],
        currency=row[3],
        base_currency=row[4],
        terms=row[5],
        document=paper.document_of(row[6]),
        version=row[7],
        updated_at=row[8],
        quote_id=row[9],
        corrects_id=row[10],
        reference=row[11],
        created_by_id=row[12],
        created_at=row[13],
        series=SeriesChoice(*row[15:21]),
        accounts={role: UUID(one) for role, one in (row[21] or {}).items()},
        deducts=row[22],
        items=tuple(row[23] or ()),
        reasons=tuple(row[24] or ()),
        approved_above=row[25],
        is_approved=row[26],
        format=row[27] or "pdf",
    )
    return draft, context


def lock_corrected(draft: Draft, *, by: Actor) -> Corrected | None:
    """The invoice that a credit note corrects, under lock."""
    if draft.corrects_id is None or draft.kind != "credit_note":
        return None
    row = (
        cursor()
        .execute(CORRECTED, {"organization": by.organization_id, "id": draft.corrects_id})
        .fetchone()
    )
    return None if row is None else Corrected(*row)


def base_rate(draft: Draft, day: date, *, by: Actor) -> tuple[Decimal, str]:
    """What one unit of the document's currency is in the base currency, and who says so; NoRate."""
    if draft.currency == draft.base_currency:
        return ONE, ""
    found = currencies.rate_on(
        by.organization_id, base=draft.currency, quote=draft.base_currency, on=day
    )
    return found.rate, f"{found.source} {found.on}"[:80]


def deposit_shares(draft: Draft, *, by: Actor) -> list[DepositShare]:
    """What the deposits come to that a final invoice deducts."""
    if not draft.deducts:
        return []
    rows = (
        cursor().execute(DEPOSITS, {"organization": by.organization_id, "id": draft.id}).fetchall()
    )
    shares: dict[UUID, DepositShare] = {}
    for deposit_id, net, _, category, rate, amount, _, base_net in rows:
        before = shares.get(deposit_id)
        taxes = (*(before.taxes if before else ()), (category, rate, amount))
        shares[deposit_id] = DepositShare(net, taxes, base_net)
    return list(shares.values())
