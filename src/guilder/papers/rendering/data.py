"""From a Document and a Look to the data that every design places: finished strings only. Pure."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from guilder.kernel.document import Allowance, Document, Item, Kind, Line, TaxBreakdown
from guilder.kernel.money import Money, add_up
from guilder.papers.rendering import glyphs, taxcodes
from guilder.papers.rendering.look import PAPERS, Look, on_color, readable
from guilder.papers.rendering.parties import address_lines, identity, party_data
from guilder.papers.rendering.paying import TO_BE_PAID, amount_to_pay, payment_of
from guilder.papers.rendering.swiss import swiss_part
from guilder.papers.rendering.taxcodes import TaxCode
from guilder.papers.rendering.wording import MINUS, Wording, wording_for

FALLBACK_FONTS = ("Inter", "Amiri")
ARABIC = re.compile("[\u0600-\u06ff]")
LONG_TEXT = 600  # characters above which a line of the table may break over pages
STATIC_LABELS = (
    *("details", "position", "description", "quantity", "unit", "unit_price", "vat", "amount"),
    *("carried", "tax_summary", "rate", "taxable", "tax", "payment", "payment_terms", "scan"),
    *("instalments", "notes", "enclosed", "page"),
)
NOT_TAX_INVOICES = (Kind.PRO_FORMA, Kind.QUOTE)


def template_data(
    document: Document, look: Look, *, tax_code: TaxCode | None = None
) -> dict[str, Any]:
    """The data for any template. The document is complete (`totals.calculate`), else ValueError.

    Characters that no font has become □, and a sentence on the paper says so.
    """
    wording = wording_for(
        document.language or look.language, country=document.seller.address.country
    )
    swiss = swiss_part(document, wording) if look.payment_code else None
    data = {
        "lang": wording.locale.language,
        "region": wording.locale.territory or "",
        "dir": wording.direction,
        "paper": PAPERS[look.paper],
        "t": {name: wording.say(name) for name in STATIC_LABELS},
        "brand": _brand(document, look),
        **_head(document, look, wording),
        **_parties(document, wording),
        **_line_table(document, wording),
        "taxes": [_tax_row(row, wording) for row in document.taxes],
        "totals": list(_totals(document, wording)),
        "payment": payment_of(document, wording, with_code=look.payment_code and swiss is None),
        "swiss": swiss,
        "tax_code": taxcodes.printed(tax_code),
        "notes": list(_notes(document, wording)),
        "enclosed": [
            item.description or item.filename or item.reference for item in document.attachments
        ],
    }
    printed, text = glyphs.cleaned(data), "".join(_strings(data))
    printed["arabic"] = ARABIC.search(text) is not None
    if glyphs.missing(text):
        printed["notes"].append(wording.say("missing_characters"))
    return printed


def title_of(document: Document, wording: Wording) -> str:
    """What the paper calls itself."""
    return wording.say(document.kind.value)


def _brand(document: Document, look: Look) -> dict[str, Any]:
    return {
        "name": look.name or document.seller.trading_name or document.seller.name,
        "color": look.color,
        "on_color": on_color(look.color),
        "readable": readable(look.color),
        "accent": look.accent,
        "fonts": list(dict.fromkeys((look.font, *FALLBACK_FONTS))),
        "header": look.header,
        "footer": look.footer,
    }


def _head(document: Document, look: Look, wording: Wording) -> dict[str, Any]:
    title = title_of(document, wording)
    seller_name = look.name or document.seller.trading_name or document.seller.name
    return {
        "kind": document.kind.value,
        "title": title,
        "number": document.number,
        "watermark": "" if document.number else wording.say("draft"),
        "continued": f"{title} {document.number}".strip(),
        "logo_alt": wording.say("logo_alt", name=seller_name),
        "intro": look.intro,
        "closing": look.closing,
        "details": [[label, value] for label, value in _details(document, wording) if value],
        "headline": _headline(document, wording),
    }


def _details(document: Document, wording: Wording) -> Iterator[tuple[str, str]]:
    due_label = "valid_until" if document.kind is Kind.QUOTE else "due"
    delivery, period = document.delivery, document.period
    for label, on in (
        ("issued", document.issued_on),
        (due_label, document.due_on),
        ("delivered", delivery.delivered_on if delivery else None),
        ("tax_point", document.tax_point_on),
    ):
        yield wording.say(label), wording.day(on) if on else ""
    if period is not None:
        yield wording.say("period"), wording.days(period.start_on, period.end_on)
    plain_ids = [one.value for one in document.buyer.identifiers if not one.scheme]
    yield wording.say("customer_number"), plain_ids[0] if plain_ids else ""
    for label, value in (
        ("buyer_reference", document.buyer_reference),
        ("order", document.order_reference),
        ("sales_order", document.sales_order_reference),
        ("contract", document.contract_reference),
        ("project", document.project_reference),
        ("despatch", document.despatch_advice_reference),
        ("receipt", document.receiving_advice_reference),
        ("tender", document.tender_reference),
        ("object", document.invoiced_object.value if document.invoiced_object else ""),
        ("cost_centre", document.buyer_accounting_reference),
    ):
        yield wording.say(label), value
    for earlier in document.preceding:
        value = earlier.number
        if earlier.issued_on:
            on = wording.short_day(earlier.issued_on)
            value = wording.say("number_of_date", number=earlier.number, date=on)
        yield wording.say("corrects"), value
    yield from document.custom_fields


def _headline(document: Document, wording: Wording) -> dict[str, str]:
    amount = amount_to_pay(document)
    label = {Kind.CREDIT_NOTE: "credit_amount", Kind.QUOTE: "quoted_amount"}.get(document.kind)
    note = ""
    if document.kind is Kind.QUOTE and document.due_on:
        note = f"{wording.say('valid_until')} {wording.day(document.due_on)}"
    elif document.kind in TO_BE_PAID and amount.minor <= 0:
        note = wording.say("nothing_due")
    elif document.kind in TO_BE_PAID and document.due_on:
        note = wording.say("due_on", date=wording.day(document.due_on))
    return {
        "label": wording.say(label or "amount_due"),
        "amount": wording.money(amount),
        "note": note,
    }


def _parties(document: Document, wording: Wording) -> dict[str, Any]:
    seller = party_data(document.seller, wording)
    to_label = "quoted_to" if document.kind is Kind.QUOTE else "billed_to"
    others: list[dict[str, Any]] = []
    delivery = document.delivery
    if delivery and (delivery.party_name or delivery.address):
        lines = address_lines(delivery.address, wording) if delivery.address else []
        others.append(_other(wording.say("delivered_to"), delivery.party_name, lines))
    if document.payee is not None:
        ids = identity(document.payee, wording)
        others.append(_other(wording.say("payee"), document.payee.name, ids))
    agent = document.tax_representative
    if agent is not None:
        lines = address_lines(agent.address, wording)
        if agent.vat_id:
            lines = [*lines, f"{wording.say('vat_id')} {agent.vat_id}"]
        others.append(_other(wording.say("tax_representative"), agent.name, lines))
    return {
        "seller": seller,
        "buyer": party_data(document.buyer, wording),
        "to_label": wording.say(to_label),
        "others": others,
    }


def _other(label: str, name: str, lines: list[str]) -> dict[str, Any]:
    return {"label": label, "name": name, "lines": lines}


# Lines


def _line_table(document: Document, wording: Wording) -> dict[str, Any]:
    inclusive = {line.price.tax_inclusive for line in document.lines}
    mixed = len(inclusive) > 1
    running = Money.zero(document.currency)
    rows: list[dict[str, Any]] = []
    for position, line in enumerate(document.lines, start=1):
        amount = _shown_amount(line, document.currency)
        running += amount
        row = _line(line, document.currency, wording)
        row["id"] = line.id or str(position)
        row["amount"] = wording.figure(amount)
        row["running"] = "" if mixed else wording.money(running)
        if mixed and line.price.tax_inclusive:
            row["price_note"] = " · ".join(
                filter(None, [row["price_note"], wording.say("prices_include_tax")])
            )
        rows.append(row)
    columns = ("id", "quantity", "unit", "price", "price_note", "vat", "amount")
    return {
        "lines": rows,
        "widest": {name: _widest(row[name] for row in rows) for name in columns},
        "prices_note": wording.say("prices_include_tax") if inclusive == {True} else "",
        "currency": document.currency,
    }


def _line(line: Line, currency: str, wording: Wording) -> dict[str, Any]:
    facts = [fact for fact in _facts(line, wording) if fact]
    described = [line.item.description, *facts] if line.item.description else facts
    texts = [" · ".join(described), line.note, *_levels(line, wording)]
    texts = [piece for text in texts for piece in text.splitlines() if piece.strip()]
    price = line.price
    price_note = ""
    if price.base_quantity is not None and price.base_quantity != 1:
        unit = wording.unit(price.base_unit or line.unit, price.base_quantity)
        quantity = wording.number(price.base_quantity)
        price_note = wording.say("per", quantity=quantity, unit=unit).strip()
    return {
        "name": line.item.name,
        "texts": texts,
        "long": sum(map(len, texts)) + len(line.item.name) > LONG_TEXT,
        "quantity": wording.number(line.quantity),
        "unit": wording.unit(line.unit, line.quantity),
        "price": wording.price(price.amount, currency),
        "price_note": price_note,
        "vat": _rate(line.tax.rate, wording),
    }


def _facts(line: Line, wording: Wording) -> Iterator[str]:
    item: Item = line.item
    if line.period is not None:
        yield wording.days(line.period.start_on, line.period.end_on)
    for label, value in (
        ("item_number", item.seller_id),
        ("your_item_number", item.buyer_id),
        ("order_line", line.order_line),
    ):
        yield wording.say(label, number=value) if value else ""
    yield item.standard_id.value if item.standard_id else ""
    yield line.object.value if line.object else ""
    if line.buyer_accounting_reference:
        yield f"{wording.say('cost_centre')} {line.buyer_accounting_reference}"
    if item.origin_country:
        yield wording.say("origin", country=wording.country(item.origin_country))
    for name, value in item.attributes:
        yield f"{name}: {value}"


def _levels(line: Line, wording: Wording) -> Iterator[str]:
    """What was taken off or put on the line, one sentence each; the amount includes them."""
    price = line.price
    if price.gross is not None and price.discount:
        yield wording.say(
            "list_price",
            price=wording.number(price.gross, at_least=2),
            discount=wording.number(price.discount, at_least=2),
        )
    for level in line.allowances:
        yield f"{_level_label(level, 'allowance', wording)} {MINUS}{_level_amount(level, wording)}"
    for level in line.charges:
        yield f"{_level_label(level, 'charge', wording)} +{_level_amount(level, wording)}"


def _level_label(level: Allowance, default: str, wording: Wording) -> str:
    percent = wording.percent(level.percent) if level.percent is not None else ""
    return f"{level.reason or wording.say(default)} {percent}".strip()


def _level_amount(level: Allowance, wording: Wording) -> str:
    return wording.money(level.amount) if level.amount is not None else ""


def _shown_amount(line: Line, currency: str) -> Money:
    """The line's net, or with tax where its price has it, so that price × quantity can be seen."""
    if line.net is None:
        raise ValueError("Complete the document with totals.calculate first.")
    if not line.price.tax_inclusive:
        return line.net
    amount = Money.rounded(
        line.quantity * line.price.amount / (line.price.base_quantity or Decimal(1)), currency
    )
    less = add_up((level.amount for level in line.allowances if level.amount), currency)
    more = add_up((level.amount for level in line.charges if level.amount), currency)
    return amount - less + more


