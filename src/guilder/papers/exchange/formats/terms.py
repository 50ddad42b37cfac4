"""A reading as its leaves: each with the place, the business term of EN 16931, and the value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, cast

from guilder.kernel.canonical.writing import decimal_text
from guilder.kernel.money import Money
from guilder.papers.exchange.formats.codes import DISCOUNT
from guilder.papers.exchange.formats.record import Reading

_ADDRESS = ("line1", "line2", "city", "postal_code", "region", "country", "line3")
_LEVEL = ("amount", "base", "percent", "reason", "reason_code")


def _numbered(prefix: str, names: tuple[str, ...], numbers: str) -> dict[str, str]:
    pairs = zip(names, numbers.split(), strict=True)
    return {f"{prefix}/{name}": f"BT-{number}" for name, number in pairs}


# Place in a reading, `*` for the number of an entry → business term. What is not here is our own.
TERMS: dict[str, str] = {
    **_numbered(
        "",
        (
            *("number", "issued_on", "type_code", "currency", "tax_currency", "tax_point_on"),
            *("tax_point_code", "due_on", "buyer_reference", "project_reference"),
            *("contract_reference", "order_reference", "sales_order_reference"),
            *("receiving_advice_reference", "despatch_advice_reference", "tender_reference"),
            *("invoiced_object/value", "invoiced_object/scheme", "buyer_accounting_reference"),
            *("payment_terms", "notes/*/subject", "notes/*/text", "business_process"),
            *("specification", "preceding/*/number", "preceding/*/issued_on"),
        ),
        "1 2 3 5 6 7 8 9 10 11 12 13 14 15 16 17 18 18-1 19 20 21 22 23 24 25 26",
    ),
    **_numbered(
        "/seller",
        (
            *("name", "trading_name", "identifiers/*/value", "identifiers/*/scheme"),
            *("legal_registration/value", "legal_registration/scheme", "vat_id"),
            *("tax_registration", "legal_information", "endpoint/value", "endpoint/scheme"),
            *("contact/name", "contact/phone", "contact/email"),
        ),
        "27 28 29 29-1 30 30-1 31 32 33 34 34-1 41 42 43",
    ),
    **_numbered("/seller/address", _ADDRESS, "35 36 37 38 39 40 162"),
    **_numbered(
        "/buyer",
        (
            *("name", "trading_name", "identifiers/*/value", "identifiers/*/scheme"),
            *("legal_registration/value", "legal_registration/scheme", "vat_id"),
            *("endpoint/value", "endpoint/scheme"),
            *("contact/name", "contact/phone", "contact/email"),
        ),
        "44 45 46 46-1 47 47-1 48 49 49-1 56 57 58",
    ),
    **_numbered("/buyer/address", _ADDRESS, "50 51 52 53 54 55 163"),
    **_numbered(
        "/payee",
        (
            *("name", "identifier/value", "identifier/scheme"),
            *("legal_registration/value", "legal_registration/scheme"),
        ),
        "59 60 60-1 61 61-1",
    ),
    **_numbered("/tax_representative", ("name", "vat_id"), "62 63"),
    **_numbered("/tax_representative/address", _ADDRESS, "64 65 66 67 68 69 164"),
    **_numbered(
        "/delivery",
        ("party_name", "location/value", "location/scheme", "delivered_on"),
        "70 71 71-1 72",
    ),
    **_numbered("/delivery/address", _ADDRESS, "75 76 77 78 79 80 165"),
    **_numbered("/period", ("start_on", "end_on"), "73 74"),
    **_numbered(
        "/payment/*",
        (
            *("code", "text", "remittance", "transfers/*/account", "transfers/*/account_name"),
            *("transfers/*/bank", "card/number", "card/holder", "direct_debit/mandate"),
            *("direct_debit/creditor", "direct_debit/account"),
        ),
        "81 82 83 84 85 86 87 88 89 90 91",
    ),
    **_numbered("/allowances/*", _LEVEL, "92 93 94 97 98"),
    **_numbered("/allowances/*/tax", ("category", "rate"), "95 96"),
    **_numbered("/charges/*", _LEVEL, "99 100 101 104 105"),
    **_numbered("/charges/*/tax", ("category", "rate"), "102 103"),
    **_numbered(
        "/totals",
        (
            *("line_net", "allowances", "charges", "net", "tax", "tax_in_tax_currency", "gross"),
            *("prepaid", "rounding", "due"),
        ),
        "106 107 108 109 110 111 112 113 114 115",
    ),
    **_numbered(
        "/taxes/*",
        ("taxable", "tax", "category", "rate", "exemption_reason", "exemption_code"),
        "116 117 118 119 120 121",
    ),
    **_numbered(
        "/attachments/*",
        ("reference", "description", "location", "content", "media_type", "filename"),
        "122 123 124 125 125-1 125-2",
    ),
    **_numbered(
        "/lines/*",
        (
            *("id", "note", "object/value", "object/scheme", "quantity", "unit", "net"),
            *("order_line", "buyer_accounting_reference", "period/start_on", "period/end_on"),
        ),
        "126 127 128 128-1 129 130 131 132 133 134 135",
    ),
    **_numbered("/lines/*/allowances/*", _LEVEL, "136 137 138 139 140"),
    **_numbered("/lines/*/charges/*", _LEVEL, "141 142 143 144 145"),
    **_numbered(
        "/lines/*/price",
        ("amount", "discount", "gross", "base_quantity", "base_unit"),
        "146 147 148 149 150",
    ),
    **_numbered("/lines/*/tax", ("category", "rate"), "151 152"),
    **_numbered(
        "/lines/*/item",
        (
            *("name", "description", "seller_id", "buyer_id", "standard_id/value"),
            *("standard_id/scheme", "classifications/*/value", "classifications/*/scheme"),
            *("classifications/*/version", "origin_country", "attributes/*/0", "attributes/*/1"),
        ),
        "153 154 155 156 157 157-1 158 158-1 158-2 159 160 161",
    ),
}
INDEX = re.compile(r"/\d+(?=/|$)")
# The reason stands in the breakdown; on lines and levels it is a repetition. The two inputs are
# stated among the totals, what a format calls itself is no content, and our own tax codes and the
# language that a paper was printed in say nothing to who receives it.
REPEATED = re.compile(
    r"/(kind|specification|business_process|rounding|prepaid|rounding_amount|language)$"
    r"|.*/tax/(exemption_reason|exemption_code|code)$"
)
NOUGHT = frozenset(("/totals/allowances", "/totals/charges", "/totals/prepaid", "/totals/rounding"))
Leaves = dict[str, str]  # place → value as text


def leaves(reading: Reading) -> Leaves:
    """Everything that `reading` says, by place; equal contents give equal leaves."""
    found = dict(_walked(reading.document, ""))
    found.update(_walked(reading.stated, "/totals"))
    for index, row in enumerate(sorted(reading.stated_taxes, key=lambda row: str(row.key))):
        found.update(_walked(row, f"/taxes/{index}"))
    for index, net in enumerate(reading.stated_nets):
        if net is not None:
            found[f"/lines/{index}/net"] = decimal_text(net)
    for place in NOUGHT:
        if found.get(place) == "0":
            del found[place]
    return {place: text for place, text in found.items() if not REPEATED.match(place)}


@cache
def term_of(pattern: str) -> str:
    """The business term at a place whose indexes are `*`; "" where it is none of EN 16931."""
    found = TERMS.get(pattern, "")
    if not found and pattern.startswith("/lines/*/price/base_unit"):
        return "BT-150"
    return found


def pattern_of(place: str) -> str:
    """`place` with `*` for each index: `/lines/3/item/name` → `/lines/*/item/name`.

    An attribute of an item is a pair, so its last index tells name from value.
    """
    if "/attributes/" in place:
        head, _, tail = place.rpartition("/")
        return f"{INDEX.sub('/*', head)}/{tail}"
    return INDEX.sub("/*", place)


def _walked(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if value is None or value == "" or value == ():
        return
    if is_dataclass(value) and not isinstance(value, Money):
        for field in fields(value):
            yield from _walked(getattr(value, field.name), f"{place}/{field.name}")
    elif isinstance(value, tuple):
        for index, one in enumerate(_ordered(cast("tuple[Any, ...]", value), place)):
            yield from _walked(one, f"{place}/{index}")
    else:
        text = _told(value, place)
        if text:
            yield place, text


def _ordered(several: tuple[Any, ...], place: str) -> tuple[Any, ...]:
    """CII keeps identifiers with a scheme apart from those without, so their order says nothing."""
    if place.endswith("/identifiers"):
        return tuple(sorted(several, key=lambda identifier: not identifier.scheme))
    return several


def _told(value: Any, place: str) -> str:
    if isinstance(value, Money):
        return decimal_text(value.amount)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, bool):
        return "yes" if value else ""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    return DISCOUNT.sub("", text).strip() if place == "/payment_terms" else text
