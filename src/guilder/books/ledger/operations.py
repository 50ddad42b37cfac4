"""Booking entries, keeping the chart, locking periods."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg

from guilder.books.ledger import queries
from guilder.books.ledger.booking import (
    Booking,
    ChartIncomplete,
    account_ids,
    entry_parameters,
    entry_rows,
    entry_sql,
)
from guilder.books.ledger.calc import Leg
from guilder.books.ledger.charts import chart
from guilder.books.ledger.charts.base import ROLES
from guilder.books.ledger.completing import complete_chart
from guilder.books.ledger.events import AccountChanged, AccountsOpened, PeriodLocked, PeriodReopened
from guilder.books.ledger.models import Account, Entry, Period
from guilder.books.ledger.trail import trail_parameters, trail_sql
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, NotFound, Problem, Stale
from guilder.kernel.wire import Wire

__all__ = (
    "AccountTaken",
    "AlreadyOpened",
    "Booking",
    "ChartIncomplete",
    "Leg",
    "PeriodIsLocked",
    "PeriodsOverlap",
    "account_ids",
    "complete_chart",
    "entry_parameters",
    "entry_rows",
    "entry_sql",
    "lock_period",
    "post",
    "post_opening_balances",
    "refusals",
    "reopen_period",
    "save_account",
    "set_up",
    "trail_parameters",
    "trail_sql",
)
BY_ITEM = frozenset(("receivables", "customer_credit", "payables"))  # the sum of open papers
ACCOUNT_FIELDS = ("code", "name", "kind", "role", "is_active")


class PeriodIsLocked(Conflict):
    """The day lies in a locked period."""

    code = "ledger.period_locked"


class PeriodsOverlap(Conflict):
    """Another period has some of these days."""

    code = "ledger.periods_overlap"


class AlreadyOpened(Conflict):
    """Opening balances were posted before."""

    code = "ledger.already_opened"


class AccountTaken(Conflict):
    """Another account has that code or role."""

    code = "ledger.account_taken"


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the ledger's triggers refuse into the house's errors."""
    try:
        yield
    except psycopg.errors.CheckViolation as error:
        if error.diag.constraint_name == "ledger_period_is_open":
            raise PeriodIsLocked(
                "That day lies in a locked period of the books. Choose a later day, or let an "
                "accountant reopen the period."
            ) from None
        raise


def post(
    booking: Booking,
    *,
    by: Actor,
    at: datetime,
    accounts: Mapping[str, UUID] | None = None,
) -> UUID | None:
    """Book one entry in the open transaction; None where nothing moves.

    Raises PeriodIsLocked, ChartIncomplete. A cause that was booked before fails on its constraint.
    """
    if booking.is_empty:
        return None
    with transaction(by.organization_id), refusals():
        found = queries.account_map(by.organization_id) if accounts is None else accounts
        values = entry_parameters(booking, accounts=found, by_id=by.user_id, at=at)
        cursor().execute(
            f"WITH gate AS (SELECT 1), {entry_sql('gate')} SELECT id FROM entry",  # noqa: S608
            {"organization": by.organization_id, **values},
            prepare=True,
        )
        return values["entry"]


def set_up(*, by: Actor, country: str) -> None:
    """Give a new organization the chart of its country."""
    by.require("settings.edit")
    with transaction(by.organization_id):
        lines = chart(country)
        Account.objects.bulk_create(
            Account(organization_id=by.organization_id, **line._asdict()) for line in lines
        )
        audit.record(
            by=by,
            action="ledger.set_up",
            table="ledger_account",
            row_id=by.organization_id,
            before=None,
            after={"country": country, "accounts": len(lines)},
        )


def save_account(
    *,
    by: Actor,
    data: Mapping[str, Any],
    account_id: UUID | None = None,
    version: int | None = None,
) -> Account:
    """Make an account or change one from raw values: code, name, kind, role, is_active.

    Raises Invalid with every fault, AccountTaken, NotFound, Stale.
    """
    by.require("settings.edit")
    with transaction(by.organization_id):
        row = locked_account(account_id, by=by, version=version)
        before = None if account_id is None else audited(row)
        values = read_account({**(before or {}), **data})
        others = Account.objects.of(by.organization_id).exclude(id=row.id)
        if others.filter(code=values["code"]).exists():
            raise AccountTaken(f"There is already an account {values['code']}.")
        if values["role"] and others.filter(role=values["role"]).exists():
            raise AccountTaken(f"Another account already has the role “{values['role']}”.")
        for name, value in values.items():
            setattr(row, name, value)
        row.version += before is not None
        row.save()
        audit.record(
            by=by,
            action="account.update" if before else "account.create",
            table="ledger_account",
            row_id=row.id,
            before=before,
            after=audited(row),
        )
        bus.publish(AccountChanged(account_id=row.id, code=row.code), by=by)
        return row


def locked_account(account_id: UUID | None, *, by: Actor, version: int | None) -> Account:
    """The row under lock in the version that the caller read, or a new one."""
    if account_id is None:
        return Account(organization_id=by.organization_id)
    row = Account.objects.of(by.organization_id).lock().filter(id=account_id).first()
    if row is None:
        raise NotFound("There is no such account.")
    if version is not None and version != row.version:
        raise Stale("This account was changed in the meantime. Read it again.")
    return row


