"""The code that a tax office wants on an issued paper. Pure.

Spain: the link of kernel.verifactu. Saudi Arabia: the code of ZATCA's Electronic Invoice Security
Features, phase 1: five fields as tag, length and value, in Base64.
"""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import segno

from guilder.kernel import verifactu
from guilder.kernel.document import Document, Kind
from guilder.papers.rendering.codes import drawn

SPAIN, SAUDI_ARABIA = verifactu.SPAIN, "SA"
SPANISH_HEAD = "QR tributario:"  # the order gives the words
LONGEST = 255  # bytes that a field of ZATCA's holds


@dataclass(frozen=True, slots=True)
class TaxCode:
    """A code with the words above it; `side` is its length in mm."""

    payload: str
    head: str
    side: int


def tax_code_of(
    document: Document, *, issued_at: datetime, rate: Decimal | None = None
) -> TaxCode | None:
    """The code of the seller's country on an issued document; None where there is none. `rate` is
    what one unit of its currency is in the books."""
    if not document.number or document.kind in (Kind.QUOTE, Kind.PRO_FORMA):
        return None
    country = document.seller.address.country
    if country == SPAIN:
        return spanish(document, rate)
    return saudi(document, issued_at=issued_at) if country == SAUDI_ARABIA else None


def spanish(document: Document, rate: Decimal | None) -> TaxCode | None:
    """The link by which a buyer asks the AEAT about the paper; None where no record can be made."""
    try:
        return TaxCode(verifactu.link(verifactu.facts_of(document, rate=rate)), SPANISH_HEAD, 32)
    except verifactu.NotRecordable:
        return None


def saudi(document: Document, *, issued_at: datetime) -> TaxCode | None:
    """Seller, VAT number, instant, total with VAT, VAT; None without a VAT number."""
    totals = document.totals
    if totals is None or not document.seller.vat_id:
        return None
    fields = (
        document.seller.name,
        document.seller.vat_id.removeprefix(SAUDI_ARABIA),
        f"{issued_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        f"{totals.gross.amount:.2f}",
        f"{totals.tax.amount:.2f}",
    )
    data = b"".join(field(tag, text) for tag, text in enumerate(fields, start=1))
    return TaxCode(base64.b64encode(data).decode(), "", 28)


def field(tag: int, text: str) -> bytes:
    """A field as tag, length and value, cut at a whole character."""
    value = text.encode()[:LONGEST].decode(errors="ignore").encode()
    return bytes((tag, len(value))) + value


def printed(code: TaxCode | None) -> dict[str, Any] | None:
    """What the template places."""
    if code is None:
        return None
    drawing = drawn(segno.make(code.payload, error="m", micro=False))
    return {"code": drawing, "head": code.head, "side": code.side, "alt": code.payload}
