"""The payment part of a Swiss QR-bill: what its code says, and the words beside it. Pure.

Source: SIX, Swiss Implementation Guidelines for the QR-bill, version 2.3 (structured addresses
only), and its style guide. The bank of an account with a QR-IBAN takes only QR references; every
other account takes RF references or none.
"""

import io
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import segno
from stdnum import iban as ibans
from stdnum import iso11649
from stdnum.ch import esr

from guilder.kernel.document import Address, Document, Kind
from guilder.kernel.money import Money
from guilder.kernel.references import made_of
from guilder.papers.rendering.look import INK
from guilder.papers.rendering.paying import TO_BE_PAID, amount_to_pay
from guilder.papers.rendering.wording import Wording

COUNTRIES = ("CH", "LI")
CURRENCIES = ("CHF", "EUR")
MOST = 99_999_999_999  # minor units: 999'999'999.99
QR_IIDS = range(30_000, 32_000)
NAME, STREET, HOUSE, CODE, TOWN, MESSAGE = 70, 70, 16, 16, 35, 140
HOUSE_NUMBER = re.compile(r"(.*\D)[\s,]+(\d+\s?[A-Za-z]?(?:[-/]\d+[A-Za-z]?)?)")
SIDE, CROSS = 46, 7  # mm of the code, and of the cross on it
ALLOWED = re.compile(r"[^\u0020-\u007e\u00a0-\u017f\u0218-\u021b\u20ac]")

