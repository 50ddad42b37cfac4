"""/accounts/, /entries/, /periods/ and the reports of the ledger."""

from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

import msgspec
from django.http import QueryDict

from guilder.books.ledger import operations, queries
from guilder.books.ledger.models import Period
from guilder.books.ledger.schemas import AccountOut, EntryOut, account_out, entry_out
from guilder.faces.rest.listing import (
    BadQuery,
    Filter,
    Listing,
    answer_of,
    day,
    page_of,
    read_query,
)
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.wire import AccountKind, Day, Name
from guilder.foundation.identity import queries as identity
from guilder.kernel.errors import Problem
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire

ENTRIES = Listing(
    shape=EntryOut,
    filters={
        "booked_on": Filter("booked_on", "date", ("", "gte", "lte")),
        "source": Filter("source"),
        "source_id": Filter("source_id", "id", ("",)),
    },
    sorts={"booked_on": "booked_on", "created_at": "created_at"},
    default_sort="-booked_on",
)


class AccountsOut(msgspec.Struct):
    """The chart of accounts."""

    data: list[AccountOut]
    next: str | None


class AccountIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """An account; `role` is what the program books there, empty for none."""

    code: str
    name: Name
    kind: AccountKind
    role: str = ""
    is_active: bool = True


class PeriodOut(msgspec.Struct):
    """Days that nothing is booked into while `locked_at` is set."""

    id: UUID
    starts_on: date
    ends_on: date
    locked_at: datetime | None
    etag: str


class PeriodsOut(msgspec.Struct):
    """All periods, oldest first."""

    data: list[PeriodOut]
    next: str | None


class PeriodIn(msgspec.Struct, forbid_unknown_fields=True):
    """The first and the last day."""

    starts_on: Day
    ends_on: Day


class BalanceOut(msgspec.Struct):
    """One account over the days, in the base currency; debit above zero."""

    account: UUID
    code: str
    name: str
    kind: str
    opening: str
    debit: str
    credit: str
    closing: str


class TrialBalanceOut(msgspec.Struct):
    """Every account over some days."""

    starts_on: date
    ends_on: date
    currency: str
    accounts: list[BalanceOut]


def period_out(row: Period) -> PeriodOut:
    """The shape of a period."""
    return PeriodOut(row.id, row.starts_on, row.ends_on, row.locked_at, f'"{row.version}"')


@route("GET", "accounts/", permission="ledger.view", answer=AccountsOut)
def list_accounts(call: Call) -> Any:
    """List accounts"""
    rows = queries.list_accounts(call.by.organization_id)
    return answer_of([account_out(row) for row in rows], None)


@route(
    "POST",
    "accounts/",
    permission="settings.edit",
    body=AccountIn,
    answer=AccountOut,
    example={"code": "4980", "name": "Sundry costs", "kind": "expense"},
)
def create_account(call: Call) -> AccountOut:
    """Make an account"""
    row = operations.save_account(by=call.by, data=call.body)
    call.place(f"accounts/{row.id}/")
    return account_out(row)


@route("GET", "accounts/{id}/", permission="ledger.view", answer=AccountOut)
def read_account(call: Call) -> AccountOut:
    """Read an account"""
    return account_out(queries.get_account(call.by.organization_id, call.id))


@route("PUT", "accounts/{id}/", permission="settings.edit", body=AccountIn, answer=AccountOut)
def replace_account(call: Call) -> AccountOut:
    """Change an account"""
    row = operations.save_account(
        by=call.by, data=call.body, account_id=call.id, version=call.version
    )
    return account_out(row)


@route("GET", "entries/", permission="ledger.view", answer=EntryOut, listing=ENTRIES)
def list_entries(call: Call) -> Any:
    """List entries with their postings"""
    query = read_query(call.request.GET, listing=ENTRIES)
    rows = queries.list_entries(call.by.organization_id, start_on=date.min, end_on=date.max)
    return page_of(rows, query, listing=ENTRIES, shape=entry_out)


@route("GET", "periods/", permission="ledger.view", answer=PeriodsOut)
def list_periods(call: Call) -> Any:
    """List locked and reopened periods"""
    rows = queries.list_periods(call.by.organization_id)
    return answer_of([period_out(row) for row in rows], None)


@route(
    "POST",
    "periods/",
    permission="ledger.close",
    body=PeriodIn,
    answer=PeriodOut,
    example={"starts_on": "2026-10-01", "ends_on": "2026-10-31"},
)
def lock_period(call: Call) -> PeriodOut:
    """Lock some days of the books"""
    wire = Wire(call.body)
    wire.known(PeriodIn.__struct_fields__)
    starts_on, ends_on = wire.day("starts_on", required=True), wire.day("ends_on", required=True)
    wire.done()
    period = operations.lock_period(
        by=call.by, starts_on=cast("date", starts_on), ends_on=cast("date", ends_on), at=call.at
    )
    return period_out(period)


@route("POST", "periods/{id}/reopen/", permission="ledger.close", answer=PeriodOut)
def reopen_period(call: Call) -> PeriodOut:
    """Let entries into a period again"""
    wire = Wire(call.body)
    wire.known(())
    wire.done()
    return period_out(operations.reopen_period(call.id, by=call.by))


@route(
    "GET",
    "reports/trial-balance/",
    permission="ledger.view",
    answer=TrialBalanceOut,
    query=(
        ("starts_on", "The first day, YYYY-MM-DD; the first of this year when left out."),
        ("ends_on", "The last day; today when left out."),
    ),
)
def trial_balance(call: Call) -> TrialBalanceOut:
    """Add up every account"""
    starts_on, ends_on = days_of(call.request.GET, today=call.today)
    organization = identity.get_organization(call.by.organization_id)
    currency = organization.base_currency
    rows = queries.trial_balance(call.by.organization_id, start_on=starts_on, end_on=ends_on)
    accounts = [
        BalanceOut(
            account=row.account_id,
            code=row.code,
            name=row.name,
            kind=row.kind,
            **{
                name: str(Money(getattr(row, name), currency))
                for name in ("opening", "debit", "credit", "closing")
            },
        )
        for row in rows
    ]
    return TrialBalanceOut(starts_on, ends_on, currency, accounts)


def days_of(parameters: QueryDict, *, today: date) -> tuple[date, date]:
    """(first, last) day of a report; BadQuery with every fault."""
    found = {"starts_on": today.replace(month=1, day=1), "ends_on": today}
    problems = [
        Problem(f"/{name}", "request.bad_filter", "There is no such filter.")
        for name in parameters
        if name not in found
    ]
    for name in found:
        try:
            found[name] = day(parameters.get(name) or found[name].isoformat())
        except ValueError:
            words = "Enter a date as YYYY-MM-DD."
            problems.append(Problem(f"/{name}", "request.bad_filter", words))
    if not problems and found["ends_on"] < found["starts_on"]:
        problems.append(Problem("/ends_on", "request.bad_filter", "End on or after the start."))
    if problems:
        raise BadQuery(problems=problems)
    return found["starts_on"], found["ends_on"]
