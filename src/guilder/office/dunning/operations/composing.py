"""What a letter says: which invoices, how much interest, which costs. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money
from guilder.office.dunning import calc
from guilder.office.dunning.calc import Grown, NoRate, Principal, Rate, Statute
from guilder.office.dunning.queries.due import Due, list_due
from guilder.office.dunning.queries.rates import typed_rates
from guilder.registers.parties import queries as parties
from guilder.registers.parties.queries import InvoicingContext

ONE_DAY = timedelta(days=1)
MOST_IN_A_LETTER = 60
# What lowered an open amount, and on which day; reversed parts never did.
LOWERED = """
SELECT m.invoice_id, m.day, m.amount FROM (
  SELECT a.invoice_id, p.received_on AS day, a.amount FROM payments_allocation a
  JOIN payments_payment p ON p.organization_id = a.organization_id AND p.id = a.payment_id
  WHERE a.organization_id = %(organization)s::uuid AND a.is_active
    AND a.invoice_id = ANY(%(ids)s::uuid[])
  UNION ALL
  SELECT c.invoice_id, c.allocated_on, c.amount FROM invoicing_creditallocation c
  WHERE c.organization_id = %(organization)s::uuid AND c.is_active
    AND c.invoice_id = ANY(%(ids)s::uuid[])
  UNION ALL
  SELECT w.invoice_id, w.written_off_on, w.amount FROM invoicing_writeoff w
  WHERE w.organization_id = %(organization)s::uuid AND w.invoice_id = ANY(%(ids)s::uuid[])
) m ORDER BY m.invoice_id, m.day
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter as it would go out on a day. `no_rate_from`: interest is due but its rate unknown
    from then on, so none is asked."""

    partner_id: UUID
    partner_name: str
    currency: str
    made_on: date
    pay_by_on: date
    level: int
    tone: str
    channel: str
    language: str
    rows: tuple[Due, ...]
    interest_of: Mapping[UUID, Grown] = field(default_factory=dict)
    fee: int = 0
    lump: int = 0
    law: str = ""
    no_rate_from: date | None = None
    waits: bool = False
    email: str = ""

    @property
    def open(self) -> Money:
        """What is open of its invoices."""
        return Money(sum(one.open_amount for one in self.rows), self.currency)

    @property
    def interest(self) -> Money:
        """The interest on all of them."""
        return Money(sum(one.amount.minor for one in self.interest_of.values()), self.currency)

    @property
    def total(self) -> Money:
        """Everything that it asks for."""
        return self.open + self.interest + Money(self.fee + self.lump, self.currency)

    @property
    def invoice_ids(self) -> list[UUID]:
        """The invoices that it is about."""
        return [one.invoice_id for one in self.rows]


def compose_letters(
    *,
    by: Actor,
    on: date,
    invoice_ids: Sequence[UUID] | None = None,
    partner_id: UUID | None = None,
    waits: bool | None = None,
    most: int = 1000,
) -> list[Letter]:
    """The letters of a day: one for each client and currency where their ladder is collective, else
    one for each invoice. Nothing is stored."""
    by.require("reminder.view")
    with transaction(by.organization_id):
        found = list_due(
            by=by, on=on, invoice_ids=invoice_ids, partner_id=partner_id, waits=waits, most=most
        )
        paid = lowered([one.invoice_id for one in found], by=by)
        return [letter_of(rows, paid, by=by, on=on) for rows in grouped(found)]


def grouped(found: Sequence[Due]) -> list[list[Due]]:
    """What goes into one letter."""

    def mark(one: Due) -> tuple[str, ...]:
        alone = "" if one.is_collective else str(one.invoice_id)
        notice = "notice" if one.tone == "notice" else ""
        return str(one.partner_id), one.currency, str(one.waits), notice, alone

    ordered = sorted(found, key=lambda one: (one.partner_name, mark(one), one.due_on, one.number))
    groups = [list(rows) for _mark, rows in groupby(ordered, key=mark)]
    return [
        rows[start : start + MOST_IN_A_LETTER]
        for rows in groups
        for start in range(0, len(rows), MOST_IN_A_LETTER)
    ]


def lowered(invoice_ids: Sequence[UUID], *, by: Actor) -> dict[UUID, list[tuple[date, int]]]:
    """What lowered each of some invoices, day by day; inside a transaction."""
    found: dict[UUID, list[tuple[date, int]]] = {}
    if invoice_ids:
        values = {"organization": by.organization_id, "ids": list(invoice_ids)}
        for invoice_id, day, amount in cursor(binary=True).execute(LOWERED, values):
            found.setdefault(invoice_id, []).append((day, amount))
    return found


def letter_of(
    rows: Sequence[Due],
    paid: Mapping[UUID, list[tuple[date, int]]],
    *,
    by: Actor,
    on: date,
) -> Letter:
    """One letter; its tone, time and fee are those of its highest step."""
    top = max(rows, key=lambda one: one.level)
    context = parties.invoicing_context(by.organization_id, top.partner_id)
    statute = calc.statute_of(context.country, is_business=context.partner_is_business, on=on)
    grown, missing = grown_of(rows, paid, statute, by=by, on=on)
    lump = 0
    if statute is not None and top.interest == "statutory":
        debts = [one.open_amount for one in rows if one.with_lump_sum]
        lump = calc.lump_sum(statute, debts, currency=top.currency)
    asks = lump or any(one.amount for one in grown.values())
    late = top.tone != "notice"
    return Letter(
        partner_id=top.partner_id,
        partner_name=top.partner_name,
        currency=top.currency,
        made_on=on,
        pay_by_on=on + timedelta(days=top.pay_within) if late else max(x.due_on for x in rows),
        level=top.level,
        tone=top.tone,
        channel=channel_of(top, context),
        language=context.language,
        rows=tuple(rows),
        interest_of=grown,
        fee=top.fee_amount if top.currency == context.base_currency else 0,
        lump=lump,
        law=law_of(top, statute) if asks else "",
        no_rate_from=missing,
        waits=top.waits,
        email=context.buyer.contact.email,
    )


def law_of(top: Due, statute: Statute | None) -> str:
    """By what law more is asked; "" where it is by contract."""
    return statute.law if statute is not None and top.interest == "statutory" else ""


def channel_of(top: Due, context: InvoicingContext) -> str:
    """Who has no mail address gets a letter, which a person prints and posts."""
    if context.buyer.contact.email:
        return top.channel
    return "letter"


def grown_of(
    rows: Sequence[Due],
    paid: Mapping[UUID, list[tuple[date, int]]],
    statute: Statute | None,
    *,
    by: Actor,
    on: date,
) -> tuple[dict[UUID, Grown], date | None]:
    """The interest of each invoice that is to bear it, and from when its rate is unknown."""
    wanted = [one for one in rows if one.with_interest and on > one.due_on]
    rates = rates_for(wanted[0], statute, by=by) if wanted else []
    if not rates:
        return {}, None
    try:
        return {
            one.invoice_id: calc.interest(
                principal_of(one, paid.get(one.invoice_id, [])),
                rates,
                start_on=one.due_on + ONE_DAY,
                end_on=on,
                currency=one.currency,
                year_days=statute.year_days if statute is not None else 365,
            )
            for one in wanted
        }, None
    except NoRate as error:
        return {}, error.on


def rates_for(one: Due, statute: Statute | None, *, by: Actor) -> list[Rate]:
    """By contract, by law, or none."""
    if one.interest == "contract" and one.contract_percent:
        return [Rate(date.min, Decimal(one.contract_percent))]
    if one.interest != "statutory" or statute is None:
        return []
    typed = typed_rates(by.organization_id, statute.reference) if statute.reference else []
    return calc.rates_of(statute, typed) or [Rate(date.min, None)]


def principal_of(one: Due, paid: Sequence[tuple[date, int]]) -> list[Principal]:
    """What was owed of an invoice day by day; what was paid counts from its day on."""
    owed = one.open_amount + sum(amount for _day, amount in paid)
    found = [Principal(date.min, owed)]
    for day, amount in paid:
        owed -= amount
        found.append(Principal(day, owed))
    return found
