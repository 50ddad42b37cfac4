"""Structured payment references made of a document's number: what a bank can check and we can find.

A reference holds the digits of the number, and check digits that catch a slip of the payer's pen.
Sources: ISO 11649 (RF); Febelfin, structured communication (OGM); Finance Finland, reference number
(FI); Bits, KID specification (KID); SIX, Swiss Implementation Guidelines QR-bill, annex B (QRR).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from stdnum import luhn
from stdnum.be import ogm_vcs
from stdnum.ch import esr

from guilder.kernel.document import Document, PaymentMeans
from guilder.kernel.identifiers import InvalidCreditorReference, make_creditor_reference

DIGITS = re.compile(r"\d+", re.ASCII)
FINNISH_WEIGHTS = (7, 3, 1)


def made_of(number: str, scheme: str) -> str:
    """The reference of `scheme` for a number such as INV-2026-00182; "" where the number has no
    digits or more than the scheme holds, so that the number itself is quoted."""
    make = SCHEMES.get(scheme)
    return make(number) if make else ""


def digits_of(number: str) -> str:
    """The digits of a number without leading zeros: INV-2026-00182 is 202600182."""
    return "".join(DIGITS.findall(number)).lstrip("0")


def referenced(document: Document) -> Document:
    """`document` with BT-83 made of its number wherever a means of payment asks for that."""
    if not document.number or not any(means.reference_scheme for means in document.payment):
        return document
    payment = tuple(_quoted(means, document.number) for means in document.payment)
    return replace(document, payment=payment)


def _quoted(means: PaymentMeans, number: str) -> PaymentMeans:
    if means.remittance or not means.reference_scheme:
        return means
    return replace(means, remittance=made_of(number, means.reference_scheme))


def _creditor_reference(number: str) -> str:
    try:
        return make_creditor_reference(number)
    except InvalidCreditorReference:
        return ""


def _belgian(number: str) -> str:
    digits = digits_of(number)
    if not 1 <= len(digits) <= 10:
        return ""
    base = digits.zfill(10)
    return f"+++{ogm_vcs.format(base + ogm_vcs.calc_check_digits(base))}+++"


def _finnish(number: str) -> str:
    base = digits_of(number).zfill(3)
    if not 3 <= len(base) <= 19 or base == "000":
        return ""
    total = sum(
        int(digit) * FINNISH_WEIGHTS[place % 3] for place, digit in enumerate(reversed(base))
    )
    return f"{base}{-total % 10}"


def _norwegian(number: str) -> str:
    base = digits_of(number)
    return f"{base}{luhn.calc_check_digit(base)}" if 1 <= len(base) <= 24 else ""


def _swiss(number: str) -> str:
    base = digits_of(number)
    if not 1 <= len(base) <= 26:
        return ""
    whole = base.zfill(26)
    return f"{whole}{esr.calc_check_digit(whole)}"


SCHEMES: Mapping[str, Callable[[str], str]] = {
    "RF": _creditor_reference,
    "OGM": _belgian,
    "FI": _finnish,
    "KID": _norwegian,
    "QRR": _swiss,
}
