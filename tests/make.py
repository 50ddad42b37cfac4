"""Builders: everything a test needs is made through the public operations of the rooms."""

import itertools
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from guilder.kernel.actor import Actor
from tests.uncounted import repeated

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
_counter = itertools.count(1)


@dataclass(frozen=True)
class World:
    """Two organizations and three people; the other organization is there when it is asked for."""

    mark: str
    country: str
    currency: str
    alice: Actor  # admin
    bob: Actor  # agent of the same organization
    password: str = PASSWORD

    @property
    def organization(self) -> UUID:
        return self.alice.organization_id

    @property
    def other(self) -> UUID:
        return self.mallory.organization_id

    @cached_property
    def mallory(self) -> Actor:
        """The admin of the other organization."""
        return neighbour(self.mark, country=self.country, currency=self.currency)

    @property
    def alice_email(self) -> str:
        return email_of("alice", self.mark)

    @property
    def bob_email(self) -> str:
        return email_of("bob", self.mark)

    @property
    def mallory_email(self) -> str:
        assert self.mallory
        return email_of("mallory", self.mark)


def make_world(*, country: str = "DE", currency: str = "EUR") -> World:
    """A fresh world; its books are open."""
    mark = f"{next(_counter)}-{UUID(int=_unique()).hex[:10]}"
    return peopled(mark, country=country, currency=currency)


@repeated
def peopled(mark: str, *, country: str, currency: str) -> World:
    """A world by its mark."""
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity import queries as identities

    alice = founder("alice", mark, country, currency)
    bob = identity.create_user(email=email_of("bob", mark), password=PASSWORD, name="Bob")
    identity.add_member(by=alice, user_id=bob.id, role="agent")
    colleague = identities.actor_for(bob.id, alice.organization_id, source="web")
    return World(mark, country, currency, alice=alice, bob=colleague)


@repeated
def neighbour(mark: str, *, country: str, currency: str) -> Actor:
    """The admin of one more organization, made where no transaction of the test sees it."""
    return apart(lambda: founder("mallory", mark, country, currency))


def founder(name: str, mark: str, country: str, currency: str) -> Actor:
    """Somebody new with an organization of her own, whose books are open."""
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity import queries as identities

    user = identity.create_user(email=email_of(name, mark), password=PASSWORD, name=name.title())
    organization = identity.create_organization(
        name=f"{name.title()} & Co {mark}",
        country=country,
        base_currency=currency,
        owner=user,
        time_zone="Europe/Berlin",
        language="en",
    )
    actor = identities.actor_for(user.id, organization.id, source="web")
    open_books(actor)
    return actor


def email_of(name: str, mark: str) -> str:
    """The mail address of a person of the world."""
    return f"{name}-{mark}@guilder.example"


def apart(make: Callable[[], Actor]) -> Actor:
    """What `make` makes, on a connection of its own: no transaction or count of a test's sees it."""
    from django.db import connections

    def work() -> Actor:
        try:
            return make()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def _unique() -> int:
    from guilder.foundation.tenancy.ids import uuid7

    return uuid7().int & ((1 << 128) - 1)


def somewhere() -> str:
    """An address on the network that nobody else has: what is counted by address starts at none."""
    return f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"


def open_books(by: Actor) -> None:
    """Series, taxes, accounts and the seller's profile, complete enough to issue."""
    from guilder.books.invoicing import operations as invoicing
    from guilder.registers.parties import operations as parties

    invoicing.open_books(by=by)
    parties.set_seller_profile(
        by=by,
        data={
            "line1": "Hafenstraße 7",
            "postal_code": "20457",
            "city": "Hamburg",
            "vat_id": "DE136695976",
            "iban": "DE89370400440532013000",
            "bic": "COBADEFFXXX",
            "email": "billing@northlight.example",
            "phone": "+49 40 123456",
            "contact_name": "Nora Licht",
        },
    )


@repeated
def client(by: Actor, **changes: Any) -> Any:
    """A German company as a customer."""
    from guilder.registers.parties import operations as parties

    data: dict[str, Any] = {
        "kind": "company",
        "name": f"Bar & Söhne GmbH {next(_counter)}",
        "email": "bar@example.test",
        "address": {
            "line1": "Ringstraße 1",
            "postal_code": "10115",
            "city": "Berlin",
            "country": "DE",
        },
    }
    return parties.create_partner(by=by, side="customer", data={**data, **changes}, at=NOW)


def line(**changes: Any) -> dict[str, Any]:
    """One raw line: an hour at 100.00 with the standard tax."""
    return {
        "description": "Work",
        "quantity": "1",
        "unit": "HUR",
        "unit_price": "100.00",
        "tax": "standard",
        **changes,
    }


@repeated
def draft(by: Actor, *, client_id: UUID | None = None, **changes: Any) -> Any:
    """A draft invoice over one hour: 119.00 EUR with German tax."""
    from guilder.books.invoicing import operations as invoicing

    data = {
        "client": str(client_id or client(by).id),
        "currency": "EUR",
        "lines": [line()],
        **changes,
    }
    return invoicing.create_draft(by=by, data=data, at=NOW)


@repeated
def issued_invoice(by: Actor, *, on: date = TODAY, **changes: Any) -> Any:
    """An issued invoice."""
    from guilder.books.invoicing import operations as invoicing

    return invoicing.issue_invoice(draft(by, **changes).id, by=by, at=NOW, on=on)


def payment(by: Actor, invoice: Any, amount: str, *, on: date = TODAY) -> Any:
    """A transfer of the client's that pays part or all of one invoice; decimal text."""
    from guilder.books.payments import operations as payments

    money = {"amount": amount, "currency": invoice.currency}
    data = {
        "client": str(invoice.partner_id),
        "amount": money,
        "received_on": on.isoformat(),
        "method": "bank_transfer",
        "allocations": [{"invoice": str(invoice.id), "amount": amount}],
    }
    return payments.record_payment(by=by, data=data, at=NOW)


@repeated
def supplier(by: Actor, **changes: Any) -> Any:
    """A German company as a supplier."""
    from guilder.registers.parties import operations as parties

    data: dict[str, Any] = {
        "kind": "company",
        "name": f"Papier Müller GmbH {next(_counter)}",
        "address": {
            "line1": "Werkstraße 3",
            "postal_code": "50667",
            "city": "Köln",
            "country": "DE",
        },
    }
    return parties.create_partner(by=by, side="supplier", data={**data, **changes}, at=NOW)


@repeated
def bill(
    by: Actor, supplier_id: UUID | None = None, *, booked: bool = False, **changes: Any
) -> Any:
    """A supplier's bill over one box: 119.00 EUR with German tax, a draft or booked."""
    from guilder.books.bills import operations as bills

    data = {
        "supplier": str(supplier_id or supplier(by).id),
        "number": f"R-{next(_counter)}",
        "issued_on": "2026-11-12",
        "currency": "EUR",
        "lines": [{"name": "Paper", "unit_price": "100.00", "tax": "standard"}],
        **changes,
    }
    made = bills.create_bill(by=by, data=data, at=NOW)
    return bills.book_bill(made.id, by=by, at=NOW) if booked else made


@repeated
def member(by: Actor, *, role: str) -> Actor:
    """One more person of the actor's organization, in a role."""
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity import queries as identities

    email = f"{role}-{UUID(int=_unique()).hex}@guilder.example"
    user = identity.create_user(email=email, password=PASSWORD, name=role.title())
    identity.add_member(by=by, user_id=user.id, role=role)
    return identities.actor_for(user.id, by.organization_id, source="web")
