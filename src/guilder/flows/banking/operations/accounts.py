"""Accounts at banks: opened with their place in the chart, changed, closed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.books.ledger import operations as ledger
from guilder.books.ledger import queries as chart
from guilder.flows.banking.models import BankAccount
from guilder.flows.banking.queries.accounts import NoSuchBankAccount
from guilder.foundation.audit import operations as audit
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import identifiers
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, Stale
from guilder.kernel.wire import Wire

FIELDS = (
    "name",
    "iban",
    "number",
    "currency",
    "ledger_account",
    "difference_account",
    "automatic_from",
)


class BankAccountKnown(Conflict):
    """That account is there already."""

    code = "banking.account_known"


def open_account(*, by: Actor, data: Mapping[str, Any], at: datetime) -> BankAccount:
    """Open an account from raw values: name, iban or number, currency, ledger_account,
    difference_account (where fees go), automatic_from (percent, or null for never).

    Without a ledger account the first bank account takes the chart's own one, each further one a
    new one beside it. Raises Invalid with every fault, BankAccountKnown.
    """
    by.require("bank.edit")
    with transaction(by.organization_id):
        values = read_account(data, by=by)
        refuse_known(values["iban"], by=by)
        if values["ledger_account_id"] is None:
            values["ledger_account_id"] = place_in_chart(values["name"], by=by)
        row = BankAccount.objects.create(
            organization_id=by.organization_id, created_at=at, **values
        )
        note(row, by=by, action="bank_account.open")
        return row


def save_account(
    account_id: UUID, *, by: Actor, data: Mapping[str, Any], version: int | None = None
) -> BankAccount:
    """Change name, where differences go and from when on matches are automatic.

    Raises Invalid, NoSuchBankAccount, Stale.
    """
    by.require("bank.edit")
    with transaction(by.organization_id):
        row = locked(account_id, by=by)
        if version is not None and version != row.version:
            raise Stale("This account was changed in the meantime. Read it again.")
        before = as_data(row)
        values = read_account({**before, **data}, by=by, row=row)
        for name in ("name", "difference_account_id", "automatic_from"):
            setattr(row, name, values[name])
        row.version += 1
        row.save(update_fields=["name", "difference_account_id", "automatic_from", "version"])
        note(row, by=by, action="bank_account.change")
        return row


def close_account(account_id: UUID, *, by: Actor) -> BankAccount:
    """Take an account off the list; its statements stay. Raises NoSuchBankAccount."""
    by.require("bank.edit")
    with transaction(by.organization_id):
        row = locked(account_id, by=by)
        row.is_active = False
        row.version += 1
        row.save(update_fields=["is_active", "version"])
        note(row, by=by, action="bank_account.close")
        return row


def locked(account_id: UUID, *, by: Actor) -> BankAccount:
    """The account under lock; NoSuchBankAccount."""
    row = BankAccount.objects.of(by.organization_id).lock().filter(id=account_id).first()
    if row is None:
        raise NoSuchBankAccount("There is no such bank account.")
    return row


def read_account(
    data: Mapping[str, Any], *, by: Actor, row: BankAccount | None = None
) -> dict[str, Any]:
    """The judged columns; Invalid with every fault."""
    wire = Wire(data)
    wire.known(FIELDS)
    iban = wire.text("iban", most=42)
    if iban:
        try:
            iban = identifiers.iban(iban)
        except identifiers.InvalidIban as error:
            wire.fault("iban", error.code, error.detail)
    sure = wire.whole("automatic_from", least=80, most=100)
    values = {
        "name": wire.text("name", most=80, required=True),
        "iban": iban,
        "number": wire.text("number", most=80),
        "currency": wire.currency("currency")
        or identities.get_organization(by.organization_id).base_currency,
        "ledger_account_id": asset(wire, "ledger_account", by=by),
        "difference_account_id": posted_to(wire, "difference_account", by=by),
        "automatic_from": sure,
    }
    if row is None and not iban and not values["number"]:
        wire.fault("iban", "required", "Give the IBAN, or the number where there is none.")
    wire.done()
    return values


def asset(wire: Wire, name: str, *, by: Actor) -> UUID | None:
    """An asset account of the chart that is nobody's receivable."""
    found = wire.identity(name)
    if found is None:
        return None
    accounts = {one.id: one for one in chart.list_accounts(by.organization_id)}
    one = accounts.get(found)
    if one is None or one.kind != "asset" or one.role == "receivables":
        wire.fault(name, "banking.no_ledger_account", "Choose a bank account of the chart.")
    return found


