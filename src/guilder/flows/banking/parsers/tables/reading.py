"""A table of movements as a StatementFile."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import msgspec

from guilder.flows.banking.parsers.record import (
    Entry,
    Statement,
    StatementFile,
    UnreadableStatement,
    squeezed,
)
from guilder.flows.banking.parsers.tables.columns import Profile, currency_of, guess, signature
from guilder.flows.banking.parsers.values import amount_of, any_day, is_month_first
from guilder.kernel.currencies import is_currency

IBAN = re.compile(r"\b([A-Z]{2}\d{2}[ ]?(?:[A-Z0-9]{4}[ ]?){2,7}[A-Z0-9]{0,4})\b", re.ASCII)
OUT = ("d", "s", "debit", "belastung", "addebito", "soll", "af", "dare", "lastschrift", "debito")
OPENINGS = ("anfangssaldo", "opening balance", "saldo iniziale", "solde initial")
CLOSINGS = ("schlusssaldo", "closing balance", "saldo finale", "solde final")
DONE = ("", "importiert", "booked", "gebucht", "posted", "paid", "completed", "comptabilisé")


def read_table(
    rows: Sequence[Sequence[str]], *, name: str, profiles: Iterable[Profile] = ()
) -> StatementFile:
    """The movements of a table, columns as the saved profile of its head says, else as guessed.

    Raises UnreadableStatement where no row is a head.
    """
    found = chosen(rows, profiles)
    if found is None:
        raise UnreadableStatement(
            "No row names both a day and an amount. Choose the columns of this file by hand."
        )
    place, profile = found
    above, below = rows[:place], rows[place + 1 :]
    month_first = is_month_first(first(row, profile, "booked_on", "valued_on") for row in below)
    entries: list[Entry] = []
    balances: list[Decimal | None] = []
    unread = 0
    for row in below:
        outcome = entry_of(row, profile, month_first=month_first)
        if isinstance(outcome, Entry):
            entries.append(outcome)
            balances.append(amount_of(cell(row, profile, "balance")))
        elif outcome:
            unread += 1
        elif entries and profile.at("text"):
            entries[-1] = told_more(entries[-1], row, profile)
    problems = [f"{unread} rows have a day but no readable amount."] if unread else []
    if not entries and not unread:
        problems.append("There is no movement in this file.")
    statement = balanced(entries, balances, above)
    return StatementFile(
        format=name,
        statements=(described(statement, profile, above, below),),
        problems=tuple(problems),
    )


def chosen(
    rows: Sequence[Sequence[str]], profiles: Iterable[Profile]
) -> tuple[int, Profile] | None:
    """The head row and its profile: a saved one where its head is found."""
    saved = {one.signature: one for one in profiles}
    if saved:
        for place, row in enumerate(rows[:60]):
            profile = saved.get(signature(row))
            if profile:
                return place, profile
    return guess(rows)


def cell(row: Sequence[str], profile: Profile, role: str) -> str:
    """What a row says for a role; several columns are put together."""
    places = profile.columns.get(role)
    if not places:
        return ""
    if len(places) == 1:
        return row[places[0]].strip() if places[0] < len(row) else ""
    return " ".join(row[at] for at in places if at < len(row) and row[at]).strip()


def first(row: Sequence[str], profile: Profile, *roles: str) -> str:
    """The first role that a row fills."""
    return next((text for role in roles if (text := cell(row, profile, role))), "")


def entry_of(row: Sequence[str], profile: Profile, *, month_first: bool) -> Entry | bool:
    """One movement; True where there is a day but no amount, False where the row is none."""
    says = {role: cell(row, profile, role) for role in profile.columns}
    said = says.get
    booked_on = any_day(said("booked_on", ""), month_first=month_first)
    valued_on = any_day(said("valued_on", ""), month_first=month_first)
    if booked_on is None and valued_on is None:
        return False
    amount = amount_in(says, profile)
    if amount is None:
        return bool(said("amount"))
    currency = said("currency", "").upper()[:3]
    return Entry(
        amount=amount,
        booked_on=booked_on or valued_on,
        valued_on=valued_on,
        currency=currency if is_currency(currency) else "",
        name=squeezed(said("name", ""))[:140],
        account=said("account", "").replace(" ", "")[:80],
        text=squeezed(said("text", ""))[:2000],
        reference=squeezed(said("reference", ""))[:200],
        bank_reference=squeezed(said("bank_reference", ""))[:80],
        original_amount=amount_of(said("original_amount", "")),
        original_currency=said("original_currency", "").upper()[:3],
    )


def amount_in(says: Mapping[str, str], profile: Profile) -> Decimal | None:
    """The signed amount of a row: its own, or that of its debit or credit column."""
    if profile.at("debit"):
        debit, credit = amount_of(says["debit"]), amount_of(says.get("credit", ""))
        if debit is None and credit is None:
            return None
        return (credit or Decimal(0)) - abs(debit or Decimal(0))
    amount = amount_of(says.get("amount", ""))
    if amount is None:
        return None
    sign = says.get("sign", "").lower()
    if sign:
        return -abs(amount) if sign in OUT else abs(amount)
    return -amount if profile.is_spending else amount


def told_more(entry: Entry, row: Sequence[str], profile: Profile) -> Entry:
    """The entry with the text of a row below it that has no day of its own."""
    more = cell(row, profile, "text")
    if not more or len(entry.text) > 1500:
        return entry
    return msgspec.structs.replace(entry, text=squeezed(f"{entry.text} {more}")[:2000])


def balanced(
    entries: list[Entry], balances: list[Decimal | None], above: Sequence[Sequence[str]]
) -> Statement:
    """The statement with its entries oldest first and the balances that the table states."""
    pairs = list(zip(entries, balances, strict=True))
    if is_newest_first(entries):
        pairs.reverse()
    opening, closing = stated(above, OPENINGS), stated(above, CLOSINGS)
    known = [(at, value) for at, (_, value) in enumerate(pairs) if value is not None]
    if known and closing is None and known[-1][0] == len(pairs) - 1:
        closing = known[-1][1]
    if known and opening is None:
        at, value = known[0]
        opening = value - sum((entry.amount for entry, _ in pairs[: at + 1]), Decimal(0))
    days = [entry.booked_on for entry, _ in pairs if entry.booked_on]
    return Statement(
        opening=opening if closing is not None else None,
        closing=closing,
        closing_on=max(days, default=None),
        starts_on=min(days, default=None),
        ends_on=max(days, default=None),
        entries=tuple(entry for entry, _ in pairs),
    )


def is_newest_first(entries: Sequence[Entry]) -> bool:
    """Whether the table begins with the newest day."""
    days: list[date] = [one.booked_on for one in entries if one.booked_on]
    return len(days) > 1 and days[0] > days[-1]


def stated(above: Sequence[Sequence[str]], words: tuple[str, ...]) -> Decimal | None:
    """A balance that stands above the table beside one of some words."""
    for row in above:
        if row and row[0].lower().strip(" :") in words:
            return next((value for one in row[1:] if (value := amount_of(one)) is not None), None)
    return None


def described(
    statement: Statement,
    profile: Profile,
    above: Sequence[Sequence[str]],
    below: Sequence[Sequence[str]],
) -> Statement:
    """The statement with account and currency, from above the table or from its columns."""
    head = " ; ".join(text for row in above for text in row)
    found = IBAN.search(head)
    named = {one.currency for one in statement.entries if one.currency}
    currency = named.pop() if len(named) == 1 else ""
    currency = currency or profile.currency or currency_of(text for row in above for text in row)
    own = own_account(statement, below)
    return replace(
        statement,
        account=own or (found[1].replace(" ", "") if found else ""),
        currency=currency,
    )


def own_account(statement: Statement, below: Sequence[Sequence[str]]) -> str:
    """An IBAN that every row repeats is the account's own."""
    accounts = {one.account for one in statement.entries}
    if len(accounts) == 1 and len(statement.entries) > 1 and len(below) > 1:
        only = accounts.pop()
        return only if IBAN.fullmatch(only) else ""
    return ""
