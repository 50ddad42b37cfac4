"""Writing KSeF FA(3), in the order of its schema; texts are cut to what a field holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import cast

from guilder.kernel.document import (
    Address,
    Allowance,
    Document,
    Kind,
    Line,
    Party,
    Price,
    Tax,
    Totals,
)
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import WIDE, Money
from guilder.papers.exchange.formats.ksef import codes
from guilder.papers.exchange.formats.pen import Pen, day_text, number_text
from guilder.papers.exchange.formats.targets import Target

TYPES = "http://crd.gov.pl/xml/schematy/dziedzinowe/mf/2022/01/05/eD/DefinicjeTypy/"
SPACES = re.compile(r"\s+")
NIP = re.compile(r"[1-9](?:\d[1-9]|[1-9]\d)\d{7}")
EU = frozenset(
    (
        *("AT", "BE", "BG", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "EL", "HR", "HU", "IE"),
        *("IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "XI"),
    )
)
EIGHT, SIX = Decimal(1).scaleb(-8), Decimal(1).scaleb(-6)
NO, YES = "2", "1"
PIECE = "C62"


class NotPolish(Invalid):
    """The paper has what the Polish format has no place for, or lacks what it demands."""

    code = "exchange.ksef"


def write(document: Document, target: Target) -> bytes:
    """`document`, which is prepared, as FA(3). Raises NotPolish and NotWritable."""
    del target
    _check(document)
    pen = Pen()
    with pen.root("Faktura", {"": codes.FA3, "etd": TYPES}):
        with pen.within("Naglowek"):
            pen.put("KodFormularza", "FA", kodSystemowy="FA (3)", wersjaSchemy="1-0E")
            pen.put("WariantFormularza", "3")
            pen.put("DataWytworzeniaFa", f"{day_text(document.issued_on)}T00:00:00Z")
            pen.put("SystemInfo", "Guilder")
        _seller(pen, document.seller)
        _buyer(pen, document.buyer)
        with pen.within("Fa"):
            _invoice(pen, document)
        texts = [_text(note.text, 3500) for note in document.notes]
        with pen.within("Stopka"):
            for text in texts[:3]:
                with pen.within("Informacje"):
                    pen.put("StopkaFaktury", text)
    return pen.bytes()


def _check(document: Document) -> None:
    """KSeF refuses a file without these, so they are asked for before."""
    found: list[Problem] = []
    if not NIP.fullmatch(_number(document.seller)):
        detail = "Enter the seller's Polish VAT id (NIP, ten digits)."
        found.append(Problem("/seller/vat_id", NotPolish.code, detail))
    if document.issued_on is None or not document.number:
        detail = "A draft has no number yet. Issue it first."
        found.append(Problem("/number", NotPolish.code, detail))
    foreign = document.buyer.address.country != "PL"
    for index, row in enumerate(document.taxes):
        if codes.rate_of(row.category, row.rate, foreign=foreign) is None:
            detail = f"{row.category} {number_text(row.rate)} % is no rate of the Polish list."
            found.append(Problem(f"/taxes/{index}/rate", NotPolish.code, detail))
    if document.kind is Kind.CREDIT_NOTE and not all(p.issued_on for p in document.preceding[:1]):
        detail = "Name the corrected invoice with its date."
        found.append(Problem("/preceding", NotPolish.code, detail))
    if found:
        raise NotPolish(problems=found)


def _seller(pen: Pen, seller: Party) -> None:
    with pen.within("Podmiot1"):
        with pen.within("DaneIdentyfikacyjne"):
            pen.put("NIP", _number(seller))
            pen.put("Nazwa", _text(seller.name, 512))
        _address(pen, seller.address)
        _contact(pen, seller)


def _buyer(pen: Pen, buyer: Party) -> None:
    with pen.within("Podmiot2"):
        with pen.within("DaneIdentyfikacyjne"):
            country, number = buyer.vat_id[:2], _number(buyer)
            if country == "PL" and NIP.fullmatch(number):
                pen.put("NIP", number)
            elif country in EU and number:
                pen.put("KodUE", country)
                pen.put("NrVatUE", number[:12])
            elif buyer.vat_id:
                pen.put("NrID", _text(buyer.vat_id, 50))
            else:
                pen.put("BrakID", YES)
            pen.put("Nazwa", _text(buyer.name, 512))
        _address(pen, buyer.address)
        _contact(pen, buyer)
        if buyer.identifiers:
            pen.put("NrKlienta", _text(buyer.identifiers[0].value, 256))
        pen.put("JST", NO)  # no unit of a local authority
        pen.put("GV", NO)  # no member of a VAT group


def _number(party: Party) -> str:
    return re.sub(r"[^0-9A-Z]", "", party.vat_id[2:].upper())


def _address(pen: Pen, address: Address) -> None:
    street = ", ".join(filter(None, (address.line1, address.line2, address.line3)))
    city = " ".join(filter(None, (address.postal_code, address.city)))
    with pen.within("Adres"):
        pen.put("KodKraju", address.country or "PL")
        pen.put("AdresL1", _text(street or city or "-", 512))
        if street:
            pen.put("AdresL2", _text(city, 512))


def _contact(pen: Pen, party: Party) -> None:
    with pen.within("DaneKontaktowe"):
        mail = party.contact.email.strip()
        pen.put("Email", mail if re.fullmatch(r"[^@\s]+@[^@\s]+", mail) else "")
        pen.put("Telefon", _text(party.contact.phone, 16))


def _invoice(pen: Pen, document: Document) -> None:
    totals = cast("Totals", document.totals)
    sign = -1 if document.kind is Kind.CREDIT_NOTE else 1
    pen.put("KodWaluty", document.currency)
    pen.put("P_1", day_text(document.issued_on))
    pen.put("P_2", _text(document.number, 256))
    pen.put("WZ", _text(document.despatch_advice_reference, 256))
    if document.delivery is not None and document.delivery.delivered_on is not None:
        pen.put("P_6", day_text(document.delivery.delivered_on))
    elif document.period is not None and document.period.start_on and document.period.end_on:
        with pen.within("OkresFa"):
            pen.put("P_6_Od", day_text(document.period.start_on))
            pen.put("P_6_Do", day_text(document.period.end_on))
    _sums(pen, document, sign)
    pen.put("P_15", _money(totals.gross, sign))
    _annotations(pen, document)
    kind = codes.KIND_CODES.get(document.kind, "VAT")
    pen.put("RodzajFaktury", kind)
    if kind == "KOR":
        _corrected(pen, document)
    for name, value in document.custom_fields:
        with pen.within("DodatkowyOpis"):
            pen.put("Klucz", _text(name, 256))
            pen.put("Wartosc", _text(value, 256))
    for number, line in enumerate(_lines(document), 1):
        _line(pen, line, number, document, sign)
    _payment(pen, document)
    with pen.within("WarunkiTransakcji"):
        with pen.within("Umowy"):
            pen.put("NrUmowy", _text(document.contract_reference, 256))
        with pen.within("Zamowienia"):
            pen.put("NrZamowienia", _text(document.order_reference, 256))


def _sums(pen: Pen, document: Document, sign: int) -> None:
    """What each field of the schema sums up; two rates may stand in one field."""
    sums: dict[str, Money] = {}
    foreign = document.buyer.address.country != "PL"
    for row in document.taxes:
        rate = cast("codes.Rate", codes.rate_of(row.category, row.rate, foreign=foreign))
        for field, money in ((rate.base, row.taxable), (rate.tax, row.tax)):
            if field:
                sums[field] = sums[field] + money if field in sums else money
    for field in codes.FIELDS:
        if field in sums:
            pen.put(field, _money(sums[field], sign))


def _annotations(pen: Pen, document: Document) -> None:
    """Statements that the law wants on each invoice, most of them that something is not so."""
    reverse = any(row.category == "AE" for row in document.taxes)
    exempt = next((row for row in document.taxes if row.category == "E"), None)
    with pen.within("Adnotacje"):
        pen.put("P_16", NO)
        pen.put("P_17", YES if document.type_code == "389" else NO)
        pen.put("P_18", YES if reverse else NO)
        pen.put("P_18A", NO)
        with pen.within("Zwolnienie"):
            if exempt is not None:
                pen.put("P_19", YES)
                reason = exempt.exemption_reason or exempt.exemption_code
                pen.put("P_19C", _text(reason, 256) or "-")
            else:
                pen.put("P_19N", YES)
        with pen.within("NoweSrodkiTransportu"):
            pen.put("P_22N", YES)
        pen.put("P_23", NO)
        with pen.within("PMarzy"):
            pen.put("P_PMarzyN", YES)


def _corrected(pen: Pen, document: Document) -> None:
    for before in document.preceding:
        with pen.within("DaneFaKorygowanej"):
            pen.put("DataWystFaKorygowanej", day_text(before.issued_on))
            pen.put("NrFaKorygowanej", _text(before.number, 256))
            pen.put("NrKSeFN", YES)


def _lines(document: Document) -> Iterator[Line]:
    """The lines; an allowance or charge of line or paper becomes a line of its own."""
    for line in document.lines:
        yield line
        for level in line.allowances:
            yield _level_line(line, level, line.tax, -1)
        for level in line.charges:
            yield _level_line(line, level, line.tax, 1)
    for level in document.allowances:
        yield _level_line(document.lines[0], level, cast("Tax", level.tax), -1)
    for level in document.charges:
        yield _level_line(document.lines[0], level, cast("Tax", level.tax), 1)


def _level_line(like: Line, level: Allowance, tax: Tax, sign: int) -> Line:
    amount = cast("Money", level.amount)
    return replace(
        like,
        item=replace(
            like.item,
            name=level.reason or level.reason_code,
            seller_id="",
            standard_id=None,
            classifications=(),
        ),
        quantity=Decimal(sign),
        unit=PIECE,
        price=Price(amount=amount.amount),
        tax=tax,
        net=amount * sign,
        period=None,
        allowances=(),
        charges=(),
    )


def _line(pen: Pen, line: Line, number: int, document: Document, sign: int) -> None:
    price, base = line.price, line.price.base_quantity or Decimal(1)
    net = cast("Money", line.net)
    for level in line.allowances:
        net += cast("Money", level.amount)
    for level in line.charges:
        net -= cast("Money", level.amount)
    rate = codes.rate_of(
        line.tax.category, line.tax.rate, foreign=document.buyer.address.country != "PL"
    )
    period = line.period
    described = ": ".join(filter(None, (line.item.name, line.item.description)))
    with pen.within("FaWiersz"):
        pen.put("NrWierszaFa", str(number))
        if period is not None and period.start_on == period.end_on:
            pen.put("P_6A", day_text(period.start_on))
        pen.put("P_7", _text(described, 512))
        pen.put("Indeks", _text(line.item.seller_id, 50))
        if line.item.standard_id is not None:
            pen.put("GTIN", _text(line.item.standard_id.value, 20))
        pen.put("P_8A", _text(line.unit, 256))
        pen.put("P_8B", _short(line.quantity * sign, SIX))
        amount = price.gross if price.discount and price.gross is not None else price.amount
        pen.put("P_9A", _short(WIDE.divide(amount, base), EIGHT))
        if price.discount:
            each = WIDE.divide(price.discount, base)
            pen.put("P_10", _short(each * line.quantity * sign, EIGHT))
        pen.put("P_11", _money(net, sign))
        pen.put("P_12", rate.code if rate else "")


def _payment(pen: Pen, document: Document) -> None:
    means = document.payment[0] if document.payment else None
    days = [part.due_on for part in document.instalments] or [document.due_on]
    with pen.within("Platnosc"):
        for due_on in days:
            if due_on is not None:
                with pen.within("TerminPlatnosci"):
                    pen.put("Termin", day_text(due_on))
        code = codes.MEANS_CODES.get(means.code) if means else None
        if code:
            pen.put("FormaPlatnosci", code)
        elif means is not None:
            pen.put("PlatnoscInna", YES)
            pen.put("OpisPlatnosci", _text(means.text or means.code, 256))
        for transfer in means.transfers if means else ():
            account = transfer.account.replace(" ", "")
            if 10 <= len(account) <= 34:
                with pen.within("RachunekBankowy"):
                    pen.put("NrRB", account)
                    pen.put("SWIFT", transfer.bank)
        for discount in document.early_discounts[:1]:
            with pen.within("Skonto"):
                pen.put("WarunkiSkonta", f"{discount.days} dni")
                pen.put("WysokoscSkonta", f"{number_text(discount.percent)}%")


def _money(money: Money, sign: int) -> str:
    value = money.amount * sign
    return number_text(value.quantize(Decimal("0.01"), ROUND_HALF_UP, WIDE))


def _short(value: Decimal, places: Decimal) -> str:
    return number_text(value.quantize(places, ROUND_HALF_UP, WIDE))


def _text(text: str, most: int) -> str:
    """On one line and no longer than `most`."""
    return SPACES.sub(" ", text).strip()[:most].strip()
