"""Entries of a file as lines of an account: amounts in minor units, exactly."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import cast
from uuid import UUID

from guilder.flows.banking import calc
from guilder.flows.banking.models import BankAccount
from guilder.flows.banking.parsers import Entry
from guilder.flows.banking.parsers import Statement as Told
from guilder.foundation.tenancy.ids import uuid7_texts
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import Money


class InvalidStatement(Invalid):
    """The file is read, but cannot be imported; `problems` says why."""

    code = "banking.invalid_statement"


def minor(amount: Decimal | None, currency: str, pointer: str) -> int | None:
    """Minor units, exactly. Raises InvalidStatement."""
    if amount is None:
        return None
    try:
        return Money.of(amount, currency).minor
    except ValueError:
        detail = f"{amount} is finer than {currency} is counted. The file is not of this account."
        raise InvalidStatement(problems=[Problem(pointer, "banking.too_fine", detail)]) from None


def booked(told: Told) -> list[Entry]:
    """The entries that are booked on a known day: what is announced only comes again."""
    return [one for one in told.entries if not one.is_pending and one.booked_on is not None]


def facts_of(entries: Sequence[Entry], account: BankAccount) -> list[calc.Line]:
    """Entries as lines of the account, whose ids rise in the order of the file: where two want the
    same invoice, that order decides. Raises InvalidStatement (another currency)."""
    ids = [UUID(int=int(one, 16)) for one in sorted(uuid7_texts(len(entries)))]
    return [fact_of(one, account, new_id) for one, new_id in zip(entries, ids, strict=True)]


def fact_of(entry: Entry, account: BankAccount, new_id: UUID) -> calc.Line:
    """An entry as a line of the account. Raises InvalidStatement (another currency)."""
    if entry.currency and entry.currency != account.currency:
        detail = f"The file is in {entry.currency}, the account in {account.currency}."
        raise InvalidStatement(problems=[Problem("/account", "banking.other_currency", detail)])
    original = original_minor(entry)
    return calc.Line(
        id=new_id,
        amount=minor(entry.amount, account.currency, "/entries") or 0,
        currency=account.currency,
        booked_on=cast("date", entry.booked_on),
        name=entry.name[:200],
        account=entry.account[:80],
        text=entry.text,
        reference=entry.reference[:200],
        end_to_end=entry.end_to_end[:200],
        bank_reference=entry.bank_reference[:80],
        original_amount=original,
        original_currency=entry.original_currency if original is not None else "",
        charges=minor(entry.charges, account.currency, "/charges") if entry.charges else None,
        is_reversal=entry.is_reversal,
        details=entry.details,
    )


def original_minor(entry: Entry) -> int | None:
    """The instructed amount in its own currency, where it can be told."""
    if entry.original_amount is None or len(entry.original_currency) != 3:
        return None
    try:
        return abs(Money.rounded(entry.original_amount, entry.original_currency).minor)
    except (ValueError, LookupError, Invalid):
        return None
