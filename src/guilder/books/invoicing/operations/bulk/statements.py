"""The statements of a bulk run.

What is the same for many invoices is sent once: a shape (the judged and calculated paper without
its parties) is a row of `s`, an invoice is a row of `n` that names its shape by place.
"""

LINES = """
INSERT INTO invoicing_invoiceline (organization_id, id, invoice_id, position, item_id, name,
  description, quantity, unit, unit_price, base_quantity, tax_code, tax_category, tax_rate,
  tax_reason, net_amount)
SELECT %(organization)s::uuid, n.id, n.invoice_id, s.position, s.item_id, s.name, s.description,
  s.quantity, s.unit, s.unit_price, s.base_quantity, s.tax_code, s.tax_category, s.tax_rate,
  s.tax_reason, s.net_amount
FROM {n} JOIN {s} ON s.place = n.place AND s.position = n.position
"""
PART_OF = {"id": "uuid", "invoice_id": "uuid", "place": "integer", "position": "integer"}
LINE_SHAPE = {
    "place": "integer", "position": "integer", "item_id": "uuid", "name": "text",
    "description": "text", "quantity": "numeric", "unit": "text", "unit_price": "numeric",
    "base_quantity": "numeric", "tax_code": "text", "tax_category": "text",
    "tax_rate": "numeric", "tax_reason": "text", "net_amount": "bigint",
}  # fmt: skip
TAXES = """
INSERT INTO invoicing_invoicetax (organization_id, id, invoice_id, position, category, rate,
  taxable_amount, tax_amount, exemption_code, exemption_reason)
SELECT %(organization)s::uuid, n.id, n.invoice_id, s.position, s.category, s.rate, s.taxable,
  s.tax, s.code, s.reason
FROM {n} JOIN {s} ON s.place = n.place AND s.position = n.position
"""
TAX_SHAPE = {
    "place": "integer", "position": "smallint", "category": "text", "rate": "numeric",
    "taxable": "bigint", "tax": "bigint", "code": "text", "reason": "text",
}  # fmt: skip
INVOICES = """
INSERT INTO invoicing_invoice (organization_id, id, kind, status, draft_reference, series_id,
  number, sequence, period, issued_on, due_on, partner_id, currency, base_currency, base_rate,
  rate_source, language, tax_rounding, line_net_amount, allowances_amount, charges_amount,
  net_amount, tax_amount, gross_amount, prepaid_amount, rounding_amount, due_amount,
  withheld_amount, payable_amount, base_net_amount, base_tax_amount, base_payable_amount,
  prior_amount, allocated_amount, credited_amount, written_off_amount, open_amount, settled_on,
  terms, custom_fields, is_history, created_by_id, created_at, updated_at, version)
SELECT %(organization)s::uuid, n.id, 'invoice', 'issued', n.reference, %(series)s::uuid, n.number,
  n.sequence, %(period)s::text, %(on)s::date, s.due_on, n.partner_id, s.currency, s.base_currency,
  s.rate, s.rate_source, s.language, s.rounding, s.line_net, s.allowances, s.charges, s.net, s.tax,
  s.gross, s.prepaid, s.rounded, s.due, s.withheld, s.payable, s.base_net, s.base_tax,
  s.base_payable, 0, 0, 0, 0, s.payable, CASE WHEN s.payable = 0 THEN %(on)s::date END, s.terms,
  s.custom_fields, false, %(by)s::uuid, %(at)s::timestamptz, %(at)s::timestamptz, 2
FROM {n} JOIN {s} ON s.place = n.place
"""
INVOICE_OF = {
    "id": "uuid", "reference": "text", "number": "text", "sequence": "bigint",
    "partner_id": "uuid", "place": "integer",
}  # fmt: skip
INVOICE_SHAPE = {
    "place": "integer", "due_on": "date", "currency": "text", "base_currency": "text",
    "rate": "numeric", "rate_source": "text", "language": "text", "rounding": "text",
    "line_net": "bigint", "allowances": "bigint", "charges": "bigint", "net": "bigint",
    "tax": "bigint", "gross": "bigint", "prepaid": "bigint", "rounded": "bigint",
    "due": "bigint", "withheld": "bigint", "payable": "bigint", "base_net": "bigint",
    "base_tax": "bigint", "base_payable": "bigint", "terms": "jsonb", "custom_fields": "jsonb",
}  # fmt: skip
PAPERS = """
INSERT INTO invoicing_issueddocument (organization_id, id, invoice_id, series_id, series_code,
  period, sequence, number, issued_on, document, content_hash, previous_hash, chain_hash,
  issued_at, issued_by_id)
SELECT %(organization)s::uuid, n.id, n.invoice_id, %(series)s::uuid, %(code)s::text,
  %(period)s::text, n.sequence, n.number, %(on)s::date, s.document, s.content_hash,
  n.previous_hash, n.chain_hash, %(at)s::timestamptz, %(by)s::uuid
FROM {n} JOIN {s} ON s.place = n.place
"""
PAPER_OF = {
    "id": "uuid", "invoice_id": "uuid", "sequence": "bigint", "number": "text",
    "previous_hash": "bytea", "chain_hash": "bytea", "place": "integer",
}  # fmt: skip
PAPER_SHAPE = {"place": "integer", "document": "bytea", "content_hash": "bytea"}
ENTRIES = """
INSERT INTO ledger_entry (organization_id, id, booked_on, source, source_id, memo, base_currency,
  posting_count, created_by_id, created_at)
SELECT %(organization)s::uuid, n.id, %(on)s::date, 'invoice.issue', n.source_id, n.memo,
  s.base_currency, s.posting_count, %(by)s::uuid, %(at)s::timestamptz
FROM {n} JOIN {s} ON s.place = n.place
"""
ENTRY_OF = {"id": "uuid", "source_id": "uuid", "memo": "text", "place": "integer"}
ENTRY_SHAPE = {"place": "integer", "base_currency": "text", "posting_count": "smallint"}
POSTINGS = """
INSERT INTO ledger_posting (organization_id, id, entry_id, position, account_id, booked_on,
  partner_id, amount, currency, base_amount, rate, rate_source, tax_category, tax_rate)
SELECT %(organization)s::uuid, n.id, n.entry_id, s.position, s.account_id, %(on)s::date,
  n.partner_id, s.amount, s.currency, s.base, s.rate, s.rate_source, s.category, s.tax_rate
FROM {n} JOIN {s} ON s.place = n.place AND s.position = n.position
"""
POSTING_OF = {
    "id": "uuid", "entry_id": "uuid", "partner_id": "uuid", "place": "integer",
    "position": "integer",
}  # fmt: skip
POSTING_SHAPE = {
    "place": "integer", "position": "smallint", "account_id": "uuid", "amount": "bigint",
    "currency": "text", "base": "bigint", "rate": "numeric", "rate_source": "text",
    "category": "text", "tax_rate": "numeric",
}  # fmt: skip
# Lines come before their invoices, which are issued from the first moment on.
DEFER = (
    "SET CONSTRAINTS invoicing_invoiceline_invoice_within, invoicing_invoicetax_invoice_within"
    " DEFERRED"
)
