"""Making the demo organization; deleting it whole is in deleting.py."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction as database

from guilder.books.invoicing import operations as invoicing
from guilder.foundation.events import bus
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.models import User
from guilder.foundation.identity.permissions import ADMIN
from guilder.foundation.tenancy import story
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict
from guilder.kernel.money import Money
from guilder.office.demo import calc, cast, queries
from guilder.office.demo.deleting import NotADemo, delete_demo
from guilder.office.demo.events import DemoAsked
from guilder.office.demo.teller import ZONE, Teller
from guilder.office.demo.telling import tell
from guilder.registers.catalogue import operations as catalogue
from guilder.registers.currencies import operations as currencies
from guilder.registers.parties import operations as parties

__all__ = (
    "DemoIsThere",
    "NotADemo",
    "ask_for_demo",
    "delete_demo",
    "make_demo",
    "show_demo",
    "steps",
)


class DemoIsThere(Conflict):
    """There is a demo already."""

    code = "demo.is_there"


def make_demo(
    *, at: datetime, progress: Callable[[], Any] = lambda: None, owner: User | None = None
) -> UUID:
    """Make the demo as of the instant `at`, all of it or nothing; gives the organization's id.

    It belongs to `owner`, else to the user of the handbook. `progress` is called after each of
    `steps()` steps. Raises DemoIsThere.
    """
    if queries.demo_organization() is not None:
        raise DemoIsThere("The demo is there already. --reset makes it anew.")
    with database.atomic(), story.told():
        story.turn_to(at + timedelta(days=calc.FIRST_DAY))
        holder: User = owner or identities.user_by_email(cast.EMAIL) or demo_user()
        organization = identity.create_organization(
            name=cast.ORGANIZATION,
            country="DE",
            base_currency="EUR",
            owner=holder,
            time_zone=str(ZONE),
            language="en",
            is_demo=True,
        )
        with transaction(organization.id):
            by = identities.actor_for(holder.id, organization.id, source="system")
            teller = Teller(by=by, now=at, progress=progress)
            furnish(teller)
            tell(teller)
    return organization.id


def ask_for_demo(*, by: Actor) -> None:
    """Have the demo made and shown to the actor, by a worker; they are one of its admins then."""
    by.require("settings.edit")
    if by.user_id is not None:
        bus.publish(DemoAsked(user_id=by.user_id), by=by)


def show_demo(user_id: UUID, *, at: datetime) -> UUID:
    """The demo organization with the user as an admin of it, made where it is not there yet."""
    found = queries.demo_organization()
    if found is None:
        return make_demo(at=at, owner=identities.get_user(user_id))
    identity.add_member(by=identity.system_actor(found), user_id=user_id, role=ADMIN)
    return found


def demo_user() -> User:
    """The user that the handbook names. Its password is in the handbook too and breaks the rules
    for passwords, so it opens nothing but the demo, and that on this machine only."""
    user = identity.create_user(email=cast.EMAIL, password=None, name="Ida Brandt", language="en")
    user.set_password(cast.PASSWORD)
    user.save(update_fields=["password"])
    return user


def steps() -> int:
    """How many times make_demo calls its `progress`."""
    return len(calc.sales())


def furnish(teller: Teller) -> None:
    """Books, profile, people, rates, items and clients."""
    by = teller.by
    invoicing.open_books(by=by)
    parties.set_seller_profile(by=by, data=cast.PROFILE)
    for name, email, role in cast.COLLEAGUES:
        user = identities.user_by_email(email) or identity.create_user(
            email=email, password=None, name=name
        )
        identity.add_member(by=by, user_id=user.id, role=role)
        teller.people[name] = user.id
    for currency, base in cast.RATES.items():
        for offset in range(calc.FIRST_DAY - 7, 1, 7):
            rate = calc.rate(base, offset)
            told = {"base": currency, "quote": "EUR", "rate": rate, "source": cast.SOURCE}
            currencies.add_rate(by=by, data={**told, "on": teller.day(offset).isoformat()})
    first = teller.moment(calc.FIRST_DAY)
    for good in (*cast.SERVICES, *cast.GOODS):
        teller.items[good.code] = catalogue.create_item(by=by, data=item_data(good), at=first).id
    for who in cast.CLIENTS:
        made = parties.create_partner(by=by, side="customer", data=client_data(who), at=first)
        teller.clients[who.key] = made.id


def item_data(good: cast.Good) -> dict[str, Any]:
    """The raw values of an item, priced in every currency of the demo."""
    prices = [{"currency": "EUR", "amount": good.price}]
    for currency, rate in cast.RATES.items():
        converted = Money.rounded(Money.of(good.price, "EUR").amount / calc.Decimal(rate), currency)
        prices.append({"currency": currency, "amount": str(converted)})
    return {
        "code": good.code,
        "name": good.name,
        "description": good.description,
        "kind": good.kind,
        "unit": good.unit,
        "tax": good.tax,
        "prices": prices,
    }


def client_data(who: cast.Client) -> dict[str, Any]:
    """The raw values of a client."""
    email = f"{who.key}@{who.key}.example"
    return {
        "kind": who.kind,
        "name": who.name,
        "email": email,
        "language": who.language,
        "currency": who.currency,
        "terms": {"due": {"days": who.days}},
        "address": {
            "line1": who.line1,
            "postal_code": who.postal_code,
            "city": who.city,
            "country": who.country,
        },
        "contacts": [{"name": who.contact, "email": email, "is_primary": True}],
        "tax_ids": [{"scheme": "vat", "value": who.vat_id}] if who.vat_id else [],
    }