def posted_to(wire: Wire, name: str, *, by: Actor) -> UUID | None:
    """Any account of the chart that is no control account."""
    found = wire.identity(name)
    if found is None:
        return None
    accounts = {one.id: one for one in chart.list_accounts(by.organization_id)}
    one = accounts.get(found)
    if one is None or one.role in {"receivables", "customer_credit"}:
        wire.fault(name, "banking.no_ledger_account", "Choose an account of the chart.")
    return found


def place_in_chart(name: str, *, by: Actor) -> UUID:
    """The chart's bank account where no other bank account has it, else a new one beside it."""
    accounts = chart.list_accounts(by.organization_id)
    bank = next((one for one in accounts if one.role == "bank"), None)
    if bank is None:
        raise ledger.ChartIncomplete("No account of the chart has the role “bank”.")
    rows = BankAccount.objects.of(by.organization_id)
    if not rows.filter(ledger_account_id=bank.id).exists():
        return bank.id
    return add_to_chart(name, "asset", after=bank.code, by=by)


def add_to_chart(name: str, kind: str, *, after: str, by: Actor) -> UUID:
    """A new account with the next free code after another one."""
    codes = {one.code for one in chart.list_accounts(by.organization_id)}
    digits = after if after.isdecimal() else "1200"
    code = int(digits) + 1
    while str(code).zfill(len(digits)) in codes:
        code += 1
    # Whoever may open a bank account may give it its place in the chart.
    chartered = replace(by, permissions=by.permissions | {"settings.edit"})
    data = {"code": str(code).zfill(len(digits)), "name": name[:120], "kind": kind}
    return ledger.save_account(by=chartered, data=data).id


def difference_account(account: BankAccount, *, by: Actor) -> UUID:
    """Where fees go: the account that was chosen, else one for bank charges, made when needed."""
    if account.difference_account_id is not None:
        return account.difference_account_id
    accounts = chart.list_accounts(by.organization_id)
    name = "Bank and card charges"
    found = next((one for one in accounts if one.name == name and one.kind == "expense"), None)
    place = found.id if found else add_to_chart(name, "expense", after="4970", by=by)
    BankAccount.objects.of(by.organization_id).filter(id=account.id).update(
        difference_account_id=place
    )
    account.difference_account_id = place
    return place


def refuse_known(iban: str, *, by: Actor) -> None:
    """Raise BankAccountKnown where an account has that IBAN."""
    if iban and BankAccount.objects.of(by.organization_id).filter(iban=iban).exists():
        raise BankAccountKnown("This account is in the list already.")


def as_data(row: BankAccount) -> dict[str, Any]:
    """A row as the raw values that open it."""
    return {
        "name": row.name,
        "iban": row.iban,
        "number": row.number,
        "currency": row.currency,
        "ledger_account": str(row.ledger_account_id),
        "difference_account": str(row.difference_account_id or "") or None,
        "automatic_from": row.automatic_from,
    }


def note(row: BankAccount, *, by: Actor, action: str) -> None:
    """The audit entry."""
    audit.record(
        by=by,
        action=action,
        table="banking_bankaccount",
        row_id=row.id,
        before=None,
        after={**as_data(row), "is_active": row.is_active},
    )


__all__ = (
    "BankAccountKnown",
    "Invalid",
    "close_account",
    "difference_account",
    "locked",
    "open_account",
    "save_account",
)
