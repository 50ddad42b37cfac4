"""The tax of a period by category and rate, and sales to businesses elsewhere in the Union."""

# ruff: noqa: S608 (our own text)

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.period import Span
from guilder.office.reports import calc
from guilder.registers.parties.queries import reach_of

# Each document's breakdown, less that of the deposits that it takes up, and less what discounts for
# early payment took off where they correct the tax; in base currency at the
# rate of the document, each category and rate rounded once, as the ledger books it.
TAXED = """
WITH papers AS (
  SELECT i.id, i.number, i.kind, i.partner_id, i.issued_on, i.currency,
    i.base_rate * f.factor AS rate, CASE WHEN i.kind = 'credit_note' THEN -1 ELSE 1 END AS sign
  FROM invoicing_invoice i
  JOIN unnest(%(codes)s::text[], %(factors)s::numeric[]) AS f(code, factor) ON f.code = i.currency
  WHERE i.organization_id = %(organization)s::uuid AND i.status = 'issued' AND NOT i.is_history
    AND i.kind <> 'pro_forma' AND i.issued_on BETWEEN %(from)s::date AND %(to)s::date
    AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)
), discounts AS (
  SELECT i.id, i.number, x.kind, i.partner_id, x.on AS issued_on, i.currency,
    i.base_rate * f.factor AS rate, x.sign, d.parts
  FROM invoicing_discount d
  JOIN invoicing_invoice i ON i.organization_id = d.organization_id AND i.id = d.invoice_id
  JOIN unnest(%(codes)s::text[], %(factors)s::numeric[]) AS f(code, factor) ON f.code = i.currency
  CROSS JOIN LATERAL (VALUES (d.taken_on, 'discount', -1), (d.reversed_on, 'discount_back', 1))
    AS x("on", kind, sign)
  WHERE d.organization_id = %(organization)s::uuid
    AND x.on BETWEEN %(from)s::date AND %(to)s::date
    AND d.corrects_tax
    AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)
), parts AS (
  SELECT p.id, t.category, t.rate, p.sign * t.taxable_amount AS taxable,
    p.sign * t.tax_amount AS tax
  FROM papers p
  JOIN invoicing_invoicetax t ON t.organization_id = %(organization)s::uuid AND t.invoice_id = p.id
  UNION ALL
  SELECT p.id, t.category, t.rate, -t.taxable_amount, -t.tax_amount
  FROM papers p
  JOIN invoicing_deduction d ON d.organization_id = %(organization)s::uuid AND d.final_id = p.id
  JOIN invoicing_invoicetax t ON t.organization_id = d.organization_id
    AND t.invoice_id = d.deposit_id
), taxed AS (
  SELECT p.id, p.number, p.kind, p.partner_id, p.issued_on, p.currency, s.category, s.rate,
    s.taxable::bigint AS taxable, s.tax::bigint AS tax,
    round(s.taxable * p.rate)::bigint AS base_taxable, round(s.tax * p.rate)::bigint AS base_tax
  FROM papers p
  JOIN (SELECT id, category, rate, sum(taxable) AS taxable, sum(tax) AS tax FROM parts
        GROUP BY id, category, rate) s ON s.id = p.id
  UNION ALL
  SELECT d.id, d.number, d.kind, d.partner_id, d.issued_on, d.currency, s.category, s.rate,
    d.sign * s.net, d.sign * s.tax, round(d.sign * s.net * d.rate)::bigint,
    round(d.sign * s.tax * d.rate)::bigint
  FROM discounts d
  CROSS JOIN LATERAL jsonb_to_recordset(d.parts)
    AS s(category text, rate numeric, net bigint, tax bigint)
)"""
BY_RATE = f"""{TAXED}
SELECT category, rate, count(*) FILTER (WHERE NOT is_less)::int,
  count(*) FILTER (WHERE is_less)::int,
  coalesce(sum(base_taxable) FILTER (WHERE NOT is_less), 0)::bigint,
  coalesce(sum(base_taxable) FILTER (WHERE is_less), 0)::bigint,
  coalesce(sum(base_tax) FILTER (WHERE NOT is_less), 0)::bigint,
  coalesce(sum(base_tax) FILTER (WHERE is_less), 0)::bigint
FROM (SELECT *, kind IN ('credit_note', 'discount', 'discount_back') AS is_less FROM taxed) t
GROUP BY category, rate
ORDER BY array_position(ARRAY['S', 'L', 'M', 'Z', 'E', 'K', 'AE', 'G', 'O'], category), rate DESC
"""
DOCUMENTS = f"""{TAXED}
SELECT t.id, t.number, t.kind, t.partner_id, p.name, t.issued_on, t.currency, t.taxable, t.tax,
  t.base_taxable, t.base_tax
FROM taxed t
JOIN parties_partner p ON p.organization_id = %(organization)s::uuid AND p.id = t.partner_id
WHERE t.category = %(category)s::text AND t.rate IS NOT DISTINCT FROM %(rate)s::numeric
ORDER BY t.issued_on, t.id
"""
# Categories K (goods) and AE (services) to buyers with a VAT id of another member state; the id is
# read from the frozen paper, for that is what was declared.
UNION_SALES = f"""{TAXED}, sold AS (
  SELECT t.partner_id, t.category, t.base_taxable,
    convert_from(d.document, 'UTF8')::jsonb -> 'buyer' ->> 'vat_id' AS vat_id
  FROM taxed t
  JOIN invoicing_issueddocument d ON d.organization_id = %(organization)s::uuid
    AND d.invoice_id = t.id
  WHERE t.category IN ('K', 'AE')
)
SELECT s.vat_id, s.partner_id, p.name,
  coalesce(sum(s.base_taxable) FILTER (WHERE s.category = 'K'), 0)::bigint,
  coalesce(sum(s.base_taxable) FILTER (WHERE s.category = 'AE'), 0)::bigint
FROM sold s
JOIN parties_partner p ON p.organization_id = %(organization)s::uuid AND p.id = s.partner_id
WHERE left(coalesce(s.vat_id, ''), 2) = ANY(%(members)s::text[])
GROUP BY s.vat_id, s.partner_id, p.name ORDER BY s.vat_id, lower(p.name), s.partner_id
"""
# The member states as their VAT ids begin (Directive 2006/112/EC, Article 215; Greece is EL, and
# Northern Ireland's XI counts for goods).
MEMBERS = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TaxLine:
    """What was taxed at one category and rate, in base minor units; credits are negative."""

    category: str
    rate: Decimal | None
    invoice_count: int
    credit_count: int
    invoiced: int
    credited: int
    invoiced_tax: int
    credited_tax: int

    @property
    def taxable(self) -> int:
        """What the tax is charged on."""
        return self.invoiced + self.credited

    @property
    def tax(self) -> int:
        """What is owed of it."""
        return self.invoiced_tax + self.credited_tax


