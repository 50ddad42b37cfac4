"""Random books: a year of invoices, notes, deposits, payments and their undoing, by operations."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from guilder.books.invoicing import operations as invoicing
from guilder.books.payments import operations as payments
from guilder.kernel.actor import Actor
from guilder.registers.catalogue import operations as catalogue
from guilder.registers.currencies import operations as currencies
from tests import make

FIRST_DAY = date(2026, 1, 5)
DAYS = 300
CURRENCIES = ("EUR", "EUR", "EUR", "USD", "JPY")
RATES = {"USD": "0.8765432", "JPY": "0.0061731"}
TAXES = ("standard", "standard", "reduced", "zero", "export")


def at(day: date) -> datetime:
    """Ten in the morning."""
    return datetime.combine(day, time(10), tzinfo=UTC)


class Books:
    """A year, made by chance from a seed."""

    def __init__(self, by: Actor, *, seed: int, count: int = 45) -> None:
        self.by = by
        self.chance = random.Random(seed)
        self.clients = [make.client(by, name=f"Client {n}") for n in range(5)]
        self.items = [
            catalogue.create_item(
                by=by,
                data={"name": f"Item {n}", "code": f"I{n}", "kind": "service", "unit": "HUR"},
                at=at(FIRST_DAY),
            )
            for n in range(3)
        ]
        self.invoices: list[Any] = []
        self.payments: list[Any] = []
        for day in self.days(count):
            self.act(day)

    def days(self, count: int) -> Iterator[date]:
        """Days in their order, since numbers run with dates."""
        chosen = sorted(self.chance.randrange(DAYS) for _ in range(count))
        for number in chosen:
            yield FIRST_DAY + timedelta(days=number)

    def act(self, day: date) -> None:
        """One thing happens, mostly an invoice and then a payment."""
        for currency, rate in RATES.items():
            data = {"base": currency, "quote": "EUR", "on": day.isoformat(), "rate": rate}
            currencies.add_rate(by=self.by, data=data)
        self.issue(day)
        if self.invoices and self.chance.random() < 0.7:
            self.pay(day)
        for chance, deed in ((0.2, self.credit), (0.1, self.write_off), (0.15, self.reverse)):
            if self.chance.random() < chance:
                deed(day)

    def issue(self, day: date) -> None:
        """An invoice or a deposit over one to three lines."""
        currency = self.chance.choice(CURRENCIES)
        lines = [
            make.line(
                quantity=str(self.chance.randrange(1, 9)),
                unit_price=str(self.chance.randrange(50, 900))
                if currency == "JPY"
                else f"{self.chance.randrange(100, 90000) / 100:.2f}",
                tax=self.chance.choice(TAXES),
                **self.item(),
            )
            for _ in range(self.chance.randrange(1, 4))
        ]
        due = (day + timedelta(days=self.chance.choice((0, 14, 30)))).isoformat()
        data = {
            "client": str(self.chance.choice(self.clients).id),
            "currency": currency,
            "kind": "deposit" if self.chance.random() < 0.1 else "invoice",
            "lines": lines,
            "due_on": due,
        }
        draft = invoicing.create_draft(by=self.by, data=data, at=at(day))
        self.invoices.append(invoicing.issue_invoice(draft.id, by=self.by, at=at(day), on=day))

    def item(self) -> dict[str, str]:
        """An item, or free text."""
        if self.chance.random() < 0.3:
            return {}
        return {"item": str(self.chance.choice(self.items).id)}

    def now(self, invoice_id: UUID) -> Any:
        """An invoice as it stands."""
        from guilder.books.invoicing import queries

        return queries.get_invoice(invoice_id, by=self.by)

    def pay(self, day: date) -> None:
        """All or a part of something that is open, sometimes a little more."""
        invoice = self.now(self.chance.choice(self.invoices).id)
        if not invoice.open_amount:
            return
        part = self.chance.choice((invoice.open_amount, invoice.open_amount // 2 or 1))
        extra = 100 if self.chance.random() < 0.2 else 0
        amount = str(invoice.money(part + extra))
        data = {
            "client": str(invoice.partner_id),
            "amount": {"amount": amount, "currency": invoice.currency},
            "received_on": day.isoformat(),
            "method": self.chance.choice(("bank_transfer", "cash")),
            "allocations": [{"invoice": str(invoice.id), "amount": str(invoice.money(part))}],
        }
        self.payments.append(payments.record_payment(by=self.by, data=data, at=at(day)))

    def credit(self, day: date) -> None:
        """A credit note over the first line of something."""
        invoice = self.now(self.chance.choice(self.invoices).id)
        if invoice.kind == "invoice" and not invoice.credited_amount:
            invoicing.credit_invoice(
                invoice.id, by=self.by, at=at(day), on=day, lines=[{"line": 1}], reason="Returned"
            )

    def write_off(self, day: date) -> None:
        """Something is given up."""
        invoice = self.now(self.chance.choice(self.invoices).id)
        if invoice.open_amount:
            invoicing.write_off(invoice.id, by=self.by, on=day, at=at(day), reason="Gone")

    def reverse(self, day: date) -> None:
        """A payment bounces."""
        if self.payments:
            payment = self.payments.pop(self.chance.randrange(len(self.payments)))
            payments.reverse_payment(payment.id, by=self.by, on=day, at=at(day), reason="Bounced")
