"""Writing FatturaPA, in the order of its schema; texts are cut to what a field holds."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import cast

from guilder.kernel.document import (
    Address,
    Allowance,
    Document,
    Line,
    Party,
    PaymentMeans,
    Tax,
    Totals,
)
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import WIDE, Money
from guilder.papers.exchange.formats.fatturapa import codes
from guilder.papers.exchange.formats.pen import Pen, day_text
from guilder.papers.exchange.formats.targets import Target

SIGNATURES = "http://www.w3.org/2000/09/xmldsig#"
PRIVATE, PUBLIC = "FPR12", "FPA12"
OFFICE_LENGTH = 6  # the code of an authority; that of a firm has seven characters
SHORTEST_PHONE = 5
MAIL_ADDRESS = re.compile(r"[!-?A-~]{1,100}@[!-?A-~]{1,100}\.[!-?A-~]{1,50}")
ORDINARY = "RF01"
EIGHT = Decimal(1).scaleb(-8)
CENT = Decimal("0.01")
NOT_BASIC = re.compile(r"[^\u0000-\u007e]")
NOT_LATIN = re.compile(r"[^\u0000-\u007e\u00a0-\u00ff]")
SPACES = re.compile(r"\s+")
LETTERS = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "€": "EUR"})


class NotItalian(Invalid):
    """The paper has what the Italian format has no place for, or lacks what it demands."""

    code = "exchange.fatturapa"


def write(document: Document, target: Target) -> bytes:
    """`document`, which is prepared, as FatturaPA. Raises NotItalian and NotWritable."""
    del target
    _check(document)
    pen = Pen()
    office = _office(document.buyer)
    form = PUBLIC if len(office) == OFFICE_LENGTH else PRIVATE
    spaces = {"p": codes.NAMESPACE, "ds": SIGNATURES}
    with pen.root("p:FatturaElettronica", spaces, versione=form):
        with pen.within("FatturaElettronicaHeader"):
            _header(pen, document, office, form)
        with pen.within("FatturaElettronicaBody"):
            _body(pen, document)
    return pen.bytes()


def _check(document: Document) -> None:
    """SdI refuses a file without these, so they are asked for before."""
    found: list[Problem] = []
    if not document.seller.vat_id:
        found.append(Problem("/seller/vat_id", NotItalian.code, "Enter the seller's VAT id."))
    if not (document.buyer.vat_id or document.buyer.identifiers):
        detail = "Enter the buyer's VAT id or tax code (codice fiscale)."
        found.append(Problem("/buyer/vat_id", NotItalian.code, detail))
    for index, row in enumerate(document.taxes):
        if row.category not in codes.NATURES and row.category != "S":
            detail = f"Category {row.category} has no counterpart in FatturaPA."
            found.append(Problem(f"/taxes/{index}/category", NotItalian.code, detail))
    if found:
        raise NotItalian(problems=found)


def _header(pen: Pen, document: Document, office: str, form: str) -> None:
    seller, buyer = document.seller, document.buyer
    with pen.within("DatiTrasmissione"):
        with pen.within("IdTrasmittente"):
            _vat_id(pen, seller.vat_id)
        progress = re.sub(r"[^A-Za-z0-9]", "", document.number)[-10:]
        pen.put("ProgressivoInvio", progress or "1")
        pen.put("FormatoTrasmissione", form)
        pen.put("CodiceDestinatario", office)
        if buyer.endpoint is not None and buyer.endpoint.scheme == codes.MAIL:
            pen.put("PECDestinatario", buyer.endpoint.value)
    with pen.within("CedentePrestatore"):
        _identity(pen, seller, seller.tax_registration, regime=ORDINARY)
        _address(pen, seller.address)
        with pen.within("Contatti"):
            phone = re.sub(r"[^0-9+]", "", seller.contact.phone)[:12]
            pen.put("Telefono", phone if len(phone) >= SHORTEST_PHONE else "")
            mail = seller.contact.email
            pen.put("Email", mail if MAIL_ADDRESS.fullmatch(mail) else "")
        pen.put("RiferimentoAmministrazione", _basic(document.buyer_accounting_reference, 20))
    if document.tax_representative is not None:
        with pen.within("RappresentanteFiscale"):
            who = document.tax_representative
            _identity(pen, Party(name=who.name, vat_id=who.vat_id), "")
    with pen.within("CessionarioCommittente"):
        fiscal = next((i.value for i in buyer.identifiers if i.scheme in (codes.FISCAL, "")), "")
        _identity(pen, buyer, fiscal)
        _address(pen, buyer.address)


def _identity(pen: Pen, party: Party, fiscal: str, *, regime: str = "") -> None:
    with pen.within("DatiAnagrafici"):
        if party.vat_id:
            with pen.within("IdFiscaleIVA"):
                _vat_id(pen, party.vat_id)
        if re.fullmatch(r"[A-Z0-9]{11,16}", fiscal):
            pen.put("CodiceFiscale", fiscal)
        with pen.within("Anagrafica"):
            pen.put("Denominazione", _latin(party.name, 80))
        pen.put("RegimeFiscale", regime)


def _vat_id(pen: Pen, vat_id: str) -> None:
    pen.put("IdPaese", vat_id[:2])
    pen.put("IdCodice", vat_id[2:30])


def _address(pen: Pen, address: Address) -> None:
    street = " ".join(filter(None, (address.line1, address.line2, address.line3)))
    with pen.within("Sede"):
        pen.put("Indirizzo", _latin(street, 60) or "-")
        code = address.postal_code.strip()
        pen.put("CAP", code if re.fullmatch(r"[0-9]{5}", code) else "00000")
        pen.put("Comune", _latin(address.city, 60) or "-")
        if address.country == "IT" and re.fullmatch(r"[A-Z]{2}", address.region):
            pen.put("Provincia", address.region)
        pen.put("Nazione", address.country)


def _office(buyer: Party) -> str:
    endpoint = buyer.endpoint
    if endpoint is not None and endpoint.scheme == codes.OFFICE:
        return endpoint.value
    return "0000000" if buyer.address.country in ("IT", "") else "XXXXXXX"


def _body(pen: Pen, document: Document) -> None:
    with pen.within("DatiGenerali"):
        _general(pen, document)
    with pen.within("DatiBeniServizi"):
        _lines(pen, document)
        _summary(pen, document)
    _payment(pen, document)
    for attachment in document.attachments:
        if attachment.content:
            with pen.within("Allegati"):
                name = attachment.filename or attachment.reference or "allegato"
                pen.put("NomeAttachment", _latin(name, 60))
                pen.put("FormatoAttachment", _basic(attachment.media_type.split("/")[-1], 10))
                pen.put("DescrizioneAttachment", _latin(attachment.description, 100))
                pen.put("Attachment", b64encode(attachment.content).decode("ascii"))


def _general(pen: Pen, document: Document) -> None:
    totals = cast("Totals", document.totals)
    with pen.within("DatiGeneraliDocumento"):
        kind = codes.SELF_BILLED.get(document.type_code, codes.KIND_CODES[document.kind])
        pen.put("TipoDocumento", kind)
        pen.put("Divisa", document.currency)
        pen.put("Data", day_text(document.issued_on))
        pen.put("Numero", _basic(document.number, 20))
        for withholding in document.withholdings:
            with pen.within("DatiRitenuta"):
                pen.put("TipoRitenuta", withholding.code or "RT02")
                amount = cast("Money", withholding.amount)
                pen.put("ImportoRitenuta", _money(amount))
                pen.put("AliquotaRitenuta", _number(withholding.percent, CENT))
                pen.put("CausalePagamento", withholding.reason or "A")
        pen.put("ImportoTotaleDocumento", _money(totals.gross))
        if document.rounding_amount:
            pen.put("Arrotondamento", _money(document.rounding_amount))
        for note in document.notes:
            text = _latin(note.text, 10_000)
            for start in range(0, len(text), 200):
                pen.put("Causale", text[start : start + 200])
    _references(pen, document)


def _references(pen: Pen, document: Document) -> None:
    project, tender = document.project_reference, document.tender_reference
    if document.order_reference or project or tender:
        with pen.within("DatiOrdineAcquisto"):
            pen.put("IdDocumento", _basic(document.order_reference or "-", 20))
            pen.put("CodiceCUP", _basic(project, 15))
            pen.put("CodiceCIG", _basic(tender, 15))
    with pen.within("DatiContratto"):
        pen.put("IdDocumento", _basic(document.contract_reference, 20))
    with pen.within("DatiRicezione"):
        pen.put("IdDocumento", _basic(document.receiving_advice_reference, 20))
    for before in document.preceding:
        with pen.within("DatiFattureCollegate"):
            pen.put("IdDocumento", _basic(before.number, 20))
            pen.put("Data", day_text(before.issued_on))
    day = document.delivery.delivered_on if document.delivery else None
    if document.despatch_advice_reference and day:
        with pen.within("DatiDDT"):
            pen.put("NumeroDDT", _basic(document.despatch_advice_reference, 20))
            pen.put("DataDDT", day_text(day))


def _lines(pen: Pen, document: Document) -> None:
    number = 0
    for line in document.lines:
        number += 1
        _line(pen, line, number)
    for level, tax, sort in _levels(document):
        number += 1
        _level_line(pen, level, tax, sort, number)


def _levels(document: Document) -> Iterator[tuple[Allowance, Tax, str]]:
    """A discount of a line is for one piece in this format: it becomes a line of its own."""
    for line in document.lines:
        for level in line.allowances:
            yield level, line.tax, codes.DISCOUNT_LINE
        for level in line.charges:
            yield level, line.tax, codes.CHARGE_LINE
    for level in document.allowances:
        yield level, cast("Tax", level.tax), codes.DISCOUNT_LINE
    for level in document.charges:
        yield level, cast("Tax", level.tax), codes.CHARGE_LINE


def _level_line(pen: Pen, level: Allowance, tax: Tax, sort: str, number: int) -> None:
    sign = -1 if sort == codes.DISCOUNT_LINE else 1
    amount = _money(cast("Money", level.amount) * sign)
    with pen.within("DettaglioLinee"):
        pen.put("NumeroLinea", str(number))
        pen.put("TipoCessionePrestazione", sort)
        pen.put("Descrizione", _latin(level.reason or level.reason_code, 1000))
        pen.put("PrezzoUnitario", amount)
        pen.put("PrezzoTotale", amount)
        _tax(pen, tax)


def _line(pen: Pen, line: Line, number: int) -> None:
    price, quantity = line.price, line.quantity
    base = price.base_quantity or Decimal(1)
    sign = -1 if quantity < 0 else 1  # a quantity is never below 0 here
    net = cast("Money", line.net)
    for level in line.allowances:
        net += cast("Money", level.amount)
    for level in line.charges:
        net -= cast("Money", level.amount)
    with pen.within("DettaglioLinee"):
        pen.put("NumeroLinea", str(number))
        for kind, code in _codes_of(line):
            with pen.within("CodiceArticolo"):
                pen.put("CodiceTipo", _basic(kind, 35))
                pen.put("CodiceValore", _basic(code, 35))
        described = ": ".join(filter(None, (line.item.name, line.item.description)))
        pen.put("Descrizione", _latin(described, 1000) or "-")
        pen.put("Quantita", _number(abs(quantity), EIGHT))
        pen.put("UnitaMisura", _basic(line.unit, 10))
        if line.period is not None:
            pen.put("DataInizioPeriodo", day_text(line.period.start_on))
            pen.put("DataFinePeriodo", day_text(line.period.end_on))
        amount = price.amount if not price.discount or price.gross is None else price.gross
        pen.put("PrezzoUnitario", _number(WIDE.divide(amount * sign, base), EIGHT))
        if price.discount and price.gross is not None:
            with pen.within("ScontoMaggiorazione"):
                pen.put("Tipo", "SC" if price.discount > 0 else "MG")
                less = WIDE.divide(abs(price.discount) * sign, base)
                pen.put("Importo", _number(less, EIGHT))
        pen.put("PrezzoTotale", _money(net))
        _tax(pen, line.tax)
        pen.put("RiferimentoAmministrazione", _basic(line.buyer_accounting_reference, 20))
        for kind, text in ((codes.NOTE, line.note), *line.item.attributes):
            if text.strip():
                with pen.within("AltriDatiGestionali"):
                    pen.put("TipoDato", _basic(kind, 10))
                    pen.put("RiferimentoTesto", _latin(text, 60))


def _codes_of(line: Line) -> Iterator[tuple[str, str]]:
    item = line.item
    if item.seller_id:
        yield codes.SELLER_ITEM, item.seller_id
    if item.buyer_id:
        yield codes.BUYER_ITEM, item.buyer_id
    if item.standard_id is not None:
        yield codes.GTIN, item.standard_id.value
    for code in item.classifications:
        yield code.scheme or "CODICE", code.value


def _tax(pen: Pen, tax: Tax) -> None:
    pen.put("AliquotaIVA", _number(tax.rate or Decimal(0), CENT))
    if tax.category != "S":
        pen.put("Natura", codes.NATURES[tax.category])


def _summary(pen: Pen, document: Document) -> None:
    for row in document.taxes:
        with pen.within("DatiRiepilogo"):
            pen.put("AliquotaIVA", _number(row.rate or Decimal(0), CENT))
            if row.category != "S":
                pen.put("Natura", codes.NATURES[row.category])
            pen.put("ImponibileImporto", _money(row.taxable))
            pen.put("Imposta", _money(row.tax))
            reason = row.exemption_reason or row.exemption_code
            if row.category != "S":
                pen.put("RiferimentoNormativo", _latin(reason, 100))


def _payment(pen: Pen, document: Document) -> None:
    totals = cast("Totals", document.totals)
    whole = totals.due if totals.receivable is None else totals.receivable
    parts = [(part.due_on, part.amount) for part in document.instalments]
    if not document.payment and document.due_on is None and not parts:
        return
    with pen.within("DatiPagamento"):
        pen.put("CondizioniPagamento", "TP01" if len(parts) > 1 else "TP02")
        for due_on, amount in parts or [(document.due_on, whole)]:
            for means in document.payment[:1] or (PaymentMeans(),):
                with pen.within("DettaglioPagamento"):
                    transfer = means.transfers[0] if means.transfers else None
                    pen.put("Beneficiario", _latin(transfer.account_name, 200) if transfer else "")
                    pen.put("ModalitaPagamento", codes.MEANS_CODES.get(means.code, codes.TRANSFER))
                    pen.put("DataScadenzaPagamento", day_text(due_on))
                    pen.put("ImportoPagamento", _money(amount))
                    account = transfer.account.replace(" ", "") if transfer else ""
                    if transfer and re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Za-z0-9]{11,30}", account):
                        pen.put("IBAN", account)
                        pen.put("BIC", transfer.bank)
                    pen.put("CodicePagamento", _basic(means.remittance, 60))


def _money(money: Money) -> str:
    return f"{money.amount:.2f}"


def _number(value: Decimal, places: Decimal) -> str:
    """With at least two decimals and no more than `places`."""
    text = f"{value.quantize(places, ROUND_HALF_UP, WIDE):f}"
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def _basic(text: str, most: int) -> str:
    """In ASCII, which is all that codes and numbers may have; accents go."""
    plain = unicodedata.normalize("NFKD", text.translate(LETTERS))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    found = _latin(NOT_BASIC.sub("?", SPACES.sub(" ", bare)), most)
    return found or ("-" if text.strip() else "")  # nothing but accents


def _latin(text: str, most: int) -> str:
    """In Latin-1, which is all that the schema takes, on one line and no longer than `most`."""
    plain = SPACES.sub(" ", text.translate(LETTERS)).strip()
    return NOT_LATIN.sub("?", plain)[:most].strip()
