"""Reading KSeF FA(2) and FA(3) in the terms of EN 16931. A correction is read with its sign."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from guilder.kernel.document import (
    Address,
    Contact,
    CreditTransfer,
    Delivery,
    Document,
    EarlyDiscount,
    Identifier,
    Item,
    Kind,
    Line,
    Note,
    Party,
    PaymentMeans,
    Period,
    PrecedingInvoice,
    Price,
    Tax,
)
from guilder.kernel.money import decimal_of
from guilder.kernel.xml import Element, namespace_of
from guilder.papers.exchange.formats.ksef import codes
from guilder.papers.exchange.formats.nodes import Node, Sheet
from guilder.papers.exchange.formats.record import Reading, StatedTax, StatedTotals

ROOTS = (f"{{{codes.FA2}}}Faktura", f"{{{codes.FA3}}}Faktura")
ZERO, ONE = Decimal(0), Decimal(1)
PIECE = "C62"
DAYS = re.compile(r"(\d{1,4}) (?:dni|days?|d)\b", re.IGNORECASE)
PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?) ?%")
TECHNICAL = ("KodFormularza", "WariantFormularza", "DataWytworzeniaFa", "SystemInfo")
FLAGS = (
    *(("P_16",), ("P_17",), ("P_18",), ("P_18A",), ("P_23",)),
    *(("Zwolnienie", "P_19"), ("Zwolnienie", "P_19N")),
    *(("NoweSrodkiTransportu", "P_22N"), ("PMarzy", "P_PMarzyN")),
)


def read(root: Element) -> Reading:
    """The invoice under `root`, one of ROOTS.

    Raises Unreadable where no currency is named. All else that is wrong is in `problems`.
    """
    sheet = Sheet(frozenset((namespace_of(root),)))
    node = Node(root, sheet)
    invoice = node.first("Fa")
    sheet.settle_currency(invoice.text("KodWaluty"))
    kind, type_code = codes.KINDS.get(invoice.text("RodzajFaktury"), (Kind.INVOICE, "380"))
    sign = -1 if kind is Kind.CREDIT_NOTE else 1
    reason = _exemption(invoice)
    lines = [
        _line(entry, f"/lines/{index}", reason, sign)
        for index, entry in enumerate(invoice.all("FaWiersz"))
    ]
    document = replace(
        _document(node, invoice, kind, type_code), lines=tuple(line for line, _ in lines)
    )
    for name in TECHNICAL:
        node.skip("Naglowek", name)
    for path in FLAGS:
        invoice.skip("Adnotacje", *path)
    for name in ("JST", "GV"):
        node.skip("Podmiot2", name)
    taxes = tuple(_taxes(invoice, reason, sign))
    return Reading(
        document=document,
        format="ksef",
        profile=node.first("Naglowek", "KodFormularza").attribute("kodSystemowy"),
        stated=_stated(invoice, taxes, sign),
        stated_taxes=taxes,
        stated_nets=tuple(net for _, net in lines),
        problems=tuple(sheet.problems),
        remarks=(*sheet.remarks, *sheet.leftovers(root)),
    )


def _document(node: Node, invoice: Node, kind: Kind, type_code: str) -> Document:
    """All that stands on the paper once, without figures."""
    payment = invoice.first("Platnosc")
    terms = invoice.first("WarunkiTransakcji")
    day = invoice.day("/delivery/delivered_on", "P_6")
    period = Period(
        start_on=invoice.day("/period/start_on", "OkresFa", "P_6_Od"),
        end_on=invoice.day("/period/end_on", "OkresFa", "P_6_Do"),
    )
    days = _due_days(payment)
    return Document(
        kind=kind,
        type_code=type_code,
        currency=node.sheet.currency,
        number=invoice.text("P_2"),
        issued_on=invoice.day("/issued_on", "P_1"),
        seller=_seller(node.first("Podmiot1")),
        buyer=_buyer(node.first("Podmiot2")),
        delivery=Delivery(delivered_on=day) if day is not None else None,
        period=period if period != Period() else None,
        due_on=max(days, default=None),
        payment_terms="\n".join(payment.texts("TerminPlatnosci", "TerminOpis")),
        early_discounts=_discount(payment.first("Skonto")),
        payment=_means(payment),
        contract_reference=terms.text("Umowy", "NrUmowy"),
        order_reference=terms.text("Zamowienia", "NrZamowienia"),
        despatch_advice_reference=invoice.text("WZ"),
        preceding=tuple(
            PrecedingInvoice(
                number=entry.text("NrFaKorygowanej"),
                issued_on=entry.day(f"/preceding/{index}/issued_on", "DataWystFaKorygowanej"),
            )
            for index, entry in enumerate(invoice.all("DaneFaKorygowanej"))
        ),
        notes=_notes(node, invoice),
        custom_fields=tuple(
            (entry.text("Klucz"), entry.text("Wartosc")) for entry in invoice.all("DodatkowyOpis")
        ),
    )


def _notes(node: Node, invoice: Node) -> tuple[Note, ...]:
    invoice.skip("DaneFaKorygowanej", "NrKSeFN")
    texts = [
        *invoice.texts("PrzyczynaKorekty"),
        *node.texts("Stopka", "Informacje", "StopkaFaktury"),
    ]
    return tuple(Note(text) for text in texts)


def _seller(node: Node) -> Party:
    data = node.first("DaneIdentyfikacyjne")
    number = data.text("NIP")
    prefix = node.text("PrefiksPodatnika")
    return Party(
        name=data.text("Nazwa"),
        vat_id=f"{prefix or 'PL'}{number}" if number else "",
        address=_address(node.first("Adres")),
        contact=_contact(node),
    )


def _buyer(node: Node) -> Party:
    data = node.first("DaneIdentyfikacyjne")
    number, other = data.text("NIP"), data.text("NrVatUE")
    vat_id = f"{data.text('KodUE')}{other}" if other else f"PL{number}" if number else ""
    foreign = data.text("NrID")
    data.skip("KodKraju")
    data.skip("BrakID")
    client = node.text("NrKlienta")
    known = [Identifier(value) for value in (client, foreign) if value]
    return Party(
        name=data.text("Nazwa"),
        vat_id=vat_id,
        identifiers=tuple(known),
        address=_address(node.first("Adres")),
        contact=_contact(node),
    )


def _contact(node: Node) -> Contact:
    contact = node.first("DaneKontaktowe")
    return Contact(phone=contact.text("Telefon"), email=contact.text("Email"))


def _address(node: Node) -> Address:
    """Two free lines; the second is most often postal code and city."""
    second = node.text("AdresL2")
    code, _, city = second.partition(" ")
    has_code = bool(re.fullmatch(r"[0-9A-Z][0-9A-Z-]{2,9},?", code)) and bool(city)
    return Address(
        line1=node.text("AdresL1"),
        postal_code=code.rstrip(",") if has_code else "",
        city=city if has_code else second,
        country=node.text("KodKraju"),
    )


def _exemption(invoice: Node) -> str:
    reasons = invoice.first("Adnotacje", "Zwolnienie")
    found = [reasons.text(name) for name in ("P_19A", "P_19B", "P_19C")]
    return "; ".join(filter(None, found))


def _line(node: Node, at: str, reason: str, sign: int) -> tuple[Line, Decimal | None]:
    net = node.decimal(f"{at}/net", "P_11")
    with_tax = node.decimal(f"{at}/net", "P_11A")
    given = node.decimal(f"{at}/quantity", "P_8B")
    quantity = ONE if given is None else given
    price = _price(node, at, quantity, net if net is not None else with_tax)
    day = node.day(f"{at}/period/start_on", "P_6A")
    line = Line(
        id=node.text("NrWierszaFa"),
        item=_item(node),
        quantity=quantity * sign,
        unit=node.text("P_8A") or PIECE,
        price=price,
        tax=_tax(node, at, reason),
        period=Period(start_on=day, end_on=day) if day is not None else None,
    )
    return line, None if net is None else net * sign


def _price(node: Node, at: str, quantity: Decimal, whole: Decimal | None) -> Price:
    """P_9A is the price before the reduction P_10 of the whole line; P_9B contains tax."""
    amount = node.decimal(f"{at}/price/amount", "P_9A")
    with_tax = node.decimal(f"{at}/price/amount", "P_9B")
    reduction = node.decimal(f"{at}/price/discount", "P_10")
    if amount is None and with_tax is None:
        if whole is None or not quantity:
            node.sheet.fault(f"{at}/price/amount", "exchange.missing", "Give the price of this.")
            return Price(amount=ZERO)
        return Price(amount=whole / quantity)
    found = amount if amount is not None else with_tax or ZERO
    inclusive = amount is None
    if not reduction or not quantity:
        return Price(amount=found, tax_inclusive=inclusive)
    each = reduction / quantity
    return Price(amount=found - each, gross=found, discount=each, tax_inclusive=inclusive)


def _item(node: Node) -> Item:
    gtin = node.text("GTIN")
    classes = [
        Identifier(value, scheme)
        for name, scheme in (("PKWiU", "PKWIU"), ("CN", "HS"), ("PKOB", "PKOB"))
        if (value := node.text(name))
    ]
    return Item(
        name=node.text("P_7"),
        seller_id=node.text("Indeks"),
        standard_id=Identifier(gtin, "0160") if gtin else None,
        classifications=tuple(classes),
    )


def _tax(node: Node, at: str, reason: str) -> Tax:
    code = node.text("P_12")
    rate = codes.BY_CODE.get(codes.OLDER.get(code, code))
    if rate is None:
        detail = f"“{code[:20]}” is no rate that is read. Use one of the list of KSeF."
        node.sheet.fault(f"{at}/tax/category", "exchange.missing", detail)
        return Tax(category="")
    exempt = reason if rate.category == "E" else ""
    return Tax(category=rate.category, rate=rate.percent, exemption_reason=exempt)


def _taxes(invoice: Node, reason: str, sign: int) -> list[StatedTax]:
    """Sums of each field: a field is for two rates (23 and 22), told apart by the lines' rate."""
    used = {entry.text("P_12") for entry in invoice.all("FaWiersz")}
    found: list[StatedTax] = []
    for field in dict.fromkeys(rate.base for rate in codes.RATES):
        taxable = invoice.decimal(f"/taxes/{len(found)}/taxable", field)
        rates = [rate for rate in codes.RATES if rate.base == field]
        rate = next((one for one in rates if one.code in used), rates[0])
        if taxable is None:
            continue
        tax = invoice.decimal(f"/taxes/{len(found)}/tax", rate.tax) if rate.tax else ZERO
        row = StatedTax(
            category=rate.category,
            rate=rate.percent,
            taxable=taxable * sign,
            tax=None if tax is None else tax * sign,
            exemption_reason=reason if rate.category == "E" else "",
        )
        found.append(row)
    return found


