"""The demo's bank: what came in on Elbe Business, half of it explained already."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from guilder.books.invoicing import queries as invoicing
from guilder.books.ledger import operations as ledger
from guilder.books.payments import queries as payments
from guilder.flows.banking import operations as banking
from guilder.flows.banking import queries as bank
from guilder.kernel.money import Money
from guilder.office.demo import cast
from guilder.office.demo.teller import Teller

HEADS = ("Buchungstag", "Name", "IBAN Auftraggeber", "Verwendungszweck", "Betrag", "Saldo",
         "Originalbetrag", "Originalwährung")  # fmt: skip
ALL, EXACT = 50, 12
STRANGERS = (
    (-5, "PARCELWAY DE", "SEPA DD 8841-20", "-38.40"),
    (-4, "M OKAFOR", "REF 1142", "125.00"),
    (-6, "STADTWERKE ELBUFER", "ABSCHLAG 11/26 KD 4471", "-212.00"),
    (-3, "TYPEFACE FOUNDRY INC", "LICENCE 99213", "-89.00"),
    (-7, "HAUSVERWALTUNG NORDLICHT", "MIETE BUERO", "-1480.00"),
)
Line = tuple[int, str, str, Decimal, str, str]


def tell_bank(teller: Teller) -> None:
    """An account, a rule, fifty lines of the last weeks: most are told by payments of the past."""
    by, now = teller.by, teller.moment(0)
    account = banking.open_account(
        by=by,
        at=now,
        data={"name": "Elbe Business", "iban": cast.PROFILE["iban"], "currency": "EUR"},
    )
    keep_rule(teller, now)
    waiting = list(open_lines(teller))
    done = list(past(teller, ALL - len(waiting)))
    books = books_of(teller, account)
    closing = books + sum((one[3] for one in waiting), Decimal(0))
    opening = closing - sum((one[3] for one in (*done, *waiting)), Decimal(0))
    data = table(teller, sorted((*done, *waiting), key=lambda one: one[0]), opening)
    banking.import_statement(
        data, by=by, at=now, filename="elbe-business.csv", account_id=account.id, match=False
    )
    match_past(teller, {text for _, _, text, *_ in done}, account, now)


def keep_rule(teller: Teller, now: Any) -> None:
    """Postage posts itself on a click."""
    place = ledger.save_account(
        by=teller.by, data={"code": "4911", "name": "Postage and delivery", "kind": "expense"}
    )
    banking.save_rule(
        by=teller.by,
        at=now,
        data={
            "name": "Parcels",
            "direction": "out",
            "conditions": [{"field": "name", "op": "contains", "value": "Parcelway"}],
            "account": str(place.id),
        },
    )


def books_of(teller: Teller, account: Any) -> Decimal:
    """What the books have on the account, in its currency."""

    found = bank.figures(account, by=teller.by, since=teller.day(-365))
    return Money(found.books_amount, "EUR").amount


def past(teller: Teller, most: int) -> Iterable[Line]:
    """Lines of transfers that were recorded by hand before."""
    rows = payments.list_payments(
        by=teller.by, methods=["bank_transfer"], currency="EUR", limit=most * 3
    )
    count = 0
    for row in rows:
        if row.reversed_on is not None or count == most:
            continue
        count += 1
        offset = (row.received_on - teller.day(0)).days
        yield offset, shouted(row.partner_name), row.reference, amount_of(row.amount), "", ""


def open_lines(teller: Teller) -> Iterable[Line]:
    """Lines that wait: exact ones, some to be checked, and strangers."""
    rows = invoicing.list_invoices(
        invoicing.InvoiceFilter(today=teller.day(0), is_open=True),
        by=teller.by,
        sort="-issued_on",
        limit=200,
    )
    euro = [one for one in rows if one.currency == "EUR" and one.kind == "invoice"]
    pair = two_of_one(euro)
    if pair:
        total = amount_of(sum(one.open_amount for one in pair))
        yield -5, shouted(pair[0].partner_name), "SAMMELZAHLUNG", total, "", ""
    others = [one for one in euro if one not in pair]
    if others:
        one = others.pop()
        half = amount_of(one.open_amount // 2)
        yield -4, shouted(one.partner_name), f"{one.number} PART 1 OF 2", half, "", ""
    words = ("{}", "RNR {} THANKS", "Rechnung {}", "{} / your ref")
    for place, one in enumerate(others[:EXACT]):
        text = words[place % len(words)].format(one.number)
        yield -1 - place % 3, shouted(one.partner_name), text, amount_of(one.open_amount), "", ""
    yield from exchanged(rows)
    yield from payout(teller)
    for day, name, text, amount in STRANGERS:
        yield day, name, text, Decimal(amount), "", ""


def two_of_one(rows: list[Any]) -> list[Any]:
    """Two invoices of one client; none where no client has two."""
    for place, one in enumerate(rows):
        other = next((two for two in rows[place + 1 :] if two.partner_id == one.partner_id), None)
        if other is not None:
            return [one, other]
    return []


def exchanged(rows: Iterable[Any]) -> Iterable[Line]:
    """A British client pays in pounds, the bank writes euro."""
    one = next((row for row in rows if row.currency == "GBP"), None)
    if one is not None:
        pounds = Money(one.open_amount, "GBP").amount
        euro = Money.rounded(pounds * Decimal("1.1561"), "EUR").amount
        yield -3, shouted(one.partner_name), f"{one.number} GBP AT 1.1561", euro, str(pounds), "GBP"


def payout(teller: Teller) -> Iterable[Line]:
    """What card payments of two weeks came to, less the provider's fee."""
    rows = payments.list_payments(by=teller.by, methods=["card"], currency="EUR", limit=30)
    cards = [one for one in rows if one.reversed_on is None]
    newest = max((one.received_on for one in cards), default=None)
    if newest is None:
        return
    taken = [one for one in cards if (newest - one.received_on).days < 12]
    gross = amount_of(sum(one.amount for one in taken))
    net = Money.rounded(gross * Decimal("0.9846"), "EUR").amount
    day = min(-1, (newest - teller.day(0)).days + 1)
    yield day, "CARD PAYOUT", f"{len(taken)} PAYMENTS", net, "", ""


def match_past(teller: Teller, texts: set[str], account: Any, now: Any) -> None:
    """Match what was recorded before."""

    rows = bank.open_lines(account.id, by=teller.by)
    found = bank.proposals(rows, account, by=teller.by)
    for row in rows:
        if row.text in texts and row.id in found and found[row.id].kind == "recorded":
            banking.match_line(row.id, by=teller.by, at=now)


def shouted(name: str) -> str:
    """A name as banks write it."""
    folded = name.replace("ß", "ss").upper()
    for letter, plain in {"Ä": "AE", "Ö": "O", "Ü": "U", "É": "E", "È": "E", "Ç": "C"}.items():
        folded = folded.replace(letter, plain)
    return folded[:35]


def amount_of(minor: int) -> Decimal:
    """Euro and cents."""
    return Money(minor, "EUR").amount


def table(teller: Teller, lines: Iterable[Line], opening: Decimal) -> bytes:
    """The lines as the bank's CSV, with the balance after each."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(HEADS)
    balance = opening
    for day, name, text, amount, original, currency in lines:
        balance += amount
        on = teller.day(day).strftime("%d.%m.%Y")
        writer.writerow((on, name, "", text, amount, balance, original, currency))
    return out.getvalue().encode()
