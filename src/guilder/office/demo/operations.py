"""Making the demo organization; deleting it whole is in deleting.py."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction as database

from guilder.books.invoicing import operations as invoicing
from guilder.books.payments import operations as payments
from guilder.foundation.events import bus
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.models import User
from guilder.foundation.identity.permissions import ADMIN
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict
from guilder.kernel.money import Money
from guilder.office.demo import calc, cast, queries
from guilder.office.demo.deleting import NotADemo, delete_demo
from guilder.office.demo.events import DemoAsked
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
ZONE = ZoneInfo("Europe/Berlin")
OFFICE_OPENS = time(9, 30)


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
    with database.atomic():
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


@dataclass(slots=True)
class Teller:
    """What the telling needs at hand."""

    by: Actor
    now: datetime
    progress: Callable[[], Any]
    clients: dict[str, UUID] = field(default_factory=dict)
    items: dict[str, UUID] = field(default_factory=dict)
    made: dict[int, Any] = field(default_factory=dict)  # place → InvoiceRecord

    @property
    def today(self) -> date:
        """The day of the demo."""
        return self.now.astimezone(ZONE).date()

    def day(self, offset: int) -> date:
        """The date of a day of the plan."""
        return self.today + timedelta(days=offset)

    def moment(self, offset: int, *, hours: int = 0) -> datetime:
        """An instant of a day of the plan, never after now."""
        opens = datetime.combine(self.day(offset), OFFICE_OPENS, ZONE)
        return min(opens + timedelta(hours=hours), self.now)

    def wire(self, client: str, lines: tuple[calc.PlannedLine, ...], **more: Any) -> dict[str, Any]:
        """The raw values of a draft."""
        who = next(one for one in cast.CLIENTS if one.key == client)
        return {
            "client": str(self.clients[client]),
            "currency": who.currency,
            "lines": [self.line(one) for one in lines],
            **more,
        }

    def line(self, one: calc.PlannedLine) -> dict[str, Any]:
        """The raw values of a line."""
        if one.item:
            return {"item": str(self.items[one.item]), "quantity": one.quantity}
        return {
            "description": one.text,
            "quantity": one.quantity,
            "unit": one.unit,
            "unit_price": one.price,
        }


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


def tell(teller: Teller) -> None:
    """The fourteen months, in the order of their days."""
    for one in calc.sales():
        oddity = ODDITIES.get(one.place)
        if one.place == FINAL_OF_DEPOSIT:
            sell_after_deposit(teller, one)
        else:
            sell(teller, one)
        if oddity is not None:
            oddity(teller, one)
        elif one.payments:
            for paid in one.payments:
                pay(teller, one, paid)
        teller.progress()
    offer(teller)
    leave_drafts(teller)


def sell(teller: Teller, one: calc.Sale, **more: Any) -> None:
    """Issue one sale, and mark what happened to it."""
    if one.due is not None:
        more["due_on"] = teller.day(one.due).isoformat()
    at = teller.moment(one.day)
    teller.made[one.place] = invoicing.create_and_issue(
        by=teller.by, data=teller.wire(one.client, one.lines, **more), at=at, on=teller.day(one.day)
    )
    follow(teller, one)


def follow(teller: Teller, one: calc.Sale) -> None:
    """Sent, viewed, disputed, credited."""
    invoice_id, by = teller.made[one.place].id, teller.by
    if one.sent:
        invoicing.mark_sent(invoice_id, by=by, at=teller.moment(one.day))
    if one.viewed is not None:
        invoicing.mark_viewed(invoice_id, by=by, at=teller.moment(one.viewed, hours=1))
    if one.disputed is not None:
        invoicing.mark_disputed(invoice_id, by=by, at=teller.moment(one.disputed))
    if one.credited is not None:
        invoicing.credit_invoice(
            invoice_id,
            by=by,
            at=teller.moment(one.credited),
            on=teller.day(one.credited),
            reason="The visits were included in the project.",
        )


def pay(teller: Teller, one: calc.Sale, paid: calc.Paid, *, extra: str = "0") -> Any:
    """Record what came in for a sale; `extra` came in besides and stays the client's."""
    made = teller.made[one.place]
    amount = paid.amount or str(Money(made.open_amount, made.currency))
    whole = Money.of(amount, made.currency) + Money.of(extra, made.currency)
    return payments.record_payment(
        by=teller.by,
        data={
            "client": str(made.partner_id),
            "amount": {"amount": str(whole), "currency": made.currency},
            "received_on": teller.day(paid.day).isoformat(),
            "method": "bank_transfer" if one.place % 6 else "card",
            "reference": made.number,
            "allocations": [{"invoice": str(made.id), "amount": amount}],
        },
        at=teller.moment(paid.day, hours=1),
    )


# Some sales of the past that went otherwise


FINAL_OF_DEPOSIT = 160


def overpaid(teller: Teller, one: calc.Sale) -> None:
    """The client rounds up; the rest stays unallocated."""
    pay(teller, one, one.payments[0], extra="50.00")


def bounced(teller: Teller, one: calc.Sale) -> None:
    """A direct debit that came back, and the transfer a week later."""
    made = teller.made[one.place]
    first = pay(teller, one, one.payments[0])
    day = one.payments[0].day
    payments.reverse_payment(
        first.id,
        by=teller.by,
        on=teller.day(day + 3),
        at=teller.moment(day + 3),
        reason="Returned by the bank",
    )
    teller.made[one.place] = made
    pay(teller, one, calc.Paid(day + 7))