def _widest(texts: Iterator[str]) -> str:
    return max(texts, key=lambda text: sum(2 if char.isdigit() else 1 for char in text), default="")


# Taxes and totals


def _rate(rate: Decimal | None, wording: Wording) -> str:
    return "–" if rate is None else wording.percent(rate)


def _tax_row(row: TaxBreakdown, wording: Wording) -> dict[str, str]:
    """Category S is told by its rate alone; the others by what they are called."""
    name = wording.categories.get(row.category, "")
    rate = _rate(row.rate, wording)
    return {
        "name": f"{name} {rate}".strip() if name and row.rate else name or rate,
        "taxable": wording.money(row.taxable),
        "tax": wording.money(row.tax),
    }


def _totals(document: Document, wording: Wording) -> Iterator[list[str]]:
    """[label, amount, weight]; the weight is "plain", "sum" or "final"."""
    totals = document.totals
    if totals is None:
        raise ValueError("Complete the document with totals.calculate first.")
    if document.allowances or document.charges:
        yield [wording.say("line_total"), wording.money(totals.line_net), "plain"]
        yield from _document_levels(document.allowances, "allowance", wording, sign=-1)
        yield from _document_levels(document.charges, "charge", wording, sign=1)
    yield [wording.say("net"), wording.money(totals.net), "plain"]
    for row in document.taxes:
        if row.category in wording.categories and not row.tax:
            continue
        label = wording.say("vat_at", rate=_rate(row.rate, wording))
        yield [label, wording.money(row.tax), "plain"]
    after = list(_after_gross(document, wording))
    yield [wording.say("total"), wording.money(totals.gross), "sum" if after else "final"]
    yield from after
    if totals.tax_in_tax_currency is not None:
        currency = totals.tax_in_tax_currency.currency
        label = wording.say("tax_in", currency=currency)
        yield [label, wording.money(totals.tax_in_tax_currency), "plain"]


