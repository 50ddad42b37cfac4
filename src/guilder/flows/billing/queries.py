"""Reading recurring invoices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guilder.flows.billing.calc import Rhythm
from guilder.flows.billing.models import RecurringInvoice
from guilder.flows.billing.proofs import PROOFS
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.registers.parties.queries import reach_of

COLUMNS = """r.id, r.name, r.partner_id, c.name, r.pattern, r.net_amount, r.gross_amount,
  r.currency, r.unit, r.every, r.first_on, r.last_on, r.most, r.in_advance, r.act, r.next_index,
  r.next_on, r.made_count, r.is_paused, r.problem, r.problem_at, r.created_by_id, r.created_at,
  r.updated_at, r.version"""
FROM = """FROM billing_recurringinvoice r
JOIN parties_partner c ON c.organization_id = r.organization_id AND c.id = r.partner_id
WHERE r.organization_id = %(organization)s::uuid
  AND guilder_sees(%(owner)s, %(drafts)s, r.created_by_id, r.partner_id, 'recorded')"""
RUNS = """
SELECT x.index, x.period_start_on, x.period_end_on, x.invoice_id, i.number, i.status, x.made_at
FROM billing_recurringrun x
LEFT JOIN invoicing_invoice i ON i.organization_id = x.organization_id AND i.id = x.invoice_id
WHERE x.organization_id = %(organization)s::uuid AND x.recurring_id = %(id)s::uuid
ORDER BY x.index DESC LIMIT %(most)s
"""
STATES = {
    "": "",
    "running": " AND r.next_on IS NOT NULL AND NOT r.is_paused",
    "paused": " AND r.next_on IS NOT NULL AND r.is_paused",
    "ended": " AND r.next_on IS NULL",
    "troubled": " AND r.problem <> ''",
}
SHOWN_DAYS = 3
SHOWN_RUNS = 24


class NoSuchRecurring(NotFound):
    """No recurring invoice of that id in this organization."""

    code = "recurring.not_found"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One period: the invoice that was made of it, or none where it was passed over."""

    index: int
    period_start_on: date
    period_end_on: date
    invoice_id: UUID | None
    number: str | None
    invoice_status: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class RecurringRecord:
    """A recurring invoice; amounts are of one period, in minor units of `currency`."""

    id: UUID
    name: str
    partner_id: UUID
    partner_name: str
    pattern: dict[str, Any]
    net_amount: int
    gross_amount: int
    currency: str
    unit: str
    every: int
    first_on: date
    last_on: date | None
    most: int | None
    in_advance: bool
    act: str
    next_index: int
    next_on: date | None
    made_count: int
    is_paused: bool
    problem: str
    problem_at: datetime | None
    created_by_id: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int
    runs: tuple[RunRecord, ...] = ()

    @property
    def rhythm(self) -> Rhythm:
        """When it is due."""
        return Rhythm(
            self.first_on, self.unit, self.every, self.last_on, self.most, self.in_advance
        )

    @property
    def next_days(self) -> list[date]:
        """The next three days on which it is invoiced."""
        return self.rhythm.next_days(self.next_index, count=SHOWN_DAYS)

    @property
    def status(self) -> str:
        """One word: ended, paused, troubled, running."""
        if self.next_on is None:
            return "ended"
        return "paused" if self.is_paused else "troubled" if self.problem else "running"


def get_recurring(recurring_id: UUID, *, by: Actor) -> RecurringRecord:
    """One recurring invoice with its newest periods; NoSuchRecurring."""
    by.require("invoice.view")
    values = {"organization": by.organization_id, "id": recurring_id, **reach_of(by)}
    with transaction(by.organization_id):
        ask = cursor(binary=True)
        row = ask.execute(f"SELECT {COLUMNS} {FROM} AND r.id = %(id)s::uuid", values).fetchone()
        if row is None:
            raise NoSuchRecurring("There is no such recurring invoice.")
        runs = ask.execute(
            RUNS,
            {"organization": by.organization_id, "id": recurring_id, "most": SHOWN_RUNS},
        ).fetchall()
    return RecurringRecord(*row, runs=tuple(RunRecord(*one) for one in runs))