def read_account(data: Mapping[str, Any]) -> dict[str, Any]:
    """The judged columns of an account; Invalid with every fault."""
    wire = Wire(data)
    wire.known(ACCOUNT_FIELDS)
    values: dict[str, Any] = {
        "code": wire.text("code", most=20, required=True),
        "name": wire.text("name", most=120, required=True),
        "kind": wire.choice("kind", Account.Kind.values, required=True),
        "role": wire.text("role", most=40),
        "is_active": wire.flag("is_active", default=True),
    }
    if values["role"] and values["role"].split(".")[0] not in ROLES:
        wire.fault("role", "ledger.unknown_role", f"A role is one of {', '.join(ROLES)}.")
    wire.done()
    return values


def audited(row: Account) -> dict[str, Any]:
    """What the audit trail keeps of an account."""
    return {name: getattr(row, name) for name in ACCOUNT_FIELDS}


def lock_period(*, by: Actor, starts_on: date, ends_on: date, at: datetime) -> Period:
    """Let no entry into these days any more. Raises Invalid, PeriodsOverlap.

    Waits for the entries that are being written, which is why the moment of the lock is the
    database's own.
    """
    by.require("ledger.close")
    if ends_on < starts_on:
        fault = Problem("/ends_on", "ledger.period_ends_first", "End on or after the first day.")
        raise Invalid(problems=[fault])
    with transaction(by.organization_id):
        try:
            row = cursor().execute(
                "INSERT INTO ledger_period (organization_id, id, starts_on, ends_on, locked_at,"
                " locked_by_id, version) VALUES (%s, gen_random_uuid(), %s, %s, NULL, NULL, 1)"
                " ON CONFLICT (organization_id, starts_on) DO UPDATE SET ends_on = EXCLUDED.ends_on"
                " RETURNING id",
                [by.organization_id, starts_on, ends_on],
            )
            period_id = (row.fetchone() or (None,))[0]
        except psycopg.errors.CheckViolation as error:
            if error.diag.constraint_name == "ledger_periods_apart":
                raise PeriodsOverlap("Another period already has some of these days.") from None
            raise
        period = Period.objects.of(by.organization_id).get(id=period_id)
        period.locked_at = at
        period.locked_by_id = by.user_id
        period.version += 1
        period.save()
        note(period, by=by, action="period.lock")
        bus.publish(PeriodLocked(period_id=period.id, starts_on=starts_on, ends_on=ends_on), by=by)
        return period


def reopen_period(period_id: UUID, *, by: Actor) -> Period:
    """Let entries in again; the audit trail keeps that it was so. Raises NotFound."""
    by.require("ledger.close")
    with transaction(by.organization_id):
        period = Period.objects.of(by.organization_id).lock().filter(id=period_id).first()
        if period is None:
            raise NotFound("There is no such period.")
        period.locked_at = None
        period.locked_by_id = None
        period.version += 1
        period.save()
        note(period, by=by, action="period.reopen")
        bus.publish(
            PeriodReopened(period_id=period.id, starts_on=period.starts_on, ends_on=period.ends_on),
            by=by,
        )
        return period


def note(period: Period, *, by: Actor, action: str) -> None:
    """Audit the lock or reopening of a period."""
    audit.record(
        by=by,
        action=action,
        table="ledger_period",
        row_id=period.id,
        before=None,
        after={
            "starts_on": period.starts_on.isoformat(),
            "ends_on": period.ends_on.isoformat(),
            "locked_at": period.locked_at.isoformat() if period.locked_at else None,
        },
    )


def post_opening_balances(
    balances: Mapping[str, int],
    *,
    by: Actor,
    on: date,
    at: datetime,
    base_currency: str,
) -> UUID | None:
    """Book what the accounts stood at in the system before: account code → base minor units.

    Debit above zero; what is missing to balance goes to the account of role `opening`. Receivables
    and customer credit come in as open items instead (invoicing.operations.import_history), and
    payables as the bills that are open.
    Raises AlreadyOpened, Invalid.
    """
    by.require("ledger.post")
    with transaction(by.organization_id):
        if Entry.objects.of(by.organization_id).filter(source="opening.balances").exists():
            raise AlreadyOpened("Opening balances are posted once. Correct them by an entry.")
        accounts = {one.code: one for one in queries.list_accounts(by.organization_id)}
        problems = [
            Problem(f"/balances/{code}", "ledger.unknown_account", "Use an account of the chart.")
            for code in balances
            if code not in accounts
        ]
        problems += [
            Problem(f"/balances/{code}", "ledger.open_items", "Import the open items instead.")
            for code in balances
            if code in accounts and accounts[code].role in BY_ITEM
        ]
        if problems:
            raise Invalid(problems=problems)
        legs = [
            Leg("", amount, amount, account_id=accounts[code].id)
            for code, amount in balances.items()
        ]
        rest = -sum(balances.values())
        entry = Booking(
            legs=(*legs, Leg("opening", rest, rest)),
            on=on,
            source="opening.balances",
            source_id=by.organization_id,
            currency=base_currency,
            base_currency=base_currency,
            memo="Opening balances",
        )
        entry_id = post(entry, by=by, at=at)
        audit.record(
            by=by,
            action="ledger.open",
            table="ledger_entry",
            row_id=entry_id,
            before=None,
            after=dict(balances),
        )
        if entry_id is not None:
            bus.publish(AccountsOpened(entry_id=entry_id, opened_on=on), by=by)
        return entry_id