def _document_levels(
    levels: tuple[Allowance, ...], default: str, wording: Wording, *, sign: int
) -> Iterator[list[str]]:
    # One discount may stand in several tax groups; the reader gave or got one.
    sums: dict[str, Money] = {}
    for level in levels:
        if level.amount is not None:
            label = _level_label(level, default, wording)
            sums[label] = sums[label] + level.amount if label in sums else level.amount
    for label, amount in sums.items():
        yield [label, wording.money(amount * sign), "plain"]


def _after_gross(document: Document, wording: Wording) -> Iterator[list[str]]:
    totals = document.totals
    if totals is None:
        return
    if totals.prepaid:
        yield [wording.say("prepaid"), wording.money(-totals.prepaid), "plain"]
    if totals.rounding:
        yield [wording.say("rounding"), wording.money(totals.rounding), "plain"]
    held = [one for one in document.withholdings if one.amount is not None]
    due_label = "credit_amount" if document.kind is Kind.CREDIT_NOTE else "amount_due"
    if totals.prepaid or totals.rounding:
        yield [wording.say(due_label), wording.money(totals.due), "sum" if held else "final"]
    for one in held:
        label = f"{one.reason} {wording.percent(one.percent)}" if one.reason else ""
        label = label or wording.say("withheld", percent=wording.percent(one.percent))
        yield [label, wording.money(-(one.amount or Money.zero(document.currency))), "plain"]
    if held and totals.receivable is not None:
        yield [wording.say("receivable"), wording.money(totals.receivable), "final"]


def _notes(document: Document, wording: Wording) -> Iterator[str]:
    if document.kind in NOT_TAX_INVOICES:
        yield wording.say("no_tax_invoice")
    for row in document.taxes:
        # BT-120 and BT-121: why no tax is charged has to stand on the paper.
        reason = row.exemption_reason or wording.categories.get(row.category, "")
        if row.exemption_code:
            yield f"{reason} ({row.exemption_code})".strip()
        elif row.exemption_reason:
            yield reason
    for note in document.notes:
        if note.text.strip():
            yield note.text.strip()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)
