"""Which column of a table says what: guessed from its heads, or kept as a profile."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from guilder.kernel.currencies import is_currency

# Role → heads in the languages of banks, folded to bare letters. The first match wins, so a
# value date is told from a date and a balance from an amount.
HEADS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("balance", ("saldo", "solde", "balance", "runningbalance", "saldochf", "kontostand",
                 "saldonachbuchung", "saldoeur", "closingbalance")),
    ("debit", ("belastung", "debit", "addebito", "addebiti", "withdrawal", "withdrawals",
               "belastungsbetrag", "lastschrift", "soll", "debito", "moneyout", "paidout",
               "addebitoin", "debitin", "lastschriftin", "belastungin", "ausgang",
               "montantdudebit", "cargo", "uscite", "debitamount", "charge", "belastungen")),
    ("credit", ("gutschrift", "credit", "accredito", "accrediti", "deposit", "deposits",
                "gutschriftsbetrag", "haben", "credito", "moneyin", "paidin", "accreditoin",
                "creditin", "gutschriftin", "eingang", "montantducredit", "abono", "entrate",
                "creditamount", "gutschriften")),
    ("sign", ("debitkredit", "transactiontype", "dcr", "drcr", "creditdebit", "afbij",
              "sollhaben", "sh", "debitcredit", "debitocredito", "debitcreditindicator",
              "addebitoaccredito", "dareavere")),
    ("original_amount", ("originalamount", "originalbetrag", "importooriginale",
                         "montantoriginal", "betragorigwahrung")),
    ("original_currency", ("originalcurrency", "originalwahrung", "valutaoriginale",
                           "origwahrung")),
    ("charges", ("fee", "fees", "gebuhr", "gebuhren", "feescommission", "frais")),
    ("amount", ("betrag", "amount", "montant", "importo", "creditdebitamount", "umsatz",
                "betragin", "importe", "bedrag", "value", "amountin", "montanten", "buchungsbetrag",
                "transaktionsbetrag", "betrageur", "einzelbetragin", "importoin", "total",
                "importobruttofattura", "bruttobetragrechnung", "nettobetrag", "betragchf",
                "amountchf", "transactionamount", "kwota", "gutschriftbelastung", "montantin",
                "zahlungsbetrag", "transaktionsbetraginkontowahrung", "nettoabrechnung",
                "nettobetragderabrechnung", "amountofthetransaction", "bruttobetrag",
                "importodellatransazione", "betragtransaktion", "ertrag")),
    ("valued_on", ("valuta", "valutadatum", "datavaluta", "datedevaleur", "valuedate", "valeur",
                   "valutadate", "wertstellung", "datadivaluta", "datavalor", "fechavalor",
                   "valore", "wert")),
    ("booked_on", ("buchungsdatum", "buchung", "datum", "date", "data", "bookedat", "datecomptable",
                   "bookingdate", "dataregistrazione", "dataoperazione", "dataregistrazionedi",
                   "datadiregistrazione", "transactiondate", "transaktionsdatum", "posteddate",
                   "abschlussdatum", "datedetransaction", "datedoperation", "datadicontabile",
                   "fecha", "buchungstag", "tradedate", "datadellatransazione", "datededebut",
                   "datecompta", "datetransaction", "datadicontabilizzazione", "created",
                   "createdutc", "datadellacontabilizzazione", "datetime", "ausfuhrungsdatum",
                   "dateexecution", "einkaufsdatum", "purchasedate", "datadacquisto",
                   "datedachat", "datadellacquisto", "kaufdatum", "dataditransazione",
                   "transactiondatum", "auftragsdatum", "datedecomptabilisation",
                   "datatransazione", "dateoperation",
                   "datecomptabilisation", "uberweisungsdatum", "abrechnungsdatum",
                   "fechadeoperacion",
                   "datadellordine", "orderdate")),
    ("account", ("iban", "gegenkonto", "kontonummeriban", "partneriban", "ibanauftraggeber",
                 "kontonummer", "ibanzahlungsbeteiligter", "counterpartyiban", "tegenrekening",
                 "auftraggeberiban")),
    ("currency", ("wahrung", "currency", "monn", "whrg", "divisa", "moneta", "monnaie", "devise",
                  "valutacurrency", "debitcurrency", "whg", "convertedcurrency", "wahr")),
    ("name", ("name", "partnername", "auftraggeber", "beguenstigter", "begunstigter",
              "zahlungsbeteiligter", "nomedelbeneficiario", "payee", "counterparty",
              "auftraggeberbegunstigter", "sender", "recipient", "merchantname", "handlername",
              "customername", "beguenstigterzahlungspflichtiger", "to", "merchant",
              "namezahlungsbeteiligter", "naamtegenpartij", "handler", "customerdescription")),
    ("bank_reference", ("id", "transactionid", "transaktionsnr", "referenznummer", "zkbreferenz",
                        "notransaction", "ndetransaction", "transaktionsid", "nditransazione",
                        "auftragsnummer", "numerodiordine", "rifesterno", "transactionno",
                        "orderid", "row", "referenzbank", "transaktionsnummer", "fitid",
                        "notransazione", "ntransaction", "numerodioperazione", "transaktionsref")),
    ("reference", ("referenz", "reference", "paymentreference", "kundenreferenz", "endtoendid",
                   "num", "checknumber", "sellersreference", "referencenumber", "mandatsreferenz",
                   "referenzqr", "referenznr", "qrreferenz")),
    ("text", ("text", "buchungstext", "beschreibung", "description", "texte", "testo", "libelle",
              "descrizione", "verwendungszweck", "zahlungszweck", "avisierungstext", "subject",
              "testodicontabilizzazione", "dettaglio", "details", "activityname", "notes",
              "textedenotification", "testodiavviso", "notificationtext", "denominazione",
              "beschreibung1", "beschreibung2", "beschreibung3", "description1", "description2",
              "description3", "descrizione1", "descrizione2", "descrizione3", "omschrijving",
              "buchungsdetails", "mitteilung", "motif", "libelles", "vorgang", "memo", "typ",
              "type",
              "tipodiordine", "auftragsart", "sellermessage", "descrizionedelladitta", "category",
              "testodeltipodiordinetestodicontabilizzazione", "activitytype", "bewegungstyp",
              "tipodimovimento", "typedetransaction", "typeoftransaction", "transaktionsart",
              "tipo",
              "concepto", "transbeschreibung", "zusatztext", "items", "grund", "communication",
              "tipodiordinetestodicontabilizzazione", "designation")),
)  # fmt: skip
SEVERAL = frozenset(("text", "reference", "name"))
NEEDED = frozenset(("amount", "debit", "credit"))
BRACKETS = re.compile(r"\(([^)]*)\)|\b(?:in|en)\s+([A-Z]{3})\b")
CODE = re.compile(r"\b([A-Z]{3})\b")


@dataclass(frozen=True, slots=True)
class Profile:
    """Where a table says what: role → columns, counted from 0, under the head row `signature`."""

    signature: str
    columns: Mapping[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    currency: str = ""
    is_spending: bool = False  # amounts without a sign are what was spent, as on card lists

    def at(self, role: str) -> tuple[int, ...]:
        """The columns of a role, none where the table lacks it."""
        return self.columns.get(role, ())

    def as_data(self) -> dict[str, Any]:
        """For keeping."""
        return {
            "signature": self.signature,
            "columns": {role: list(places) for role, places in self.columns.items()},
            "currency": self.currency,
            "is_spending": self.is_spending,
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Profile":
        """A kept one."""
        columns = {role: tuple(places) for role, places in data["columns"].items()}
        return cls(
            data["signature"], columns, data.get("currency", ""), bool(data.get("is_spending"))
        )


@lru_cache(maxsize=2_048)
def folded(head: str) -> str:
    """Bare small letters and digits: "Belastung (CHF)" is "belastung"."""
    bare = BRACKETS.sub("", head.replace("\n", " "))
    bare = CODE.sub(lambda found: "" if is_currency(found[1]) else found[1], bare)
    split = unicodedata.normalize("NFKD", bare.lower().replace("ß", "ss").replace("\ufffd", "?"))
    return "".join(one for one in split if one.isascii() and (one.isalnum() or one == "?"))


@lru_cache(maxsize=2_048)
def role_of(head: str) -> str:
    """What a column says by its head, empty where nothing is known.

    Letters that an encoding lost ("D?bit") match any one letter or none.
    """
    name = folded(head)
    if not name.strip("?"):
        return ""
    if "?" in name:
        lost = re.compile("".join("[a-z]?" if one == "?" else re.escape(one) for one in name))
        return next((r for r, names in HEADS if any(lost.fullmatch(one) for one in names)), "")
    return next((role for role, names in HEADS if name in names), "")


def guess(rows: Sequence[Sequence[str]]) -> tuple[int, Profile] | None:
    """(place of the head row, profile) of a table; None where no row is a head.

    The head is the row that names a day and an amount, and the most else.
    """
    best: tuple[int, int, Profile] | None = None
    for place, row in enumerate(rows[:60]):
        profile = profile_of(row)
        if not profile.at("booked_on") and not profile.at("valued_on"):
            continue
        if not NEEDED & set(profile.columns):
            continue
        score = sum(len(places) for places in profile.columns.values())
        if best is None or score > best[0]:
            best = (score, place, profile)
    return best[1:] if best else None


def profile_of(row: Sequence[str]) -> Profile:
    """The profile that a row would be the head of."""
    columns: dict[str, list[int]] = {}
    for place, head in enumerate(row):
        if len(head) > 90:
            continue
        role = role_of(head)
        if role and (role in SEVERAL or role not in columns):
            columns.setdefault(role, []).append(place)
    kept = {role: tuple(places) for role, places in columns.items()}
    if "amount" in kept and "debit" in kept and "credit" in kept:
        del kept["amount"]  # a column of its own for details or for both
    if "amount" not in kept and ("debit" in kept) is not ("credit" in kept):
        only = "debit" if "debit" in kept else "credit"
        kept["amount"] = kept.pop(only)
    return Profile(signature(row), kept, currency_of(row))


def signature(row: Iterable[str]) -> str:
    """The head row as one text by which a saved profile is found again."""
    return "|".join(folded(cell) for cell in row).rstrip("|")[:1000]


def currency_of(cells: Iterable[str]) -> str:
    """The one currency that cells name, such as "Saldo CHF"; empty where they name none."""
    for cell in cells:
        for code in CODE.findall(cell[:60]):
            if is_currency(code):
                return code
    return ""
