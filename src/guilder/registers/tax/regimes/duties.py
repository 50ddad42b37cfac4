"""What the law of the seller's country wants on an invoice beyond EN 16931 and Art. 226. Pure.

Data: each duty with its country and its source. What is not known for certain is absent. A duty
that is not met is told before issue; it keeps no document back: only people know the whole case.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from guilder.kernel import verifactu
from guilder.kernel.document import Document

TEN_THOUSAND = Decimal(10_000)  # EUR, gross
FOUR_HUNDRED = Decimal(400)  # EUR, gross
GERMAN_COMPANY = re.compile(r"\b(GmbH|UG|AG|SE|KGaA)\b")
BELGIAN_COMPANY = re.compile(r"\b(BV|SRL|NV|SA|CV|SC|BVBA|SPRL)\b")
PENALTY = re.compile(r"p[ée]nalit|penalt|late payment|int[ée]r[êe]ts? de retard", re.IGNORECASE)
LUMP_SUM = re.compile(r"\b40(,00|\.00)?\b")
DISCOUNT = re.compile(r"escompte|early payment|cash discount", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document, and the texts that are printed with it: header, introduction, closing, footer."""

    document: Document
    printed: str = ""

    @property
    def text(self) -> str:
        """Everything in words that a reader finds on it."""
        document = self.document
        said = (one.text for one in document.notes)
        parts = (document.payment_terms, document.seller.legal_information, self.printed)
        return "\n".join((*parts, *said))


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that must stand on the paper: `pointer` says where it is entered."""

    code: str
    countries: tuple[str, ...]
    pointer: str
    detail: str
    source: str
    is_broken: Callable[[Paper], bool]


def no_day_of_supply(paper: Paper) -> bool:
    """Neither a day of delivery nor a period, of the document or of every line."""
    document = paper.document
    delivered = document.delivery.delivered_on if document.delivery else None
    periods = [document.period, *(line.period for line in document.lines)]
    known = [one for one in periods if one is not None and (one.start_on or one.end_on)]
    return not delivered and not known


def large_without_vat_id(paper: Paper) -> bool:
    """Above 10,000 EUR gross to a buyer whose VAT id is not given."""
    document = paper.document
    totals = document.totals
    if totals is None or document.currency != "EUR" or document.buyer.vat_id:
        return False
    return totals.gross.amount > TEN_THOUSAND


def unregistered(paper: Paper) -> bool:
    """No register entry of the seller."""
    return paper.document.seller.legal_registration is None


def between_businesses(paper: Paper) -> bool:
    """Whether the buyer is known to be a business."""
    buyer = paper.document.buyer
    return bool(buyer.vat_id or buyer.legal_registration)


def large_to_nobody(document: Document) -> bool:
    """Above 400 EUR to a buyer that no number names."""
    totals = document.totals
    if totals is None or document.currency != "EUR" or not verifactu.is_anonymous(document.buyer):
        return False
    return totals.gross.amount > FOUR_HUNDRED


DUTIES: tuple[Duty, ...] = (
    Duty(
        "day_of_supply",
        ("DE", "AT"),
        "/delivery/delivered_on",
        "Enter the day of delivery or the period: the law wants when the supply was made.",
        "DE: UStG § 14 Abs. 4 Nr. 6; AT: UStG 1994 § 11 Abs. 1 Z 3 lit. d",
        no_day_of_supply,
    ),
    Duty(
        "register_entry",
        ("DE",),
        "/seller/legal_registration",
        "Enter court and number of your register entry: a company names them on its papers.",
        "GmbHG § 35a, AktG § 80",
        lambda paper: (
            bool(GERMAN_COMPANY.search(paper.document.seller.name)) and unregistered(paper)
        ),
    ),
    Duty(
        "directors",
        ("DE",),
        "/seller/legal_information",
        "Name your managing directors at the foot: a company does so on its papers.",
        "GmbHG § 35a, AktG § 80",
        lambda paper: (
            bool(GERMAN_COMPANY.search(paper.document.seller.name))
            and not paper.document.seller.legal_information
            and not paper.printed.strip()
        ),
    ),
    Duty(
        "buyer_vat_id_of_large",
        ("AT",),
        "/buyer/vat_id",
        "Above 10,000 EUR a business client's VAT id must stand on the invoice.",
        "AT: UStG 1994 § 11 Abs. 1 Z 3 lit. b",
        large_without_vat_id,
    ),
    Duty(
        "register_entry",
        ("FR",),
        "/seller/legal_registration",
        "Enter your SIREN or SIRET: it must stand on the invoice.",
        "Code de commerce, art. R123-237",
        unregistered,
    ),
    Duty(
        "late_payment_terms",
        ("FR",),
        "/notes",
        "Name the rate of penalties for late payment and the lump sum of 40 EUR, in the terms or"
        " in the closing text.",
        "Code de commerce, art. L441-9, D441-5",
        lambda paper: (
            between_businesses(paper)
            and not (PENALTY.search(paper.text) and LUMP_SUM.search(paper.text))
        ),
    ),
    Duty(
        "discount_terms",
        ("FR",),
        "/notes",
        "Say which discount there is for early payment, or that there is none.",
        "Code de commerce, art. L441-9",
        lambda paper: (
            between_businesses(paper)
            and not paper.document.early_discounts
            and not DISCOUNT.search(paper.text)
        ),
    ),
    Duty(
        "register_entry",
        ("NL",),
        "/seller/legal_registration",
        "Enter your KvK number: it must stand on outgoing papers.",
        "Handelsregisterwet 2007, art. 27",
        unregistered,
    ),
    Duty(
        "register_entry",
        ("BE",),
        "/seller/legal_registration",
        "Enter your enterprise number and the court of your register entry (RPR/RPM).",
        "Code des sociétés et des associations, art. 2:20",
        lambda paper: (
            bool(BELGIAN_COMPANY.search(paper.document.seller.name)) and unregistered(paper)
        ),
    ),
    Duty(
        "seller_nif",
        ("ES",),
        "/seller/vat_id",
        "Enter your NIF: it must stand on the invoice and in its billing record.",
        "Real Decreto 1619/2012, art. 6.1.c",
        lambda paper: not verifactu.nif_of(paper.document.seller),
    ),
    Duty(
        "buyer_nif",
        ("ES",),
        "/buyer/vat_id",
        "Above 400 EUR the client's NIF or VAT id must stand on the invoice; below, it is a"
        " simplified one.",
        "Real Decreto 1619/2012, art. 4.1 and 6.1.d",
        lambda paper: large_to_nobody(paper.document),
    ),
    Duty(
        "day_of_supply",
        ("NO",),
        "/delivery/delivered_on",
        "Enter the day of delivery or the period: the bookkeeping rules want when the supply was"
        " made.",
        "Bokføringsforskriften § 5-1-1",
        no_day_of_supply,
    ),
)


def unmet(document: Document, *, printed: Callable[[], str] = str) -> Iterable[Duty]:
    """The duties that `document` (with totals) does not meet, by its seller's country. `printed`
    gives the texts that stand on every paper; it is asked only where a duty needs them."""
    country = document.seller.address.country
    mine = [duty for duty in DUTIES if country in duty.countries]
    if not mine:
        return []
    paper = Paper(document, printed())
    return [duty for duty in mine if duty.is_broken(paper)]
