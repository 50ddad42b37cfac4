"""The hand-written statements of invoicing, and what they bind."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import msgspec

from guilder.books.invoicing.building import Built
from guilder.books.invoicing.calc import payable_of
from guilder.foundation.tenancy.hot import array
from guilder.foundation.tenancy.ids import uuid7_texts
from guilder.kernel.document import Document, Totals

ONE = Decimal(1)

PARTS = """
put_lines AS (
  INSERT INTO invoicing_invoiceline (organization_id, id, invoice_id, position, item_id, name,
    description, quantity, unit, unit_price, base_quantity, tax_code, tax_category, tax_rate,
    tax_reason, net_amount, source_position)
  SELECT %(organization)s::uuid, l.id, made.id, l.position, l.item_id, l.name, l.description,
    l.quantity, l.unit, l.unit_price, l.base_quantity, l.tax_code, l.tax_category, l.tax_rate,
    l.tax_reason, l.net_amount, l.source_position
  FROM made, unnest(%(line_ids)s::uuid[], %(positions)s::integer[], %(items)s::uuid[],
    %(names)s::text[], %(descriptions)s::text[], %(quantities)s::numeric[], %(units)s::text[],
    %(prices)s::numeric[], %(base_quantities)s::numeric[], %(tax_codes)s::text[],
    %(tax_categories)s::text[], %(tax_rates)s::numeric[], %(tax_reasons)s::text[],
    %(nets)s::bigint[], %(corrected)s::integer[])
    AS l(id, position, item_id, name, description, quantity, unit, unit_price, base_quantity,
      tax_code, tax_category, tax_rate, tax_reason, net_amount, source_position)
), put_taxes AS (
  INSERT INTO invoicing_invoicetax (organization_id, id, invoice_id, position, category, rate,
    taxable_amount, tax_amount, exemption_code, exemption_reason)
  SELECT %(organization)s::uuid, t.id, made.id, t.position, t.category, t.rate, t.taxable, t.tax,
    t.code, t.reason
  FROM made, unnest(%(row_ids)s::uuid[], %(row_positions)s::smallint[],
    %(row_categories)s::text[], %(row_rates)s::numeric[], %(row_taxables)s::bigint[],
    %(row_taxes)s::bigint[], %(row_codes)s::text[], %(row_reasons)s::text[])
    AS t(id, position, category, rate, taxable, tax, code, reason)
)"""

CREATE = """
WITH made AS (
  INSERT INTO invoicing_invoice (organization_id, id, kind, status, draft_reference, due_on,
    partner_id, currency, base_currency, rate_source, language, tax_rounding, line_net_amount,
    allowances_amount, charges_amount, net_amount, tax_amount, gross_amount, prepaid_amount,
    rounding_amount, due_amount, withheld_amount, payable_amount, prior_amount, allocated_amount,
    credited_amount, written_off_amount, open_amount, content, terms, custom_fields, series_id,
    quote_id, corrects_id, is_history, created_by_id, created_at, updated_at, version)
  VALUES (%(organization)s::uuid, %(id)s::uuid, %(kind)s::text, 'draft', %(reference)s::text,
    %(due_on)s::date, %(partner)s::uuid, %(currency)s::text, %(base_currency)s::text, '',
    %(language)s::text, %(rounding)s::text, %(line_net)s::bigint, %(allowances)s::bigint,
    %(charges)s::bigint, %(net)s::bigint, %(tax)s::bigint, %(gross)s::bigint, %(prepaid)s::bigint,
    %(rounded)s::bigint, %(due)s::bigint, %(withheld)s::bigint, %(payable)s::bigint, 0, 0, 0, 0, 0,
    %(content)s::bytea, %(terms)s::jsonb, %(custom_fields)s::jsonb, %(series)s::uuid,
    %(quote)s::uuid, %(corrects)s::uuid, false, %(by)s::uuid, %(at)s::timestamptz,
    %(at)s::timestamptz, 1)
  RETURNING id
), {parts}, {trail}
SELECT id FROM made""".replace("{parts}", PARTS)

CLEAR = (
    "DELETE FROM invoicing_invoiceline WHERE organization_id = %(organization)s AND"
    " invoice_id = %(id)s",
    "DELETE FROM invoicing_invoicetax WHERE organization_id = %(organization)s AND"
    " invoice_id = %(id)s",
)

CHANGE = """
WITH made AS (
  UPDATE invoicing_invoice SET kind = %(kind)s::text, due_on = %(due_on)s::date,
    partner_id = %(partner)s::uuid, currency = %(currency)s::text, language = %(language)s::text,
    tax_rounding = %(rounding)s::text, line_net_amount = %(line_net)s::bigint,
    allowances_amount = %(allowances)s::bigint, charges_amount = %(charges)s::bigint,
    net_amount = %(net)s::bigint, tax_amount = %(tax)s::bigint, gross_amount = %(gross)s::bigint,
    prepaid_amount = %(prepaid)s::bigint, rounding_amount = %(rounded)s::bigint,
    due_amount = %(due)s::bigint, withheld_amount = %(withheld)s::bigint,
    payable_amount = %(payable)s::bigint, content = %(content)s::bytea, terms = %(terms)s::jsonb,
    custom_fields = %(custom_fields)s::jsonb, series_id = %(series)s::uuid,
    corrects_id = %(corrects)s::uuid, updated_at = %(at)s::timestamptz, version = version + 1
  WHERE organization_id = %(organization)s::uuid AND id = %(id)s::uuid AND status = 'draft'
  RETURNING id, version
), {parts}, {trail}
SELECT version FROM made""".replace("{parts}", PARTS)

# For the last statement before commit; it hangs on numbering's `numbered`.
ISSUED = """
issued AS (
  UPDATE invoicing_invoice SET status = 'issued', series_id = %(series_id)s::uuid,
    number = numbered.number, sequence = numbered.sequence, period = %(period)s::text,
    issued_on = %(issued_on)s::date, due_on = %(due_on)s::date, base_rate = %(base_rate)s::numeric,
    rate_source = %(rate_source)s::text, rounding_amount = %(rounded)s::bigint,
    due_amount = %(due)s::bigint, withheld_amount = %(withheld)s::bigint,
    payable_amount = %(payable)s::bigint, base_net_amount = %(base_net)s::bigint,
    base_tax_amount = %(base_tax)s::bigint, base_payable_amount = %(base_payable)s::bigint,
    allocated_amount = %(applied)s::bigint, open_amount = %(open)s::bigint,
    settled_on = %(settled_on)s::date, content = NULL, updated_at = %(at)s::timestamptz,
    version = version + 1
  FROM numbered
  WHERE organization_id = %(organization)s::uuid AND id = %(id)s::uuid AND status = 'draft'
  RETURNING id, version
), frozen AS (
  INSERT INTO invoicing_issueddocument (organization_id, id, invoice_id, series_id, series_code,
    period, sequence, number, issued_on, document, content_hash, previous_hash, chain_hash,
    issued_at, issued_by_id)
  SELECT %(organization)s::uuid, %(frozen_id)s::uuid, issued.id, %(series_id)s::uuid,
    %(series_code)s::text, %(period)s::text, numbered.sequence, numbered.number,
    %(issued_on)s::date, %(document)s::bytea, %(content_hash)s::bytea, numbered.previous_hash,
    numbered.chain_hash, %(at)s::timestamptz, %(by)s::uuid
  FROM numbered, issued
)"""

APPLIED = """
applied AS (
  INSERT INTO invoicing_creditallocation (organization_id, id, credit_note_id, invoice_id, amount,
    base_amount, credit_base_amount, allocated_on, is_active, created_by_id, created_at)
  SELECT %(organization)s::uuid, %(allocation)s::uuid, issued.id, %(corrected)s::uuid,
    %(applied)s::bigint, %(applied_base)s::bigint, %(applied_credit_base)s::bigint,
    %(issued_on)s::date, true, %(by)s::uuid, %(at)s::timestamptz
  FROM issued
), lowered AS (
  UPDATE invoicing_invoice AS i SET credited_amount = i.credited_amount + %(applied)s::bigint,
    open_amount = i.open_amount - %(applied)s::bigint,
    settled_on = CASE WHEN i.open_amount = %(applied)s::bigint THEN %(issued_on)s::date END,
    updated_at = %(at)s::timestamptz, version = i.version + 1
  FROM issued
  WHERE i.organization_id = %(organization)s::uuid AND i.id = %(corrected)s::uuid
)"""

# Payments and credits applied to invoices, by the caller's gate.
SETTLED = """
settled AS (
  UPDATE invoicing_invoice AS i SET {column} = i.{column} + s.amount,
    open_amount = i.open_amount - s.amount,
    settled_on = CASE WHEN i.open_amount = s.amount THEN %(settled_on)s::date END,
    updated_at = %(at)s::timestamptz, version = i.version + 1
  FROM {gate}, unnest(%(settled_ids)s::uuid[], %(settled_amounts)s::bigint[]) AS s(id, amount)
  WHERE i.organization_id = %(organization)s::uuid AND i.id = s.id AND i.status = 'issued'
  RETURNING i.id
)"""

PART_TYPES = {
    "line_ids": "uuid",
    "positions": "integer",
    "items": "uuid",
    "names": "text",
    "descriptions": "text",
    "quantities": "numeric",
    "units": "text",
    "prices": "numeric",
    "base_quantities": "numeric",
    "tax_codes": "text",
    "tax_categories": "text",
    "tax_rates": "numeric",
    "tax_reasons": "text",
    "nets": "bigint",
    "corrected": "integer",
    "row_ids": "uuid",
    "row_positions": "smallint",
    "row_categories": "text",
    "row_rates": "numeric",
    "row_taxables": "bigint",
    "row_taxes": "bigint",
    "row_codes": "text",
    "row_reasons": "text",
}

# Column of an invoice → the name of that amount in `amounts`.
AMOUNT_OF = {
    "line_net_amount": "line_net",
    "allowances_amount": "allowances",
    "charges_amount": "charges",
    "net_amount": "net",
    "tax_amount": "tax",
    "gross_amount": "gross",
    "prepaid_amount": "prepaid",
    "rounding_amount": "rounded",
    "due_amount": "due",
    "withheld_amount": "withheld",
    "payable_amount": "payable",
}


def reference_of(invoice_id: UUID) -> str:
    """The draft's own name: D- and eight characters of its id."""
    return f"D-{invoice_id.hex[-8:].upper()}"


