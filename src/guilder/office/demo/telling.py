"""The fourteen months of the demo, told by the rooms' operations in the order of their days."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from guilder.books.invoicing import operations as invoicing
from guilder.books.payments import operations as payments
from guilder.foundation.events import bus
from guilder.kernel.money import Money
from guilder.office.demo import calc
from guilder.office.demo.agreeing import tell_agreements
from guilder.office.demo.banking import tell_bank
from guilder.office.demo.buying import tell_bills
from guilder.office.demo.cast import REMARKS, VIEWS
from guilder.office.demo.events import DemoMade
from guilder.office.demo.teller import Teller

MAILS_SINCE = -80  # days: older ones would only make the outbox long


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
    tell_bank(teller)
    tell_bills(teller)
    tell_agreements(teller)
    talk(teller)


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
        invoicing.mark_sent(invoice_id, by=by, at=teller.moment(one.day, minutes=28))
    if one.viewed is not None:
        seen = teller.moment(one.viewed, hours=1, minutes=12)
        invoicing.mark_viewed(invoice_id, by=teller.client(one.client), at=seen)
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
        at=teller.moment(paid.day, hours=1, minutes=1),
    )


# Some sales of the past that went otherwise


FINAL_OF_DEPOSIT = 160


def overpaid(teller: Teller, one: calc.Sale) -> None:
    """The client rounds up; the rest stays unallocated."""
    pay(teller, one, one.payments[0], extra="50.00")


def gave_back(teller: Teller, one: calc.Sale) -> None:
    """The client paid a visit twice, and got it back."""
    too_much = "340.00"
    paid = pay(teller, one, one.payments[0], extra=too_much)
    day = one.payments[0].day + 4
    payments.request_refund(
        by=teller.by,
        data={
            "payment": str(paid.id),
            "amount": {"amount": too_much, "currency": paid.currency},
            "refunded_on": teller.day(day).isoformat(),
            "reason": "One site visit was paid twice",
        },
        at=teller.moment(day),
    )


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
    135: gave_back,
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
        later, theirs = teller.moment(day + 9), teller.client(client)
        if fate == "decline":
            invoicing.decline_quote(
                quote.id, by=theirs, at=later, reason="The budget is for next year"
            )
        elif fate == "accept":
            invoicing.accept_quote(quote.id, by=theirs, at=later, name="Mia Rosenthal")
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


def talk(teller: Teller) -> None:
    """What clients ask, what colleagues say about it, and what became of the mails."""
    by, made = teller.by, teller.made
    asked = {
        "text": "Could you split this over two cost centres, 4100 and 4200?",
        "name": "Marc Favre",
        "email": "lac@lac.example",
    }
    teller.moment(-1, hours=5)
    invoicing.ask_question(made[172].id, by=teller.client("lac"), data=asked)
    teller.moment(0, hours=1)
    bus.publish(
        DemoMade(
            owner_id=cast("UUID", by.user_id),
            remarks=[teller.remark(*one) for one in REMARKS],
            views=list(VIEWS),
            mails=[teller.mail(one) for one in calc.sales() if one.sent and one.day > MAILS_SINCE],
        ),
        by=by,
    )
