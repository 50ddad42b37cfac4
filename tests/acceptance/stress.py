"""An organization that strains every page: the longest names, the largest amounts, four currencies."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.acceptance.people import Firm, new_firm

# 80 characters each: German compounds, Finnish inflection, and a word that cannot be broken.
LONG = (
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "Lentokonesuihkuturbiinimoottoriapumekaanikkoaliupseerioppilaiden yhdistys ry Oyj",
    "Rheinisch-Westfälische Grundstücksverkehrsgenehmigungszuständigkeits-Verwaltungs",
    "The Incorporated and Chartered Company of Very Long Names, Unlimited, of Lutterw",
)
HUGE = "987654321098.76"  # twelve digits before the point
WIDE = {"EUR": "1", "USD": "0.92", "JPY": "0.0061", "KWD": "3.01"}


def strained() -> Firm:
    """The firm, with twelve invoices in four currencies, drafts, payments, quotes and items."""
    from guilder.books.invoicing import operations as invoicing
    from guilder.registers.currencies import operations as currencies

    firm = new_firm(LONG[0], language="de")
    at = datetime.now(UTC)
    today = at.date()
    for currency, rate in WIDE.items():
        for days in range(0, 65, 5) if currency != "EUR" else ():
            told = {"base": currency, "quote": "EUR", "rate": rate, "source": "manual"}
            on = (today - timedelta(days=days)).isoformat()
            currencies.add_rate(by=firm.by, data={**told, "on": on})
    clients = [_client(firm, name, at) for name in LONG]
    item = _item(firm, at)
    for place, (client, currency) in enumerate(zip(clients * 3, list(WIDE) * 3, strict=True)):
        on = today - timedelta(days=60 - 5 * place)
        lines = [_line(place), {"item": item, "quantity": "1000000.123456"}]
        data = {"client": client, "currency": currency, "lines": lines, "notes": LONG[1] * 4}
        then = at - timedelta(days=60 - 5 * place)
        made = invoicing.create_and_issue(by=firm.by, data=data, at=then, on=on)
        if place % 3 == 0:
            _pay(firm, made, on)
    wanted = {"client": clients[0], "currency": "EUR", "lines": [_line(1)] * 5}
    invoicing.create_draft(by=firm.by, data=wanted, at=at)
    invoicing.create_quote(by=firm.by, data=wanted, at=at)
    return firm


def _client(firm: Firm, name: str, at: datetime) -> str:
    from guilder.registers.parties import operations as parties

    assert len(name) == 80
    data = {
        "kind": "company",
        "name": name,
        "email": f"{'rechnungseingangsstelle-' * 2}buchhaltung@{'langername' * 4}.example",
        "address": {
            "line1": LONG[2],
            "postal_code": "DE-20457-0000",
            "city": "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
            "country": "DE",
        },
    }
    return str(parties.create_partner(by=firm.by, side="customer", data=data, at=at).id)


def _item(firm: Firm, at: datetime) -> str:
    from guilder.registers.catalogue import operations as catalogue

    data: dict[str, Any] = {
        "code": "KRAFTFAHRZEUGHAFTPFLICHT-000001",
        "name": LONG[1],
        "kind": "service",
        "unit": "HUR",
        "tax": "standard",
        "prices": [{"currency": currency, "amount": "0.001234"} for currency in WIDE],
    }
    return str(catalogue.create_item(by=firm.by, data=data, at=at).id)


def _line(place: int) -> dict[str, str]:
    price = HUGE if place % 2 else "999999999.99"
    return {
        "description": LONG[place % len(LONG)],
        "quantity": "1",
        "unit": "HUR",
        "unit_price": price,
        "tax": "standard",
    }


def _pay(firm: Firm, invoice: Any, on: Any) -> None:
    from guilder.books.payments import operations as payments

    part = {"amount": "123456", "currency": invoice.currency}
    data = {
        "client": str(invoice.partner_id),
        "amount": part,
        "received_on": on.isoformat(),
        "method": "bank_transfer",
        "reference": LONG[0],
        "allocations": [{"invoice": str(invoice.id), "amount": "1234"}],
    }
    payments.record_payment(by=firm.by, data=data, at=datetime.now(UTC))
