"""The staged invoices of other programs, and an arithmetic of them that knows nothing of ours."""

import csv
import os
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("GUILDER_SHARED", ROOT.parent / "shared"))
CORPUS = SHARED / "conformance"
KINDS = ("ubl-invoice", "ubl-creditnote", "cii")
ENCLOSED = {"EmbeddedDocumentBinaryObject", "AttachmentBinaryObject"}
UNSUMMED = {"GROUP", "INFORMATION"}


def needed() -> None:
    """Skip the module where the staged files are not at hand."""
    if not (CORPUS / "MANIFEST.csv").exists():
        pytest.skip("the staged invoices (GUILDER_SHARED) are not here", allow_module_level=True)


def rows() -> list[dict[str, str]]:
    """Every row of the manifest."""
    with (CORPUS / "MANIFEST.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def valid_files() -> list[str]:
    """Paths of the full UBL and CII files that the official rules call valid."""
    return [
        row["path"]
        for row in rows()
        if row["kind"] in KINDS and row["form"] == "full" and row["verified"] == "valid"
    ]


@cache
def data_of(path: str) -> bytes:
    return (CORPUS / path).read_bytes()


def local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def at(element: ET.Element | None, *names: str) -> ET.Element | None:
    """The first element down a path of local names."""
    for name in names:
        if element is None:
            return None
        element = next((child for child in element if local(child) == name), None)
    return element


def number(element: ET.Element | None, otherwise: str = "0") -> Fraction:
    text = element.text if element is not None else None
    return Fraction((text or otherwise).strip())


@dataclass
class RawLine:
    """One line as elements, found without our readers."""

    quantity: ET.Element
    price: ET.Element
    base: Fraction
    net: ET.Element
    category: str
    rate: ET.Element | None
    levels: list[tuple[bool, ET.Element]]

    @property
    def exact(self) -> Fraction:
        """Quantity × price ÷ base quantity − allowances + charges."""
        found = number(self.quantity) * number(self.price) / self.base
        return found + sum(number(a) if charge else -number(a) for charge, a in self.levels)


class Raw:
    """A file's elements, for changing one of them, and its own arithmetic in fractions."""

    def __init__(self, data: bytes) -> None:
        self.root = ET.fromstring(data)
        for element in self.root.iter():
            if local(element) in ENCLOSED:  # megabytes that say nothing about figures
                element.text = "AAAA"
        self.cii = local(self.root) == "CrossIndustryInvoice"
        self.lines = self._cii_lines() if self.cii else self._ubl_lines()

    def bytes(self) -> bytes:
        return ET.tostring(self.root, encoding="utf-8")

    def settlement(self) -> ET.Element:
        found = at(self.root, "SupplyChainTradeTransaction", "ApplicableHeaderTradeSettlement")
        assert found is not None
        return found

    def totals(self) -> dict[str, ET.Element]:
        """The stated totals that are there, by the names of our own."""
        if self.cii:
            names = {
                "line_net": "LineTotalAmount",
                "net": "TaxBasisTotalAmount",
                "gross": "GrandTotalAmount",
                "due": "DuePayableAmount",
                "prepaid": "TotalPrepaidAmount",
                "rounding": "RoundingAmount",
            }
            holder = at(self.settlement(), "SpecifiedTradeSettlementHeaderMonetarySummation")
            taxes = [e for e in holder if local(e) == "TaxTotalAmount"]
            currency = at(self.settlement(), "InvoiceCurrencyCode").text
        else:
            names = {
                "line_net": "LineExtensionAmount",
                "net": "TaxExclusiveAmount",
                "gross": "TaxInclusiveAmount",
                "due": "PayableAmount",
                "prepaid": "PrepaidAmount",
                "rounding": "PayableRoundingAmount",
            }
            holder = at(self.root, "LegalMonetaryTotal")
            taxes = [at(e, "TaxAmount") for e in self.root if local(e) == "TaxTotal"]
            currency = at(self.root, "DocumentCurrencyCode").text
        found = {name: at(holder, element) for name, element in names.items()}
        found["tax"] = next((t for t in taxes if t.get("currencyID", currency) == currency), None)
        return {name: element for name, element in found.items() if element is not None}

    def tax_rows(self) -> list[tuple[str, Fraction, ET.Element, ET.Element]]:
        """Category, rate, taxable amount and tax of each row of the breakdown."""
        if self.cii:
            rows = [e for e in self.settlement() if local(e) == "ApplicableTradeTax"]
            names = ("BasisAmount", "CalculatedAmount")
            of = [(at(r, "CategoryCode"), at(r, "RateApplicablePercent"), r) for r in rows]
        else:
            currency = at(self.root, "DocumentCurrencyCode").text
            totals = [e for e in self.root if local(e) == "TaxTotal"]
            own = [t for t in totals if at(t, "TaxAmount").get("currencyID") == currency]
            rows = [e for t in own for e in t if local(e) == "TaxSubtotal"]
            names = ("TaxableAmount", "TaxAmount")
            of = [(at(r, "TaxCategory", "ID"), at(r, "TaxCategory", "Percent"), r) for r in rows]
        return [
            (category.text or "", number(rate), at(row, names[0]), at(row, names[1]))
            for category, rate, row in of
        ]

    def document_levels(self) -> list[ET.Element]:
        """The amounts of allowances and charges of the whole document."""
        if self.cii:
            holder, name, amount = (
                self.settlement(),
                "SpecifiedTradeAllowanceCharge",
                "ActualAmount",
            )
        else:
            holder, name, amount = self.root, "AllowanceCharge", "Amount"
        return [at(e, amount) for e in holder if local(e) == name]

    def third_party_payments(self) -> Fraction:
        return sum(
            (number(at(e, "PaidAmount")) for e in self.root if local(e) == "PrepaidPayment"),
            Fraction(0),
        )

    def _ubl_lines(self) -> list[RawLine]:
        found = []
        for line in self.root:
            if local(line) not in {"InvoiceLine", "CreditNoteLine"}:
                continue
            quantity = at(line, "InvoicedQuantity")
            category = at(line, "Item", "ClassifiedTaxCategory")
            levels = [
                ((at(e, "ChargeIndicator").text or "").strip() == "true", at(e, "Amount"))
                for e in line
                if local(e) == "AllowanceCharge"
            ]
            raw = RawLine(
                quantity=at(line, "CreditedQuantity") if quantity is None else quantity,
                price=at(line, "Price", "PriceAmount"),
                base=number(at(line, "Price", "BaseQuantity"), "1"),
                net=at(line, "LineExtensionAmount"),
                category=at(category, "ID").text or "",
                rate=at(category, "Percent"),
                levels=levels,
            )
            found.append(raw)
        return found

    def _cii_lines(self) -> list[RawLine]:
        found = []
        for line in at(self.root, "SupplyChainTradeTransaction"):
            if local(line) != "IncludedSupplyChainTradeLineItem":
                continue
            status = at(line, "AssociatedDocumentLineDocument", "LineStatusReasonCode")
            if status is not None and status.text in UNSUMMED:
                continue
            settlement = at(line, "SpecifiedLineTradeSettlement")
            agreement = at(line, "SpecifiedLineTradeAgreement")
            net_price = at(agreement, "NetPriceProductTradePrice")
            base = at(net_price, "BasisQuantity")
            if base is None:
                base = at(agreement, "GrossPriceProductTradePrice", "BasisQuantity")
            levels = [
                (
                    (at(e, "ChargeIndicator", "Indicator").text or "") == "true",
                    at(e, "ActualAmount"),
                )
                for e in settlement
                if local(e) == "SpecifiedTradeAllowanceCharge"
            ]
            raw = RawLine(
                quantity=at(line, "SpecifiedLineTradeDelivery", "BilledQuantity"),
                price=at(net_price, "ChargeAmount"),
                base=number(base, "1"),
                net=at(
                    settlement, "SpecifiedTradeSettlementLineMonetarySummation", "LineTotalAmount"
                ),
                category=at(settlement, "ApplicableTradeTax", "CategoryCode").text or "",
                rate=at(settlement, "ApplicableTradeTax", "RateApplicablePercent"),
                levels=levels,
            )
            found.append(raw)
        return found


def cents(value: Fraction) -> Fraction:
    """Rounded half away from zero to hundredths (JPY: files of it hold whole numbers anyway)."""
    scaled = abs(value) * 100
    whole = int(scaled + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 100)