def list_recurring(
    *,
    by: Actor,
    partner_id: UUID | None = None,
    state: str = "",
    q: str = "",
    limit: int = 50,
    after: UUID | None = None,
    before: UUID | None = None,
    ids: Sequence[UUID] = (),
    oldest_first: bool = False,
) -> list[RecurringRecord]:
    """A page, newest first (or oldest); `after` is the last id of the page before."""
    by.require("invoice.view")
    where, values = conditions(by, partner_id=partner_id, state=state, q=q, ids=ids)
    ascending = oldest_first or before is not None
    if after is not None:
        values["after"] = after
        where += f" AND r.id {'>' if oldest_first else '<'} %(after)s::uuid"
    if before is not None:
        values["before"] = before
        where += " AND r.id > %(before)s::uuid"
    way = "ASC" if ascending else "DESC"
    with transaction(by.organization_id):
        rows = cursor(binary=True).execute(
            f"SELECT {COLUMNS} {FROM}{where} ORDER BY r.id {way} LIMIT {int(limit)}", values
        )
        return [RecurringRecord(*row) for row in rows.fetchall()]


def conditions(
    by: Actor, *, partner_id: UUID | None, state: str, q: str, ids: Sequence[UUID]
) -> tuple[str, dict[str, Any]]:
    """What goes after FROM's WHERE, and what it all binds."""
    values: dict[str, Any] = {"organization": by.organization_id, **reach_of(by)}
    where = STATES[state]
    if partner_id is not None:
        values["partner"] = partner_id
        where += " AND r.partner_id = %(partner)s::uuid"
    if ids:
        values["ids"] = list(ids)
        where += " AND r.id = ANY(%(ids)s::uuid[])"
    for index, word in enumerate(q.split()[:5]):
        values[f"q{index}"] = "%" + word.replace("\\", "\\\\").replace("%", "\\%") + "%"
        where += f" AND (r.name ILIKE %(q{index})s OR c.name ILIKE %(q{index})s)"
    return where, values


def recurring_count(
    *, by: Actor, partner_id: UUID | None = None, state: str = "", q: str = "", cap: int
) -> int:
    """How many there are, at most cap + 1."""
    by.require("invoice.view")
    where, values = conditions(by, partner_id=partner_id, state=state, q=q, ids=())
    with transaction(by.organization_id):
        found = cursor().execute(
            f"SELECT count(*) FROM (SELECT 1 {FROM}{where} LIMIT {int(cap) + 1}) AS capped",  # noqa: S608
            values,
        )
        return found.fetchone()[0]


def due_recurring(organization_id: UUID, *, on: date, limit: int = 500) -> list[UUID]:
    """What has a period to be invoiced by `on`, the longest due first; for the worker."""
    with transaction(organization_id):
        due = RecurringInvoice.objects.of(organization_id).filter(
            is_paused=False, next_on__isnull=False, next_on__lte=on
        )
        return list(due.order_by("next_on", "id").values_list("id", flat=True)[:limit])


def recurring_of_invoice(invoice_id: UUID, *, by: Actor) -> UUID | None:
    """The recurring invoice that an invoice was made by, if any."""
    by.require("invoice.view")
    with transaction(by.organization_id):
        row = (
            cursor()
            .execute(
                "SELECT recurring_id FROM billing_recurringrun WHERE organization_id ="
                " %(organization)s::uuid AND invoice_id = %(id)s::uuid",
                {"organization": by.organization_id, "id": invoice_id},
                prepare=True,
            )
            .fetchone()
        )
        return row[0] if row else None


def proofs() -> tuple[tuple[str, str, str], ...]:
    """(invariant, what holds, SQL that gives the rows breaking it)."""
    return PROOFS
