"""Codes of the Polish structured invoice: rates, kinds, ways to pay, and where sums stand.

They are those of the schemas FA(2) of 2023-06-29 and FA(3) of 2025-06-25.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from guilder.kernel.document import Kind

FA2 = "http://crd.gov.pl/wzor/2023/06/29/12648/"
FA3 = "http://crd.gov.pl/wzor/2025/06/25/13775/"


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate of the list: how it is called, what it means, and where its sums stand."""

    code: str  # P_12
    category: str
    percent: Decimal | None
    base: str  # the field of its taxable amount
    tax: str = ""  # the field of its tax


def _taxed(percent: str, number: str) -> Rate:
    return Rate(percent, "S", Decimal(percent), f"P_13_{number}", f"P_14_{number}")


RATES = (
    _taxed("23", "1"),
    _taxed("22", "1"),
    _taxed("8", "2"),
    _taxed("7", "2"),
    _taxed("5", "3"),
    _taxed("4", "4"),
    _taxed("3", "4"),
    Rate("0 KR", "Z", Decimal(0), "P_13_6_1"),
    Rate("0 WDT", "K", Decimal(0), "P_13_6_2"),
    Rate("0 EX", "G", Decimal(0), "P_13_6_3"),
    Rate("zw", "E", Decimal(0), "P_13_7"),
    Rate("np I", "O", None, "P_13_8"),
    Rate("np II", "AE", Decimal(0), "P_13_9"),
    Rate("oo", "AE", Decimal(0), "P_13_10"),
)
BY_CODE = {rate.code: rate for rate in RATES}
OLDER = {"0": "0 KR", "np": "np I"}  # FA(2)
# The fields of sums in the order of the schema, bases and taxes.
FIELDS = (
    *("P_13_1", "P_14_1", "P_13_2", "P_14_2", "P_13_3", "P_14_3", "P_13_4", "P_14_4"),
    *("P_13_6_1", "P_13_6_2", "P_13_6_3", "P_13_7", "P_13_8", "P_13_9", "P_13_10"),
)
KINDS = {
    "VAT": (Kind.INVOICE, "380"),
    "ROZ": (Kind.INVOICE, "380"),
    "UPR": (Kind.INVOICE, "380"),
    "ZAL": (Kind.DEPOSIT, "386"),
    "KOR": (Kind.CREDIT_NOTE, "381"),
    "KOR_ZAL": (Kind.CREDIT_NOTE, "381"),
    "KOR_ROZ": (Kind.CREDIT_NOTE, "381"),
}
# A deposit of FA(3) lists the whole order (ZAL); as a plain VAT invoice it needs not.
KIND_CODES = {Kind.CREDIT_NOTE: "KOR"}
MEANS = {"1": "10", "2": "54", "4": "20", "6": "30", "7": "68"}  # → UNTDID 4461
MEANS_CODES = {
    "10": "1",
    "48": "2",
    "54": "2",
    "55": "2",
    "20": "4",
    "30": "6",
    "58": "6",
    "68": "7",
}
OTHER_MEANS = "1"


def rate_of(category: str, percent: Decimal | None, *, foreign: bool) -> Rate | None:
    """The rate for a category; reverse charge is `np II` to a foreign buyer and `oo` at home."""
    if category == "AE":
        return BY_CODE["np II" if foreign else "oo"]
    for rate in RATES:
        if rate.category == category and (category == "O" or rate.percent == percent):
            return rate
    return None