def given_up(teller: Teller, one: calc.Sale) -> None:
    """A few euro short, and not worth a letter."""
    made = teller.made[one.place]
    short = Money(made.open_amount - 280, made.currency)
    pay(teller, one, calc.Paid(one.payments[0].day, str(short)))
    day = one.payments[0].day + 5
    invoicing.write_off(
        made.id,
        by=teller.by,
        on=teller.day(day),
        at=teller.moment(day),
        reason="Bank charges of the client",
    )


def credited_in_part(teller: Teller, one: calc.Sale) -> None:
    """One line was too much; the rest is paid."""
    made = teller.made[one.place]
    credit = invoicing.credit_invoice(
        made.id,
        by=teller.by,
        at=teller.moment(one.day + 4),
        on=teller.day(one.day + 4),
        lines=[{"line": 1}],
        reason="Delivered without this item.",
    )
    rest = Money(made.open_amount - credit.allocated_amount, made.currency)
    pay(teller, one, calc.Paid(one.payments[0].day, str(rest)))


def charged_later(teller: Teller, one: calc.Sale) -> None:
    """A debit note over what was forgotten, paid with the invoice."""
    made = teller.made[one.place]
    forgotten = (calc.PlannedLine("2", text="Extra site visits", price="340.00"),)
    data = teller.wire(one.client, forgotten, kind="debit_note", corrects=str(made.id))
    note = invoicing.create_and_issue(
        by=teller.by, data=data, at=teller.moment(one.day + 2), on=teller.day(one.day + 2)
    )
    pay(teller, one, one.payments[0])
    teller.made[one.place] = note
    pay(teller, one, one.payments[0])
    teller.made[one.place] = made


ODDITIES: dict[int, Callable[[Teller, calc.Sale], None]] = {
    64: charged_later,
    88: given_up,
    97: bounced,
    110: overpaid,
    120: credited_in_part,
}


def sell_after_deposit(teller: Teller, one: calc.Sale) -> None:
    """A deposit five weeks before, paid at once, and the final invoice that deducts it."""
    lines = (calc.PlannedLine("1", text="Deposit for the project", price="500.00", unit="LS"),)
    before = one.day - 35
    deposit = invoicing.create_and_issue(
        by=teller.by,
        data=teller.wire(one.client, lines, kind="deposit"),
        at=teller.moment(before),
        on=teller.day(before),
    )
    teller.made[one.place] = deposit
    pay(teller, one, calc.Paid(before + 6))
    sell(teller, one, deducts=[str(deposit.id)])


def offer(teller: Teller) -> None:
    """Quotes in every state, and a pro forma."""
    by = teller.by
    planned = (
        ("sonnhang", -70, -40, "4800.00", "cellar", "decline"),
        ("juniper", -60, -30, "7350.00", "bar", "let it expire"),
        ("rosenthal", -33, -3, "12600.00", "second hall", "accept"),
        ("lac", -12, 18, "28400.00", "winter garden", "wait"),
        ("oresund", -1, 29, "96000.00", "control tower", "draft"),
    )
    for client, day, until, net, subject, fate in planned:
        lines = calc.project(net, hours=20, price="128.00", subject=subject)
        data = teller.wire(client, lines, valid_until=teller.day(until).isoformat())
        quote = invoicing.create_quote(by=by, data=data, at=teller.moment(day))
        if fate == "draft":
            continue
        invoicing.send_quote(quote.id, by=by, at=teller.moment(day), on=teller.day(day))
        later = teller.moment(day + 9)
        if fate == "decline":
            invoicing.decline_quote(quote.id, by=by, at=later, reason="The budget is for next year")
        elif fate == "accept":
            invoicing.accept_quote(quote.id, by=by, at=later, name="Mia Rosenthal")
    advance = (calc.PlannedLine("6", item="2001"), calc.PlannedLine("12", item="2003"))
    invoicing.create_and_issue(
        by=by,
        data=teller.wire("sonnhang", advance, kind="pro_forma"),
        at=teller.moment(-16),
        on=teller.day(-16),
    )


def leave_drafts(teller: Teller) -> None:
    """Three drafts that wait, the last one the invoice of the editor's picture."""
    market = calc.project("11940.00", hours=40, price="128.00", subject="cold store")
    shelf = (calc.PlannedLine("1", text="Shelf lighting", price="2000.00", unit="LS"),)
    lobby = (
        calc.PlannedLine("1", text="Lighting concept and 3D study", price="6480.00", unit="LS"),
        calc.PlannedLine("64", item="1001"),
        calc.PlannedLine("14", item="2001"),
        calc.PlannedLine("40", item="2004"),
    )
    more = {
        "allowances": [{"percent": "3", "reason": "Discount"}],
        "period": {
            "start_on": teller.day(-39).isoformat(),
            "end_on": teller.day(-14).isoformat(),
        },
        "order_reference": "PO 4500 081 132",
        "notes": "Thank you for letting us light the Alpenglühn. Below is our work of the last"
        " four weeks.",
    }
    drafts = (("polder", market, {}), ("linden", shelf, {}), ("alpengluehn", lobby, more))
    for client, lines, extra in drafts:
        data = teller.wire(client, lines, **extra)
        invoicing.create_draft(by=teller.by, data=data, at=teller.moment(0))
