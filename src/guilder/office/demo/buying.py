"""What the firm of the demo buys: its suppliers, their bills, and papers that wait."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from guilder.books.bills import operations as bills
from guilder.books.ledger import queries as ledger
from guilder.books.payments import operations as payments
from guilder.flows.intake import operations as intake
from guilder.kernel.document import (
    Address,
    Contact,
    CreditTransfer,
    Document,
    Identifier,
    Item,
    Kind,
    Line,
    Party,
    PaymentMeans,
    Price,
    Tax,
)
from guilder.kernel.totals import calculate
from guilder.office.demo import cast
from guilder.office.demo.teller import Teller
from guilder.papers.exchange.formats.writing import write
from guilder.registers.parties import operations as parties


@dataclass(frozen=True, slots=True)
class Supplier:
    """Whom the firm buys from."""

    key: str
    name: str
    vat: str
    iban: str
    city: str
    postal_code: str
    street: str


SUPPLIERS = (
    Supplier("paper", "Papierhaus Elbe GmbH", "DE999999018", "DE02120300000000202051",
             "Hamburg", "22767", "Grosse Elbstrasse 41"),
    Supplier("cloud", "Alsterhost AG", "DE999999026", "DE02500105170137075030",
             "Hamburg", "20354", "Jungfernstieg 7"),
    Supplier("office", "Kontor 14 Vermietung GmbH", "DE999999034", "DE88100900001234567892",
             "Hamburg", "20457", "Speicherstrasse 14"),
)  # fmt: skip
# key, number, day of the plan, days to pay, what, net, account of the chart, what became of it
BILLS = (
    ("office", "2026-0091", -61, 14, "Rent of the studio", "1450.00", "4210", "paid"),
    ("office", "2026-0102", -31, 14, "Rent of the studio", "1450.00", "4210", "paid"),
    ("cloud", "AH-55120", -40, 30, "Hosting and backup", "249.00", "4806", "paid"),
    ("cloud", "AH-55873", -35, 30, "Hosting and backup", "249.00", "4806", "booked"),
    ("paper", "PE 4471", -18, 30, "Large format prints", "612.40", "3100", "booked"),
    ("office", "2026-0113", -1, 14, "Rent of the studio", "1450.00", "4210", "draft"),
)
STRANGER = Supplier("lens", "Objektivwerk Lübeck GmbH", "DE999999042", "DE27100777770209299700",
                    "Lübeck", "23552", "An der Untertrave 8")  # fmt: skip


def tell_bills(teller: Teller) -> None:
    """The suppliers, their bills, and two papers that wait for somebody."""
    made = {one.key: supplier(one, teller) for one in SUPPLIERS}
    accounts = usual_accounts(teller)
    for key, number, day, days, what, net, account, became in BILLS:
        at = teller.moment(day, hours=2)
        data = {
            "supplier": str(made[key]),
            "number": number,
            "issued_on": teller.day(day).isoformat(),
            "due_on": teller.day(day + days).isoformat(),
            "iban": next(one.iban for one in SUPPLIERS if one.key == key),
            "lines": [
                {"name": what, "unit_price": net, "tax": "standard", "account": accounts[account]}
            ],
        }
        row = bills.create_bill(by=teller.by, data=data, at=at)
        if became != "draft":
            bills.book_bill(row.id, by=teller.by, at=at)
        if became == "paid":
            pay(row.id, day + days - 2, teller)
    receive(SUPPLIERS[0], "PE 4532", -2, "Prints for the autumn fair", "388.00", teller)
    receive(STRANGER, "OL-2071", -1, "Lens, 35 mm", "742.50", teller)


def supplier(one: Supplier, teller: Teller) -> Any:
    """The id of a supplier, taken in long ago."""
    data = {
        "kind": "company",
        "name": one.name,
        "address": {
            "line1": one.street,
            "postal_code": one.postal_code,
            "city": one.city,
            "country": "DE",
        },
        "tax_ids": [{"scheme": "vat", "value": one.vat}],
        "bank_accounts": [{"iban": one.iban}],
    }
    at = teller.moment(-70)
    return parties.create_partner(by=teller.by, side="supplier", data=data, at=at).id


def usual_accounts(teller: Teller) -> dict[str, str]:
    """Code → id of the accounts of the chart."""
    chart = ledger.list_accounts(teller.by.organization_id)
    return {one.code: str(one.id) for one in chart}


def pay(bill_id: Any, day: int, teller: Teller) -> None:
    """By the firm's card, so that the bank's statements stay as they are."""
    payments.pay_bills(
        by=teller.by,
        data={
            "bills": [{"bill": str(bill_id)}],
            "paid_on": teller.day(day).isoformat(),
            "method": "card",
        },
        at=teller.moment(day, hours=3),
    )


def receive(one: Supplier, number: str, day: int, what: str, net: str, teller: Teller) -> None:
    """An e-invoice comes in and waits."""
    paper = paper_of(one, number, teller.day(day), teller.day(day + 14), what, net)
    intake.receive(
        write(paper, "xrechnung-ubl"),
        name=f"{number.replace(' ', '-')}.xml",
        channel="mail",
        sender=f"rechnung@{one.key}.example",
        by=teller.by,
        at=teller.moment(day, hours=1),
    )


def paper_of(
    one: Supplier, number: str, issued_on: date, due_on: date, what: str, net: str
) -> Document:
    """An invoice to the firm, as its supplier wrote it."""
    profile = cast.PROFILE
    endpoint = Identifier(f"rechnung@{one.key}.example", "EM")
    return calculate(
        Document(
            kind=Kind.INVOICE,
            currency="EUR",
            number=number,
            issued_on=issued_on,
            due_on=due_on,
            buyer_reference="Studio",
            seller=Party(
                name=one.name,
                vat_id=one.vat,
                endpoint=endpoint,
                address=Address(
                    line1=one.street, postal_code=one.postal_code, city=one.city, country="DE"
                ),
                contact=Contact(name="Buchhaltung", phone="+49 40 5550 100", email=endpoint.value),
            ),
            buyer=Party(
                name=str(profile["legal_name"]),
                vat_id=str(profile["vat_id"]),
                endpoint=Identifier(str(profile["email"]), "EM"),
                address=Address(
                    line1=str(profile["line1"]),
                    postal_code=str(profile["postal_code"]),
                    city=str(profile["city"]),
                    country="DE",
                ),
            ),
            lines=(
                Line(
                    id="1",
                    item=Item(name=what),
                    quantity=Decimal(1),
                    unit="C62",
                    price=Price(amount=Decimal(net)),
                    tax=Tax(category="S", rate=Decimal(19)),
                ),
            ),
            payment=(PaymentMeans(code="58", transfers=(CreditTransfer(account=one.iban),)),),
        )
    )