def _stated(invoice: Node, taxes: tuple[StatedTax, ...], sign: int) -> StatedTotals:
    gross = invoice.decimal("/totals/gross", "P_15")
    return StatedTotals(
        net=sum((row.taxable or ZERO for row in taxes), ZERO) if taxes else None,
        tax=sum((row.tax or ZERO for row in taxes), ZERO) if taxes else None,
        gross=None if gross is None else gross * sign,
    )


def _due_days(payment: Node) -> list[date]:
    days = [entry.day("/due_on", "Termin") for entry in payment.all("TerminPlatnosci")]
    return [day for day in days if day is not None]


def _discount(node: Node) -> tuple[EarlyDiscount, ...]:
    days = DAYS.search(node.text("WarunkiSkonta"))
    percent = PERCENT.search(node.text("WysokoscSkonta"))
    if not days or not percent:
        return ()
    share = decimal_of(percent[1].replace(",", "."))
    return (EarlyDiscount(days=int(days[1]), percent=share),)


def _means(payment: Node) -> tuple[PaymentMeans, ...]:
    transfers = tuple(
        CreditTransfer(account=entry.text("NrRB"), bank=entry.text("SWIFT"))
        for entry in payment.all("RachunekBankowy")
    )
    code = payment.text("FormaPlatnosci")
    payment.skip("PlatnoscInna")
    if not code and not transfers:
        return ()
    text = payment.text("OpisPlatnosci")
    return (PaymentMeans(code=codes.MEANS.get(code, "30"), text=text, transfers=transfers),)
