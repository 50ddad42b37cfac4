"""Codes that UBL and CII share: kinds of papers, subjects of notes, German discount terms."""

from __future__ import annotations

import re
from decimal import Decimal

from guilder.kernel.document import (
    CreditTransfer,
    Document,
    EarlyDiscount,
    Kind,
    Note,
    PaymentMeans,
    Tax,
)
from guilder.kernel.money import decimal_of
from guilder.papers.exchange.formats.record import StatedTax, tax_key

# UNTDID 1001 as EN 16931 uses it (BT-3, rule BR-CL-01).
CREDIT_NOTES = frozenset(
    ("81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532")
)
KINDS = {
    "80": Kind.DEBIT_NOTE,
    "84": Kind.DEBIT_NOTE,
    "383": Kind.DEBIT_NOTE,
    "386": Kind.DEPOSIT,
    "325": Kind.PRO_FORMA,
}
DIRECT_DEBITS = frozenset(("49", "59"))  # UNTDID 4461
# XRechnung 3.0, BT-20: one discount for early payment in a line of its own.
DISCOUNT = re.compile(r"^#SKONTO#TAGE=(\d{1,4})#PROZENT=(\d{1,3}(?:\.\d{1,2})?)#\s*$", re.MULTILINE)
# UBL has no element for BT-21: EN 16931-3-2 writes the subject in front of the text.
SUBJECT = re.compile(r"#([A-Z]{3})#(.*)", re.DOTALL)
# BT-8: CII says it by UNTDID 2475, the standard's own terms (and UBL) by UNTDID 2005.
TAX_POINTS = {"5": "3", "29": "35", "72": "432"}
# PINT SG calls the categories of its goods and services tax otherwise.
GST_CODES = {"S": "SR", "Z": "ZR", "E": "ES33", "O": "OS", "G": "ZR"}
GST_CATEGORIES = {"SR": "S", "ZR": "Z", "ES33": "E", "ESN33": "E", "OS": "O"}

Reasons = dict[tuple[str, Decimal | None], tuple[str, str]]  # by key: reason, code


def kind_of(type_code: str, otherwise: Kind) -> Kind:
    """What a code of UNTDID 1001 stands for, `otherwise` where it is none of the special ones."""
    if type_code in CREDIT_NOTES:
        return Kind.CREDIT_NOTE
    return KINDS.get(type_code, otherwise)


def note_of(text: str) -> Note:
    """A note with its subject code taken from the front of the text, where there is one."""
    match = SUBJECT.fullmatch(text)
    return Note(match[2].strip(), match[1]) if match else Note(text)


def note_text(note: Note) -> str:
    """A note with its subject code in front, as `note_of` reads it."""
    text = note.text.strip()
    return f"#{note.subject}#{text}" if note.subject else text


def discounts_in(terms: str) -> tuple[EarlyDiscount, ...]:
    """Early discounts in payment terms written as XRechnung wants; those on a part are left."""
    return tuple(
        EarlyDiscount(days=int(match[1]), percent=decimal_of(match[2]))
        for match in DISCOUNT.finditer(terms)
    )


def discount_lines(document: Document) -> str:
    """The payment terms (BT-20) with each early discount in a line of its own, as they are read."""
    if not document.early_discounts:
        return document.payment_terms
    text = DISCOUNT.sub("", document.payment_terms).strip()
    told = [
        f"#SKONTO#TAGE={discount.days}#PROZENT={discount.percent:.2f}#\n"
        for discount in document.early_discounts
    ]
    return "\n".join([text, "".join(told)]) if text else "".join(told)


def reasons_in(taxes: tuple[StatedTax, ...]) -> Reasons:
    """Why no tax is charged, by category and rate: the breakdown says it once for all lines."""
    found: Reasons = {}
    for row in taxes:
        reason, code = found.get(row.key, ("", ""))
        reasons = [text for text in (reason, row.exemption_reason) if text]
        found[row.key] = ("\n".join(dict.fromkeys(reasons)), code or row.exemption_code)
    return found


def tax_of(category: str, rate: Decimal | None, reasons: Reasons, own: tuple[str, str]) -> Tax:
    """The tax of a line or level; its `own` reason and code win over those of the breakdown."""
    key = tax_key(category, rate)
    reason, code = own if any(own) else reasons.get(key, ("", ""))
    if category == "O":
        rate = rate or None
    return Tax(category=category, rate=rate, exemption_reason=reason, exemption_code=code)


def merged(means: list[PaymentMeans]) -> tuple[PaymentMeans, ...]:
    """Entries that differ in the account alone become one with several accounts (BG-16, BG-17)."""
    found: list[PaymentMeans] = []
    for entry in means:
        last = found[-1] if found else None
        if last is not None and _same_way(last, entry):
            transfers: tuple[CreditTransfer, ...] = (*last.transfers, *entry.transfers)
            found[-1] = PaymentMeans(
                code=last.code, text=last.text, remittance=last.remittance, transfers=transfers
            )
        else:
            found.append(entry)
    return tuple(found)


def _same_way(one: PaymentMeans, other: PaymentMeans) -> bool:
    plain = not (one.card or one.direct_debit or other.card or other.direct_debit)
    both = bool(one.transfers and other.transfers)
    same = (one.code, one.remittance) == (other.code, other.remittance)
    # UBL-SR-46: UBL says the text once.
    return plain and both and same and other.text in ("", one.text)
