"""What a commercial paper is made of, as it is sent: for the documentation of the wire.

The rooms judge what is sent; these say what they take.
"""

from typing import Any

import msgspec


class LevelIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """An allowance or charge: an amount or a percentage (decimal strings)."""

    amount: str | None = None
    percent: str | None = None
    base: str | None = None
    reason: str = ""
    reason_code: str = ""
    tax: str = ""


class LineIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A line. With an `item`, what is left out comes from it; `tax` is a code, else resolved."""

    description: str = ""
    quantity: str = "1"
    unit: str = "C62"
    unit_price: str | None = None
    tax: str | dict[str, Any] = ""
    item: str | None = None
    name: str = ""
    base_quantity: str | None = None
    base_unit: str = ""
    tax_inclusive: bool | None = None
    gross_price: str | None = None
    price_discount: str | None = None
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
    origin_country: str | None = None
    attributes: list[dict[str, Any]] | None = None


class PaperIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What every paper may carry beside its client and lines, in the terms of EN 16931."""

    currency: str = ""
    language: str = ""
    terms: dict[str, Any] | None = None
    allowances: list[LevelIn] = []
    charges: list[LevelIn] = []
    custom_fields: dict[str, str] = {}
    tax_rounding: str = "group"
    series: str | None = None
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
    tax_currency: str | None = None
    tax_rate_to_tax_currency: str | None = None
    tax_point_on: str | None = None
    tax_point_code: str | None = None
    type_code: str | None = None
    business_process: str | None = None
    specification: str | None = None
    payee: dict[str, Any] | None = None
    tax_representative: dict[str, Any] | None = None
    delivery: dict[str, Any] | None = None
    period: dict[str, Any] | None = None
    payment: list[dict[str, Any]] | None = None
    rounding_amount: str | None = None
    cash_rounding: str | None = None
    withholdings: list[dict[str, Any]] | None = None
    attachments: list[dict[str, Any]] | None = None


class DraftIn(PaperIn, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """A document to be drafted; client and lines are enough. With `issue` it is issued at once."""

    client: str
    lines: list[LineIn] = []
    kind: str = "invoice"
    due_on: str | None = None
    prepaid: str | None = None
    preceding: list[dict[str, Any]] | None = None
    corrects: str | None = None
    deducts: list[str] = []
    issue: bool = False
    issued_on: str | None = None


class DraftPatch(PaperIn, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What changes of a draft; lists are replaced whole."""

    client: str = ""
    lines: list[LineIn] = []
    kind: str = "invoice"
    due_on: str | None = None
    prepaid: str | None = None
    preceding: list[dict[str, Any]] | None = None
    corrects: str | None = None
    deducts: list[str] = []


class QuoteIn(PaperIn, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """A quote to be drafted; client and lines are enough."""

    client: str
    lines: list[LineIn] = []
    valid_until: str | None = None


class QuotePatch(PaperIn, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What changes of a drafted quote; lists are replaced whole."""

    client: str = ""
    lines: list[LineIn] = []
    valid_until: str | None = None
