"""The public shapes of invoices and quotes: REST, webhooks and exports show these."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from guilder.kernel.money import Money

if TYPE_CHECKING:
    from guilder.books.invoicing.queries import InvoiceRecord, QuoteRecord

# What a paper may carry beside lines, parties and totals, in the kernel's own shape and names.
TERMS = (
    "tax_currency",
    "tax_point_on",
    "tax_point_code",
    "buyer_reference",
    "project_reference",
    "contract_reference",
    "order_reference",
    "sales_order_reference",
    "receiving_advice_reference",
    "despatch_advice_reference",
    "tender_reference",
    "invoiced_object",
    "buyer_accounting_reference",
    "payment_terms",
    "notes",
    "preceding",
    "payee",
    "tax_representative",
    "delivery",
    "period",
    "payment",
    "early_discounts",
    "instalments",
    "withholdings",
)


class TotalsOut(msgspec.Struct, kw_only=True):
    """The document's sums, as decimal text in its currency (BG-22)."""

    line_net: str
    allowances: str
    charges: str
    net: str
    tax: str
    gross: str
    prepaid: str
    rounding: str
    due: str


class TaxRowOut(msgspec.Struct, kw_only=True):
    """One row of the tax breakdown (BG-23)."""

    category: str
    rate: str | None
    taxable: str
    tax: str
    exemption_code: str = ""
    exemption_reason: str = ""


class LineOut(msgspec.Struct, kw_only=True):
    """One line (BG-25). `tax_reason` says why a tax was chosen that nobody typed."""

    position: int
    item: UUID | None
    name: str
    description: str
    quantity: str
    unit: str
    unit_price: str
    tax_inclusive: bool
    tax: str
    tax_category: str
    tax_rate: str | None
    tax_reason: str
    net: str
    allowances: list[dict[str, Any]]
    charges: list[dict[str, Any]]
    more: dict[str, Any]


class InvoiceHeadOut(msgspec.Struct, kw_only=True):
    """An invoice in a list."""

    id: UUID
    kind: str
    status: str
    number: str | None
    draft_reference: str
    issued_on: date | None
    due_on: date | None
    client: UUID
    client_name: str
    currency: str
    totals: TotalsOut
    payable: str
    allocated: str
    credited: str
    written_off: str
    open: str
    settled_on: date | None
    quote: UUID | None
    corrects: UUID | None
    created_at: datetime
    updated_at: datetime
    etag: str


class InvoiceOut(InvoiceHeadOut, kw_only=True):
    """An invoice with its lines and terms."""

    language: str
    lines: list[LineOut]
    allowances: list[dict[str, Any]]
    charges: list[dict[str, Any]]
    tax_breakdown: list[TaxRowOut]
    seller: dict[str, Any]
    buyer: dict[str, Any]
    terms: dict[str, Any]
    details: dict[str, Any]
    custom_fields: dict[str, str]
    sent_at: datetime | None
    viewed_at: datetime | None
    disputed_at: datetime | None
    content_hash: str | None
    chain_hash: str | None
    warnings: list[str]


class QuoteOut(msgspec.Struct, kw_only=True):
    """A quote with its lines."""

    id: UUID
    status: str
    number: str | None
    draft_reference: str
    quoted_on: date | None
    valid_until: date | None
    client: UUID
    client_name: str
    currency: str
    language: str
    totals: TotalsOut
    lines: list[LineOut]
    invoiced: list[str]
    tax_breakdown: list[TaxRowOut]
    terms: dict[str, Any]
    details: dict[str, Any]
    custom_fields: dict[str, str]
    accepted_at: datetime | None
    accepted_by: str
    declined_at: datetime | None
    declined_reason: str
    created_at: datetime
    updated_at: datetime
    etag: str