def amounts(document: Document) -> dict[str, int]:
    """The totals of a calculated paper in minor units."""
    totals = cast("Totals", document.totals)
    payable = payable_of(totals)
    return {
        "line_net": totals.line_net.minor,
        "allowances": totals.allowances.minor,
        "charges": totals.charges.minor,
        "net": totals.net.minor,
        "tax": totals.tax.minor,
        "gross": totals.gross.minor,
        "prepaid": totals.prepaid.minor,
        "rounded": totals.rounding.minor,
        "due": totals.due.minor,
        "withheld": totals.due.minor - payable,
        "payable": payable,
    }


def part_values(
    document: Document,
    *,
    items: list[UUID | None],
    reasons: list[str],
    corrected: list[int | None] | None = None,
) -> dict[str, Any]:
    """Lines and taxes as the arrays of PARTS."""
    lines, taxes = document.lines, document.taxes
    values: dict[str, Iterable[Any]] = {
        "line_ids": uuid7_texts(len(lines)),
        "positions": list(range(1, len(lines) + 1)),
        "items": items,
        "names": [line.item.name for line in lines],
        "descriptions": [line.item.description for line in lines],
        "quantities": [line.quantity for line in lines],
        "units": [line.unit for line in lines],
        "prices": [line.price.amount for line in lines],
        "base_quantities": [line.price.base_quantity or ONE for line in lines],
        "tax_codes": [line.tax.code for line in lines],
        "tax_categories": [line.tax.category for line in lines],
        "tax_rates": [line.tax.rate for line in lines],
        "tax_reasons": [reason[:200] for reason in reasons],
        "nets": [line.net.minor if line.net is not None else 0 for line in lines],
        "corrected": corrected or [None] * len(lines),
        "row_ids": uuid7_texts(len(taxes)),
        "row_positions": list(range(1, len(taxes) + 1)),
        "row_categories": [row.category for row in taxes],
        "row_rates": [row.rate for row in taxes],
        "row_taxables": [row.taxable.minor for row in taxes],
        "row_taxes": [row.tax.minor for row in taxes],
        "row_codes": [row.exemption_code for row in taxes],
        "row_reasons": [row.exemption_reason for row in taxes],
    }
    return {name: array(value, PART_TYPES[name]) for name, value in values.items()}


def json_text(value: Any) -> str:
    """A jsonb value as text: spelled by msgspec in a fraction of the time of json."""
    return msgspec.json.encode(value).decode()


def draft_values(
    built: Built,
    *,
    organization_id: UUID,
    invoice_id: UUID,
    by_id: UUID | None,
    at: datetime,
    quote_id: UUID | None = None,
    corrects_id: UUID | None = None,
    corrected: list[int | None] | None = None,
) -> dict[str, Any]:
    """Everything that CREATE and CHANGE bind but the trail."""
    document = built.document
    return {
        "organization": organization_id,
        "id": invoice_id,
        "kind": document.kind.value,
        "reference": reference_of(invoice_id),
        "due_on": document.due_on,
        "partner": built.read.client_id,
        "currency": document.currency,
        "base_currency": built.context.base_currency,
        "language": document.language,
        "rounding": document.rounding.value,
        **amounts(document),
        "content": built.content,
        "terms": json_text(built.terms),
        "custom_fields": json_text(dict(document.custom_fields)),
        "series": built.read.series_id,
        "quote": quote_id,
        "corrects": corrects_id or built.read.corrects_id,
        "by": by_id,
        "at": at,
        **part_values(document, items=built.items, reasons=built.reasons, corrected=corrected),
    }
