"""The lines of a FatturaPA, read; discounts and charges stand among them as lines of their own."""

from __future__ import annotations

from decimal import Decimal

from guilder.kernel.document import Allowance, Identifier, Item, Line, Period, Price, Tax
from guilder.papers.exchange.formats.fatturapa import codes
from guilder.papers.exchange.formats.nodes import Node
from guilder.papers.exchange.formats.record import StatedTax, tax_key

ZERO, ONE = Decimal(0), Decimal(1)
PIECE = "C62"
Levels = tuple[Allowance, ...]
Found = tuple[tuple[Line, ...], tuple[Decimal | None, ...], Levels, Levels]


def lines_of(nodes: list[Node], taxes: tuple[StatedTax, ...]) -> Found:
    """The lines with their stated nets, and the allowances and charges among them."""
    lines: list[Line] = []
    nets: list[Decimal | None] = []
    less: list[Allowance] = []
    more: list[Allowance] = []
    for node in nodes:
        sort = node.text("TipoCessionePrestazione")
        net = node.decimal(f"/lines/{len(lines)}/net", "PrezzoTotale")
        if sort == codes.CHARGE_LINE and net is not None and net >= 0:
            more.append(_level(node, net, f"/charges/{len(more)}", taxes))
        elif sort and net is not None and net < 0:
            less.append(_level(node, -net, f"/allowances/{len(less)}", taxes))
        else:
            lines.append(_line(node, f"/lines/{len(lines)}", taxes))
            nets.append(net)
    return tuple(lines), tuple(nets), tuple(less), tuple(more)


def levels_of(general: Node, taxes: tuple[StatedTax, ...]) -> tuple[Levels, Levels]:
    """Discounts and charges of the whole paper, and what goes to a pension fund."""
    less: list[Allowance] = []
    more: list[Allowance] = []
    for entry in general.all("ScontoMaggiorazione"):
        kind = more if entry.text("Tipo") == "MG" else less
        at = f"/{'charges' if kind is more else 'allowances'}/{len(kind)}"
        amount = entry.money(f"{at}/amount", "Importo")
        kind.append(Allowance(amount=amount, percent=entry.decimal(at, "Percentuale")))
    for entry in general.all("DatiCassaPrevidenziale"):
        at = f"/charges/{len(more)}"
        charge = Allowance(
            amount=entry.money(f"{at}/amount", "ImportoContributoCassa"),
            base=entry.money(f"{at}/base", "ImponibileCassa"),
            percent=entry.decimal(f"{at}/percent", "AlCassa"),
            reason=f"Cassa previdenziale {entry.text('TipoCassa')}",
            tax=tax_of(entry, f"{at}/tax", taxes),
        )
        entry.skip("Ritenuta")
        more.append(charge)
    return tuple(less), tuple(more)


def tax_of(node: Node, at: str, taxes: tuple[StatedTax, ...]) -> Tax:
    """Rate and nature as a category; the reason is that of the row with the same."""
    rate = node.decimal(f"{at}/rate", "AliquotaIVA") or ZERO
    nature = node.text("Natura")
    category = codes.category_of(nature) if nature or not rate else "S"
    if not nature and not rate:
        node.sheet.fault(f"{at}/category", "exchange.missing", "Say why no VAT is charged.")
    found = None if category == "O" else rate
    key = tax_key(category, found)
    reason = next((row.exemption_reason for row in taxes if row.key == key), "")
    return Tax(category=category, rate=found, exemption_reason=reason)


def _level(node: Node, net: Decimal, at: str, taxes: tuple[StatedTax, ...]) -> Allowance:
    for name in ("NumeroLinea", "PrezzoUnitario", "Quantita"):
        node.skip(name)
    return Allowance(
        amount=node.sheet.money(net, f"{at}/amount"),
        reason=node.text("Descrizione"),
        tax=tax_of(node, f"{at}/tax", taxes),
    )


def _line(node: Node, at: str, taxes: tuple[StatedTax, ...]) -> Line:
    given = node.decimal(f"{at}/quantity", "Quantita")
    quantity = ONE if given is None else given
    price = _price(node, at)
    if price.amount < 0:  # BR-27: a price is not below 0
        price = Price(amount=-price.amount)
        quantity = -quantity
    period = Period(
        start_on=node.day(f"{at}/period/start_on", "DataInizioPeriodo"),
        end_on=node.day(f"{at}/period/end_on", "DataFinePeriodo"),
    )
    extra = [
        (entry.text("TipoDato"), entry.text("RiferimentoTesto"))
        for entry in node.all("AltriDatiGestionali")
    ]
    return Line(
        id=node.text("NumeroLinea"),
        item=_item(node, [one for one in extra if one[0] != codes.NOTE]),
        quantity=quantity,
        unit=node.text("UnitaMisura") or PIECE,
        price=price,
        tax=tax_of(node, f"{at}/tax", taxes),
        note="\n".join(text for kind, text in extra if kind == codes.NOTE),
        buyer_accounting_reference=node.text("RiferimentoAmministrazione"),
        period=period if period != Period() else None,
    )


def _price(node: Node, at: str) -> Price:
    """The price of one, after what is taken off it (a discount is for one, not for the line)."""
    gross = node.decimal(f"{at}/price/amount", "PrezzoUnitario")
    if gross is None:
        node.sheet.fault(f"{at}/price/amount", "exchange.missing", "Give the price of this line.")
        return Price(amount=ZERO)
    amount = gross
    for entry in node.all("ScontoMaggiorazione"):
        sign = 1 if entry.text("Tipo") == "MG" else -1
        change = entry.decimal(f"{at}/price/discount", "Importo")
        percent = entry.decimal(f"{at}/price/discount", "Percentuale")
        if change is not None:
            amount += sign * change
        elif percent is not None:
            amount += sign * amount * percent / 100
    if amount == gross or amount < 0:
        return Price(amount=amount)
    return Price(amount=amount, discount=gross - amount, gross=gross)


def _item(node: Node, extra: list[tuple[str, str]]) -> Item:
    known: dict[str, str] = {}
    classes: list[Identifier] = []
    for entry in node.all("CodiceArticolo"):
        kind, value = entry.text("CodiceTipo"), entry.text("CodiceValore")
        if kind in (codes.SELLER_ITEM, codes.BUYER_ITEM, codes.GTIN) and kind not in known:
            known[kind] = value
        else:
            classes.append(Identifier(value, kind))
    gtin = known.get(codes.GTIN)
    return Item(
        name=node.text("Descrizione"),
        seller_id=known.get(codes.SELLER_ITEM, ""),
        buyer_id=known.get(codes.BUYER_ITEM, ""),
        standard_id=Identifier(gtin, "0160") if gtin else None,
        classifications=tuple(classes),
        attributes=tuple(extra),
    )
