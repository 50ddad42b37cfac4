"""Codes of FatturaPA: kinds of papers, natures of what is not taxed, ways to pay.

They are those of the “Specifiche tecniche formato FatturaPA” 1.8 (schema 1.2.2) of the tax office.
"""

from __future__ import annotations

from guilder.kernel.document import Kind

NAMESPACE = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2"
OLDER = (
    "http://www.fatturapa.gov.it/sdi/fatturapa/v1.1",
    "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2.1",
)
KIND_CODES = {
    Kind.INVOICE: "TD01",
    Kind.DEPOSIT: "TD02",
    Kind.CREDIT_NOTE: "TD04",
    Kind.DEBIT_NOTE: "TD05",
    Kind.PRO_FORMA: "TD01",
}
KINDS = {
    "TD02": (Kind.DEPOSIT, "386"),
    "TD03": (Kind.DEPOSIT, "386"),
    "TD04": (Kind.CREDIT_NOTE, "381"),
    "TD05": (Kind.DEBIT_NOTE, "383"),
    "TD08": (Kind.CREDIT_NOTE, "381"),
    "TD20": (Kind.INVOICE, "389"),
}
SELF_BILLED = {"389": "TD20"}
# Category of UNTDID 5305 → nature; a rate above 0 has none.
NATURES = {"Z": "N3.6", "E": "N4", "AE": "N6.9", "K": "N3.2", "G": "N3.1", "O": "N2.2"}
CATEGORIES = {
    "N1": "Z",
    "N2": "O",
    "N3": "G",
    "N3.2": "K",
    "N3.4": "Z",
    "N3.5": "Z",
    "N3.6": "Z",
    "N4": "E",
    "N5": "E",
    "N6": "AE",
    "N7": "O",
}
# Ways to pay → UNTDID 4461, and back.
MEANS = {
    "MP01": "10",
    "MP02": "20",
    "MP05": "30",
    "MP08": "54",
    "MP09": "49",
    "MP16": "49",
    "MP19": "59",
    "MP20": "59",
    "MP21": "59",
    "MP22": "97",
    "MP23": "68",
}
MEANS_CODES = {
    "10": "MP01",
    "20": "MP02",
    "30": "MP05",
    "58": "MP05",
    "48": "MP08",
    "54": "MP08",
    "49": "MP16",
    "59": "MP19",
    "97": "MP22",
}
TRANSFER = "MP05"
OFFICE, MAIL = "0201", "0202"  # EAS: iPA office code, certified mail
DISCOUNT_LINE, CHARGE_LINE = "SC", "AC"
SELLER_ITEM, BUYER_ITEM, GTIN, NOTE = "FORNITORE", "CLIENTE", "EAN", "NOTA"
FISCAL = "0210"  # EAS and ICD: Codice Fiscale


def category_of(nature: str) -> str:
    """The tax category of a nature, such as N3.2 or, in older files, N3."""
    return CATEGORIES.get(nature) or CATEGORIES.get(nature.partition(".")[0], "E")
