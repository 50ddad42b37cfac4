"""What a Spanish billing record says of a document, its fingerprint, and the tax office's link.

Sources: Royal Decree 1007/2023; Order HAC/1177/2024, articles 10 to 13, 20 and 21; AEAT, “Detalle
de las especificaciones técnicas para generación de la huella o hash de los registros de
facturación” and “Características del QR y especificaciones del servicio de cotejo”. Amounts are in
euro.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from urllib.parse import quote

from stdnum.es import nif as nifs
from stdnum.exceptions import ValidationError

from guilder.kernel.document import Document, Kind, Party
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import Money

SPAIN, EURO = "ES", "EUR"
OFFICE = "https://www2.agenciatributaria.gob.es/wlpl/TIKE-CONT/ValidarQRNoVerifactu"
INVOICE, SIMPLE, CORRECTION, SIMPLE_CORRECTION = "F1", "F2", "R1", "R5"


class NotRecordable(Invalid):
    """A document lacks what a Spanish billing record must say."""

    code = "verifactu.not_recordable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What identifies a document and is fingerprinted; `tax` and `total` have their sign."""

    nif: str
    number: str
    issued_on: date
    kind: str  # TipoFactura: F1, F2, R1 or R5
    tax: Money
    total: Money
    rate: Decimal = Decimal(1)  # one unit of the document's currency in euro


def facts_of(document: Document, *, rate: Decimal | None = None, nif: str = "") -> Facts:
    """The facts of an issued and complete document; `rate` is what one unit of its currency is in
    euro in the books, `nif` the issuer's where the document names none that is valid. Raises
    NotRecordable with every fault."""
    nif, rate, totals = nif_of(document.seller) or nif, euro_rate(document, rate), document.totals
    problems: list[Problem] = []
    if not nif:
        detail = "Enter your NIF: a Spanish billing record names it."
        problems.append(Problem("/seller/vat_id", NotRecordable.code, detail))
    if rate is None:
        detail = "State the tax in EUR and its rate: a Spanish billing record is in euro."
        problems.append(Problem("/tax_currency", NotRecordable.code, detail))
    if problems or rate is None or totals is None or document.issued_on is None:
        raise NotRecordable("This paper cannot be recorded.", problems=problems)
    sign = -1 if document.kind is Kind.CREDIT_NOTE else 1
    return Facts(
        nif=nif,
        number=document.number,
        issued_on=document.issued_on,
        kind=kind_of(document),
        tax=in_euro(totals.tax, rate) * sign,
        total=in_euro(totals.gross, rate) * sign,
        rate=rate,
    )


def kind_of(document: Document) -> str:
    """TipoFactura: an invoice or a correction, simplified where no number names the buyer."""
    is_simple = is_anonymous(document.buyer)
    if document.kind is Kind.CREDIT_NOTE:
        return SIMPLE_CORRECTION if is_simple else CORRECTION
    return SIMPLE if is_simple else INVOICE


def is_anonymous(buyer: Party) -> bool:
    """Whether a buyer has no number that identifies it."""
    return not (buyer.vat_id or buyer.tax_registration or buyer.legal_registration)


def euro_rate(document: Document, booked: Decimal | None = None) -> Decimal | None:
    """What one unit of the document's currency is in euro: as the paper states it, else as it is
    booked; None where neither says."""
    if document.currency == EURO:
        return Decimal(1)
    return document.tax_rate_to_tax_currency if document.tax_currency == EURO else booked


def in_euro(amount: Money, rate: Decimal) -> Money:
    """An amount in euro."""
    return Money.rounded(amount.amount * rate, EURO)


def nif_of(party: Party) -> str:
    """A Spanish party's NIF without its country; "" where there is none that is valid."""
    for text in (party.vat_id.removeprefix(SPAIN), party.tax_registration):
        try:
            return str(nifs.validate(text))
        except ValidationError:
            continue
    return ""


def fingerprint(facts: Facts, *, previous: str, generated: str) -> str:
    """The huella: SHA-256 over the fields in their order, in hexadecimal capitals.

    `previous` is the fingerprint of the record before, "" for the first; `generated` is the instant
    with its offset, such as 2027-01-01T19:20:30+01:00.
    """
    fields = {
        "IDEmisorFactura": facts.nif,
        "NumSerieFactura": facts.number,
        "FechaExpedicionFactura": day(facts.issued_on),
        "TipoFactura": facts.kind,
        "CuotaTotal": figure(facts.tax),
        "ImporteTotal": figure(facts.total),
        "Huella": previous,
        "FechaHoraHusoGenRegistro": generated,
    }
    told = "&".join(f"{name}={text.strip()}" for name, text in fields.items())
    return sha256(told.encode()).hexdigest().upper()


def link(facts: Facts) -> str:
    """What the QR code on the paper says: where its reader can ask the tax office about it."""
    fields = {
        "nif": facts.nif,
        "numserie": facts.number,
        "fecha": day(facts.issued_on),
        "importe": figure(facts.total),
    }
    asked = "&".join(f"{name}={quote(text, safe='')}" for name, text in fields.items())
    return f"{OFFICE}?{asked}"


def day(on: date) -> str:
    """A day as the tax office writes it: 31-12-2026."""
    return f"{on:%d-%m-%Y}"


def figure(amount: Money) -> str:
    """An amount with a point and two decimals."""
    return f"{amount.amount:.2f}"