@dataclass(frozen=True, slots=True)
class TaxedDocument:
    """A document's part at one category and rate; a credit note's is negative."""

    id: UUID
    number: str
    kind: str
    partner_id: UUID
    partner_name: str
    day: date
    currency: str
    taxable: int
    tax: int
    base_taxable: int
    base_tax: int


@dataclass(frozen=True, slots=True)
class UnionSale:
    """What one VAT id of another member state bought untaxed, in base minor units."""

    vat_id: str
    partner_id: UUID
    partner_name: str
    goods: int
    services: int


def tax_lines(*, by: Actor, span: Span, base: str) -> list[TaxLine]:
    """The tax of what was issued in a span, by category and rate, in the base currency `base`."""
    by.require("report.view")
    with transaction(by.organization_id):
        rows = cursor().execute(BY_RATE, bound(by, span=span, base=base))
        return [TaxLine(*row) for row in rows.fetchall()]


def taxed_documents(
    *, by: Actor, span: Span, base: str, category: str, rate: Decimal | None
) -> list[TaxedDocument]:
    """The documents behind a line, oldest first."""
    by.require("report.view")
    values = bound(by, span=span, base=base) | {"category": category, "rate": rate}
    with transaction(by.organization_id):
        return [TaxedDocument(*row) for row in cursor().execute(DOCUMENTS, values).fetchall()]


def union_sales(*, by: Actor, span: Span, base: str, country: str) -> list[UnionSale]:
    """Sales without tax to businesses in other member states than `country`, by VAT id."""
    by.require("report.view")
    own = {"GR": "EL"}.get(country, country)
    values = bound(by, span=span, base=base)
    values["members"] = [code for code in MEMBERS if code != own]
    with transaction(by.organization_id):
        return [UnionSale(*row) for row in cursor().execute(UNION_SALES, values).fetchall()]


def bound(by: Actor, *, span: Span, base: str) -> dict[str, Any]:
    """What the statements bind."""
    codes, factors = calc.base_factors(base)
    return {
        "organization": by.organization_id,
        **reach_of(by),
        "from": span.start_on,
        "to": span.end_on,
        "codes": codes,
        "factors": factors,
    }