# The words are given by the style guide; it knows four languages.
WORDS: dict[str, dict[str, str]] = {
    "de": {
        "receipt": "Empfangsschein", "part": "Zahlteil", "account": "Konto / Zahlbar an",
        "reference": "Referenz", "more": "Zusätzliche Informationen", "by": "Zahlbar durch",
        "currency": "Währung", "amount": "Betrag", "acceptance": "Annahmestelle",
        "blank": "Zahlbar durch (Name/Adresse)",
    },
    "fr": {
        "receipt": "Récépissé", "part": "Section paiement", "account": "Compte / Payable à",
        "reference": "Référence", "more": "Informations supplémentaires", "by": "Payable par",
        "currency": "Monnaie", "amount": "Montant", "acceptance": "Point de dépôt",
        "blank": "Payable par (nom/adresse)",
    },
    "it": {
        "receipt": "Ricevuta", "part": "Sezione pagamento", "account": "Conto / Pagabile a",
        "reference": "Riferimento", "more": "Informazioni supplementari", "by": "Pagabile da",
        "currency": "Valuta", "amount": "Importo", "acceptance": "Punto di accettazione",
        "blank": "Pagabile da (nome/indirizzo)",
    },
    "en": {
        "receipt": "Receipt", "part": "Payment part", "account": "Account / Payable to",
        "reference": "Reference", "more": "Additional information", "by": "Payable by",
        "currency": "Currency", "amount": "Amount", "acceptance": "Acceptance point",
        "blank": "Payable by (name/address)",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A name and a structured address (type S)."""

    name: str
    street: str
    house: str
    code: str
    town: str
    country: str

    @property
    def fields(self) -> tuple[str, ...]:
        """The seven lines of a party in the code."""
        return ("S", self.name, self.street, self.house, self.code, self.town, self.country)

    @property
    def printed(self) -> list[str]:
        """The lines beside the code."""
        return [self.name, f"{self.street} {self.house}".strip(), f"{self.code} {self.town}"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a QR-bill asks for."""

    iban: str
    creditor: Place
    debtor: Place | None
    amount: Money
    reference_type: str  # QRR, SCOR or NON
    reference: str
    message: str

    @property
    def payload(self) -> str:
        """The lines of the Swiss QR code, from SPC to EPD."""
        lines = (
            *("SPC", "0200", "1", self.iban, *self.creditor.fields, *("",) * 7),
            *(f"{self.amount.amount:.2f}", self.amount.currency),
            *(self.debtor.fields if self.debtor else ("",) * 7),
            *(self.reference_type, self.reference, self.message, "EPD"),
        )
        return "\r\n".join(lines)


def swiss_part(document: Document, wording: Wording) -> dict[str, Any] | None:
    """The payment part for a template, over the first instalment where there are several; None
    where Switzerland's does not fit."""
    if document.kind not in TO_BE_PAID:
        return None
    parts = document.instalments
    bill = bill_of(document, parts[0].amount if parts else amount_to_pay(document))
    return part_data(bill, language=wording.locale.language) if bill else None


def bill_of(document: Document, amount: Money) -> Bill | None:
    """The QR-bill of an issued document over `amount`; None where Switzerland's does not fit: no
    account there, another currency, no number yet, or an address that it cannot hold."""
    account = swiss_account(document)
    if (
        account == ""
        or document.kind is Kind.PRO_FORMA
        or not document.number
        or amount.currency not in CURRENCIES
        or not 0 < amount.minor <= MOST
    ):
        return None
    party = document.payee or document.seller
    creditor = place_of(party.name, document.seller.address)
    if creditor is None:
        return None
    kind, reference = reference_of(document, account)
    quoted = next((one.remittance for one in document.payment if one.remittance), "")
    message = quoted if kind == "NON" and quoted else document.number
    return Bill(
        iban=account,
        creditor=creditor,
        debtor=place_of(document.buyer.name, document.buyer.address),
        amount=amount,
        reference_type=kind,
        reference=reference,
        message=latin(message)[:MESSAGE],
    )


def swiss_account(document: Document) -> str:
    """The first account in Switzerland or Liechtenstein that the document names, compact; or ""."""
    for means in document.payment:
        for transfer in means.transfers:
            if ibans.is_valid(transfer.account):
                compact = ibans.compact(transfer.account)
                if compact[:2] in COUNTRIES:
                    return compact
    return ""


def is_qr_iban(iban: str) -> bool:
    """Whether an account takes QR references only: its IID lies between 30000 and 31999."""
    return iban[4:9].isdigit() and int(iban[4:9]) in QR_IIDS


def reference_of(document: Document, iban: str) -> tuple[str, str]:
    """Type and text of the reference: QRR for a QR-IBAN, SCOR for an RF reference, else NON."""
    quoted = next((one.remittance for one in document.payment if one.remittance), "")
    if is_qr_iban(iban):
        given = esr.compact(quoted).zfill(27) if esr.is_valid(quoted) else ""
        return "QRR", given or made_of(document.number, "QRR")
    if iso11649.is_valid(quoted):
        return "SCOR", iso11649.compact(quoted)
    return "NON", ""


def place_of(name: str, address: Address) -> Place | None:
    """A party with its house number apart, as the code wants it; None without town or country."""
    if not (name and address.city and address.country):
        return None
    parted = HOUSE_NUMBER.fullmatch(address.line1.strip())
    street, house = (parted[1], parted[2]) if parted else (address.line1.strip(), "")
    return Place(
        latin(name)[:NAME],
        latin(street.rstrip(" ,"))[:STREET],
        latin(house)[:HOUSE],
        latin(address.postal_code)[:CODE],
        latin(address.city)[:TOWN],
        address.country,
    )


def latin(text: str) -> str:
    """`text` in the characters that the code may hold; others lose marks or become dots."""
    flat = " ".join(text.split())
    bare = "".join(
        one if not ALLOWED.match(one) else unicodedata.normalize("NFKD", one)[0] for one in flat
    )
    return ALLOWED.sub(".", bare)


def drawn(bill: Bill) -> str:
    """The code as SVG with the Swiss cross on it; "" where it would be too dense to read."""
    code = segno.make(bill.payload, error="m", boost_error=False, micro=False, encoding="utf-8")
    if not isinstance(code.version, int) or code.version > 25:
        return ""
    out = io.BytesIO()
    code.save(
        out, kind="svg", border=0, dark=INK, xmldecl=False, svgns=True, nl=False, omitsize=True
    )
    picture, modules = out.getvalue().decode(), code.version * 4 + 17
    return picture.replace("</svg>", f"{cross(modules)}</svg>")


def cross(modules: int) -> str:
    """The Swiss cross in the middle of a code of so many modules a side: 7 mm of 46."""
    unit = modules / SIDE
    middle = modules / 2

    def square(width: float, height: float, fill: str) -> str:
        x, y = middle - width * unit / 2, middle - height * unit / 2
        size = f'width="{width * unit:.3f}" height="{height * unit:.3f}"'
        return f'<rect x="{x:.3f}" y="{y:.3f}" {size} fill="{fill}"/>'

    return (
        square(CROSS, CROSS, "#fff")
        + square(CROSS - 0.8, CROSS - 0.8, "#000")
        + square(3.9, 1.17, "#fff")
        + square(1.17, 3.9, "#fff")
    )


def part_data(bill: Bill, *, language: str) -> dict[str, Any] | None:
    """What the template prints; None where the code cannot be drawn."""
    code = drawn(bill)
    if not code:
        return None
    words = WORDS.get(language, WORDS["en"])
    return {
        "t": words,
        "code": code,
        "alt": f"{words['part']}: {bill.amount.currency} {grouped(bill.amount)}, {bill.iban}",
        "account": [ibans.format(bill.iban), *bill.creditor.printed],
        "reference": reference_printed(bill),
        "message": bill.message,
        "debtor": bill.debtor.printed if bill.debtor else [],
        "currency": bill.amount.currency,
        "amount": grouped(bill.amount),
    }


def reference_printed(bill: Bill) -> str:
    """A QR reference in groups of five from the right, an RF reference in groups of four."""
    text = bill.reference
    if bill.reference_type == "QRR":
        head, rest = text[:2], text[2:]
        return " ".join([head, *(rest[at : at + 5] for at in range(0, len(rest), 5))])
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def grouped(amount: Money) -> str:
    """An amount as the style guide wants it: 2 500.25."""
    return f"{amount.amount:,.2f}".replace(",", " ")
