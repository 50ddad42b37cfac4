"""What PINT SG adds to a UBL paper: an identifier of its own, and totals in Singapore dollars.

Source: Peppol PINT Singapore, rules BR-53-GST-SG, BR-108-GST-SG to BR-110-GST-SG.
"""

from __future__ import annotations

from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from guilder.kernel.document import Document
from guilder.kernel.money import WIDE, Money
from guilder.papers.exchange.formats.pen import Pen, amount_text
from guilder.papers.exchange.formats.targets import Target

JURISDICTION = "sg"
WITHOUT_TAX, WITH_TAX = "sgdtotal-excl-gst", "sgdtotal-incl-gst"
CODES = frozenset((WITHOUT_TAX, WITH_TAX))


def identity(pen: Pen, document: Document, target: Target) -> None:
    """BT-SG-003: the same for the same seller, number and day, however often it is written."""
    if target.country != JURISDICTION:
        return
    seller = document.seller
    registered = seller.legal_registration
    who = (registered.value if registered else "") or seller.vat_id or seller.name
    said = (who, document.type_code, document.number, str(document.issued_on or ""))
    pen.put("cbc:UUID", str(uuid5(NAMESPACE_URL, "\x1f".join(said))))


def totals(pen: Pen, document: Document, target: Target) -> None:
    """The totals without and with tax in the currency of the tax, where it is another."""
    found = document.totals
    if target.country != JURISDICTION or found is None or found.tax_in_tax_currency is None:
        return
    rate, there = document.tax_rate_to_tax_currency or Decimal(1), document.tax_currency
    net = Money.rounded(WIDE.multiply(found.net.amount, rate), there)
    for code, amount in ((WITHOUT_TAX, net), (WITH_TAX, net + found.tax_in_tax_currency)):
        with pen.within("cac:AdditionalDocumentReference"):
            pen.put("cbc:ID", there)
            pen.put("cbc:DocumentTypeCode", code)
            pen.put("cbc:DocumentDescription", amount_text(amount))
