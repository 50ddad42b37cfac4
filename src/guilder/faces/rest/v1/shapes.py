"""What a commercial paper is made of, as it is sent: for the documentation of the wire.

The rooms judge what is sent; these say what they take.
"""

from typing import Any

import msgspec

from guilder.faces.rest.wire import (
    Amount,
    Country,
    Currency,
    Day,
    Id,
    InvoiceKind,
    TaxRounding,
    Unit,
)


class LevelIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """An allowance or charge: an amount or a percentage (decimal strings)."""

    amount: Amount | None = None
    percent: Amount | None = None
    base: Amount | None = None
    reason: str = ""
    reason_code: str = ""
    tax: str = ""


class LineIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A line. With an `item`, what is left out comes from it; `tax` is a code, else resolved."""

    description: str = ""
    quantity: Amount = "1"
    unit: Unit = "C62"
    unit_price: Amount | None = None
    tax: str | dict[str, Any] = ""
    item: Id | None = None
    name: str = ""
    base_quantity: Amount | None = None
    base_unit: str = ""
    tax_inclusive: bool | None = None
    gross_price: Amount | None = None
    price_discount: Amount | None = None
    allowances: list[LevelIn] = []
    charges: list[LevelIn] = []
    note: str | None = None
    object: dict[str, Any] | None = None
    order_line: str | None = None
    buyer_accounting_reference: str | None = None
    period: dict[str, Any] | None = None
    seller_item_id: str | None = None
    buyer_item_id: str | None = None
    standard_id: dict[str, Any] | None = None
    classifications: list[dict[str, Any]] | None = None
    origin_country: Country | None = None
    attributes: list[dict[str, Any]] | None = None


class PaperIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What every paper may carry beside its client and lines, in the terms of EN 16931."""

    currency: Currency | msgspec.UnsetType = msgspec.UNSET
    language: str = ""
    terms: dict[str, Any] | None = None
    allowances: list[LevelIn] = []
    charges: list[LevelIn] = []
    custom_fields: dict[str, str | None] = {}
    tax_rounding: TaxRounding = "group"
    series: Id | None = None
    notes: str | list[dict[str, Any]] | None = None
    buyer_reference: str | None = None
    project_reference: str | None = None
    contract_reference: str | None = None
    order_reference: str | None = None
    sales_order_reference: str | None = None
    receiving_advice_reference: str | None = None
    despatch_advice_reference: str | None = None
    tender_reference: str | None = None
    invoiced_object: dict[str, Any] | None = None
    buyer_accounting_reference: str | None = None
    payment_terms: str | None = None
    tax_currency: Currency | None = None
    tax_rate_to_tax_currency: Amount | None = None
    tax_point_on: Day | None = None
    tax_point_code: str | None = None
    type_code: str | None = None
    business_process: str | None = None
    specification: str | None = None
    payee: dict[str, Any] | None = None
    tax_representative: dict[str, Any] | None = None
    delivery: dict[str, Any] | None = None
    period: dict[str, Any] | None = None
    payment: list[dict[str, Any]] | None = None
    rounding_amount: Amount | None = None
    cash_rounding: Amount | None = None
    withholdings: list[dict[str, Any]] | None = None
    attachments: list[dict[str, Any]] | None = None


class DraftIn(PaperIn, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """A document to be drafted; client and lines are enough. With `issue` it is issued at once."""

    client: Id
    lines: list[LineIn] = []
    kind: InvoiceKind = "invoice"
    due_on: Day | None = None
    prepaid: Amount | None = None
    preceding: list[dict[str, Any]] | None = None
    corrects: Id | None = None
    deducts: list[Id] = []
    issue: bool = False
    issued_on: Day | None = None


class DraftPatch(PaperIn, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What changes of a draft; lists are replaced whole."""

    client: Id | msgspec.UnsetType = msgspec.UNSET
    lines: list[LineIn] = []
    kind: InvoiceKind = "invoice"
    due_on: Day | None = None
    prepaid: Amount | None = None
    preceding: list[dict[str, Any]] | None = None
    corrects: Id | None = None
    deducts: list[Id] = []


class QuoteIn(PaperIn, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """A quote to be drafted; client and lines are enough."""

    client: Id
    lines: list[LineIn] = []
    valid_until: Day | None = None


class QuotePatch(PaperIn, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What changes of a drafted quote; lists are replaced whole."""

    client: Id | msgspec.UnsetType = msgspec.UNSET
    lines: list[LineIn] = []
    valid_until: Day | None = None