def etag_of(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'


def head_values(record: "InvoiceRecord", *, on: date) -> dict[str, Any]:
    """What a list shows; `on` is today, for the status."""
    currency = record.currency

    def text(minor: int) -> str:
        return str(Money(minor, currency))

    return {
        "id": record.id,
        "kind": record.kind,
        "status": record.word(on=on),
        "number": record.number,
        "draft_reference": record.draft_reference,
        "issued_on": record.issued_on,
        "due_on": record.due_on,
        "client": record.partner_id,
        "client_name": record.partner_name,
        "currency": currency,
        "totals": TotalsOut(
            line_net=text(record.line_net_amount),
            allowances=text(record.allowances_amount),
            charges=text(record.charges_amount),
            net=text(record.net_amount),
            tax=text(record.tax_amount),
            gross=text(record.gross_amount),
            prepaid=text(record.prepaid_amount),
            rounding=text(record.rounding_amount),
            due=text(record.due_amount),
        ),
        "payable": text(record.payable_amount),
        "allocated": text(record.allocated_amount),
        "credited": text(record.credited_amount),
        "written_off": text(record.written_off_amount),
        "open": text(record.open_amount),
        "settled_on": record.settled_on,
        "quote": record.quote_id,
        "corrects": record.corrects_id,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "etag": etag_of(record.version),
    }


def invoice_head_out(record: "InvoiceRecord", *, on: date) -> InvoiceHeadOut:
    """The shape of a row in a list."""
    return InvoiceHeadOut(**head_values(record, on=on))


def invoice_out(record: "InvoiceRecord", *, on: date) -> InvoiceOut:
    """The shape of one invoice with its paper."""
    paper = record.paper or {}
    return InvoiceOut(
        **head_values(record, on=on),
        language=record.language,
        lines=lines_out(paper, record.items, record.tax_reasons),
        allowances=paper.get("allowances", []),
        charges=paper.get("charges", []),
        tax_breakdown=taxes_out(paper),
        seller=paper.get("seller", {}),
        buyer=paper.get("buyer", {}),
        terms=record.terms or {},
        details={name: paper[name] for name in TERMS if name in paper},
        custom_fields=fields_out(paper),
        sent_at=record.sent_at,
        viewed_at=record.viewed_at,
        disputed_at=record.disputed_at,
        content_hash=record.content_hash.hex() if record.content_hash else None,
        chain_hash=record.chain_hash.hex() if record.chain_hash else None,
        warnings=list(record.warnings),
    )


def quote_out(record: "QuoteRecord", *, on: date) -> QuoteOut:
    """The shape of one quote."""
    paper = record.paper
    return QuoteOut(
        id=record.id,
        status=record.word(on=on),
        number=record.number,
        draft_reference=record.draft_reference,
        quoted_on=record.quoted_on,
        valid_until=record.valid_until,
        client=record.partner_id,
        client_name=record.partner_name,
        currency=record.currency,
        language=record.language,
        totals=TotalsOut(**{name: paper["totals"][name] for name in TotalsOut.__struct_fields__}),
        lines=lines_out(paper, record.items, ()),
        invoiced=[f"{invoiced.normalize():f}" for _, invoiced in record.quantities],
        tax_breakdown=taxes_out(paper),
        terms=record.terms,
        details={name: paper[name] for name in TERMS if name in paper},
        custom_fields=fields_out(paper),
        accepted_at=record.accepted_at,
        accepted_by=record.accepted_by,
        declined_at=record.declined_at,
        declined_reason=record.declined_reason,
        created_at=record.created_at,
        updated_at=record.updated_at,
        etag=etag_of(record.version),
    )


def lines_out(
    paper: dict[str, Any], items: tuple[UUID | None, ...], reasons: tuple[str, ...]
) -> list[LineOut]:
    """The lines of a paper in the canonical shape."""
    return [
        line_out(
            line,
            position,
            item=items[position - 1] if position <= len(items) else None,
            reason=reasons[position - 1] if position <= len(reasons) else "",
        )
        for position, line in enumerate(paper.get("lines", ()), start=1)
    ]


def line_out(line: dict[str, Any], position: int, *, item: UUID | None, reason: str) -> LineOut:
    """One line; what few lines have stands in `more`, under the names that it is sent by."""
    said, price, tax = line["item"], line["price"], line["tax"]
    more = {
        name: line[name]
        for name in ("note", "object", "order_line", "buyer_accounting_reference", "period")
        if name in line
    }
    for ours, theirs in (
        ("seller_item_id", "seller_id"),
        ("buyer_item_id", "buyer_id"),
        ("standard_id", "standard_id"),
        ("classifications", "classifications"),
        ("origin_country", "origin_country"),
        ("attributes", "attributes"),
    ):
        if theirs in said:
            more[ours] = said[theirs]
    for ours, theirs in (
        ("gross_price", "gross"),
        ("price_discount", "discount"),
        ("base_quantity", "base_quantity"),
        ("base_unit", "base_unit"),
    ):
        if theirs in price:
            more[ours] = price[theirs]
    return LineOut(
        position=position,
        item=item,
        name=said.get("name", ""),
        description=said.get("description", ""),
        quantity=line["quantity"],
        unit=line["unit"],
        unit_price=price["amount"],
        tax_inclusive=price.get("tax_inclusive", False),
        tax=tax.get("code", ""),
        tax_category=tax["category"],
        tax_rate=tax.get("rate"),
        tax_reason=reason,
        net=line.get("net", ""),
        allowances=line.get("allowances", []),
        charges=line.get("charges", []),
        more=more,
    )


def taxes_out(paper: dict[str, Any]) -> list[TaxRowOut]:
    """The tax breakdown of a paper."""
    return [
        TaxRowOut(
            category=row["category"],
            rate=row.get("rate"),
            taxable=row["taxable"],
            tax=row["tax"],
            exemption_code=row.get("exemption_code", ""),
            exemption_reason=row.get("exemption_reason", ""),
        )
        for row in paper.get("taxes", ())
    ]


def fields_out(paper: dict[str, Any]) -> dict[str, str]:
    """The custom fields of a paper."""
    return {one["name"]: one["value"] for one in paper.get("custom_fields", ())}
