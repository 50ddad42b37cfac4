"""Reading statements in: each entry once, however often and in whichever format it comes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.books.sepa import operations as sepa
from guilder.flows.banking import calc
from guilder.flows.banking.events import StatementImported
from guilder.flows.banking.models import BankAccount, Statement
from guilder.flows.banking.operations.accounts import locked, open_account
from guilder.flows.banking.operations.automatic import match_sure
from guilder.flows.banking.operations.entries import (
    InvalidStatement,
    booked,
    facts_of,
    minor,
)
from guilder.flows.banking.parsers import Profile, StatementFile, read_file
from guilder.flows.banking.parsers import Statement as Told
from guilder.flows.banking.queries import profiles
from guilder.flows.banking.queries.lines import There, lines_like
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.files import operations as files
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.hot import insert_many
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import identifiers
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Problem

COLUMNS = {
    "organization_id": "uuid", "id": "uuid", "account_id": "uuid", "statement_id": "uuid",
    "position": "integer", "booked_on": "date", "valued_on": "date", "amount": "bigint",
    "currency": "text", "name": "text", "counter_account": "text", "text": "text",
    "reference": "text", "end_to_end": "text", "bank_reference": "text", "code": "text",
    "original_amount": "bigint", "original_currency": "text", "charges_amount": "bigint",
    "is_reversal": "boolean", "details": "integer", "fingerprint": "text",
    "occurrence": "smallint", "state": "text", "note": "text", "changed_at": "timestamptz",
    "version": "integer",
}  # fmt: skip
MEDIA = {"XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
         "CSV": "text/csv"}  # fmt: skip


@dataclass(slots=True)
class ImportOutcome:
    """What became of one file."""

    format: str
    account: BankAccount
    statements: list[Statement] = field(default_factory=list[Statement])
    entries: int = 0
    new: int = 0
    posted: int = 0
    opening: Decimal | None = None
    closing: Decimal | None = None
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class Preview:
    """A file as it would be imported: nothing is written."""

    file: StatementFile
    account: BankAccount | None
    known: int


def preview_statement(
    data: bytes, *, by: Actor, account_id: UUID | None = None, profile: Profile | None = None
) -> Preview:
    """What a file says, which account it is of, and how many entries are known already."""
    by.require("bank.edit")
    file = read(data, by=by, profile=profile)
    with transaction(by.organization_id):
        account = account_of(file, by=by, account_id=account_id)
        known = 0
        if account is not None:
            for one in file.statements:
                facts = facts_of(booked(one), account)
                there = lines_like(facts, account.id, family=family_of(file), by=by)
                known += len(facts) - len(unknown(facts, there))
    return Preview(file, account, known)


def import_statement(
    data: bytes,
    *,
    by: Actor,
    at: datetime,
    filename: str,
    account_id: UUID | None = None,
    profile: Profile | None = None,
    match: bool = True,
) -> ImportOutcome:
    """Read a file in, and post what is sure where the account says so.

    The lines are committed before anything is posted, so a crash in between loses nothing and
    repeats nothing. Raises UnreadableStatement, InvalidStatement, kernel.xml's refusals.
    """
    by.require("bank.edit")
    file = read(data, by=by, profile=profile)
    with transaction(by.organization_id):
        account = account_of(file, by=by, account_id=account_id) or opened(file, by=by, at=at)
        outcome = store(file, data, account.id, by=by, at=at, filename=filename)
    if by.may("sepa.edit"):  # what the bank says of orders that are due is matched with them
        sepa.book_due(by=by, at=at)
    if match and outcome.account.automatic_from is not None:
        outcome.posted = match_sure(outcome.account.id, by=by, at=at)
    return outcome


def read(data: bytes, *, by: Actor, profile: Profile | None) -> StatementFile:
    """The file by the saved profiles of its head, or by the one given."""
    saved = [profile] if profile else profiles(by=by)
    return read_file(data, profiles=saved)


def account_of(file: StatementFile, *, by: Actor, account_id: UUID | None) -> BankAccount | None:
    """The account that a file is of: the one given, else by IBAN or number, else the only one.

    None where the file names one that is not there yet. Raises InvalidStatement.
    """
    rows = BankAccount.objects.of(by.organization_id)
    if account_id is not None:
        return locked(account_id, by=by)
    told = file.last.account.replace(" ", "").upper()
    every = list(rows.filter(is_active=True))
    if told:
        found = [one for one in every if is_account(one, told)]
        return found[0] if found else None
    if len(every) == 1:
        return every[0]
    detail = "This file does not say which account it is of. Choose the account."
    raise InvalidStatement(problems=[Problem("/account", "banking.which_account", detail)])


def is_account(row: BankAccount, told: str) -> bool:
    """Whether a file means this account; German files name bank code and number of an IBAN."""
    number = row.number.replace(" ", "").upper()
    if told in {row.iban, number}:
        return True
    digits = "".join(one for one in told if one.isdigit())
    bank, _, own = told.partition("/")
    if row.iban and own.isdecimal() and bank.isdecimal():
        return row.iban[4:] == bank + own.zfill(len(row.iban) - 4 - len(bank))
    return len(digits) >= 7 and bool(row.iban) and row.iban.endswith(digits)


def opened(file: StatementFile, *, by: Actor, at: datetime) -> BankAccount:
    """A new account as the file names it."""
    told = file.last.account.replace(" ", "").upper()
    try:
        iban = identifiers.iban(told)
    except identifiers.InvalidIban:
        iban = ""
    organization = identities.get_organization(by.organization_id)
    data = {
        "name": f"{iban[:4]} {iban[-4:]}" if iban else told[:80],
        "iban": iban,
        "number": "" if iban else told,
        "currency": file.last.currency or organization.base_currency,
    }
    return open_account(by=by, data=data, at=at)


def store(
    file: StatementFile, data: bytes, account_id: UUID, *, by: Actor, at: datetime, filename: str
) -> ImportOutcome:
    """Write what is new, statement by statement, under the account's lock."""
    account = locked(account_id, by=by)
    sha256 = hashlib.sha256(data).hexdigest()
    last = file.last
    outcome = ImportOutcome(
        format=file.format,
        account=account,
        opening=last.opening,
        closing=last.closing,
        problems=file.problems,
    )
    rows = Statement.objects.of(by.organization_id)
    before = {one.place: one for one in rows.filter(account_id=account.id, sha256=sha256)}
    kept = None if before else keep(data, file, filename, by=by)
    for place, told in enumerate(file.statements):
        outcome.entries += len(told.entries)
        if place in before:
            outcome.statements.append(before[place])
            continue
        row = write(told, account, by=by, at=at, file=file, place=place)
        row.sha256, row.file, row.filename = sha256, kept, filename[:255]
        lines = lines_of(told, row, account, family_of(file), by=by, at=at)
        row.new_count = len(lines)
        row.save(force_insert=True)
        insert_many("banking_statementline", COLUMNS, lines)
        outcome.statements.append(row)
        outcome.new += len(lines)
        tell(row, by=by)
    note_balance(file.statements, account, at=at)
    return outcome


def keep(data: bytes, file: StatementFile, filename: str, *, by: Actor) -> Any:
    """The bytes as they came, for evidence."""
    kind = MEDIA.get(file.format, "application/octet-stream")
    return files.store(data, by=by, filename=filename or "statement", media_type=kind)


def write(
    told: Told, account: BankAccount, *, by: Actor, at: datetime, file: StatementFile, place: int
) -> Statement:
    """The row of a statement, not saved yet."""
    days = [one.booked_on for one in told.entries if one.booked_on]
    return Statement(
        organization_id=by.organization_id,
        id=uuid7(),
        account_id=account.id,
        place=place,
        format=file.format[:20],
        number=told.number[:80],
        starts_on=told.opening_on or told.starts_on or min(days, default=None),
        ends_on=told.closing_on or told.ends_on or max(days, default=None),
        opening_amount=minor(told.opening, account.currency, "/opening"),
        closing_amount=minor(told.closing, account.currency, "/closing"),
        moved_amount=minor(told.moved, account.currency, "/entries") or 0,
        is_interim=told.is_interim,
        entry_count=len(booked(told)),
        created_by_id=by.user_id,
        created_at=at,
    )


def family_of(file: StatementFile) -> str:
    """The formats whose banks write an entry alike: camt.053 is of the family camt."""
    return file.format.split(".")[0]


def unknown(facts: Sequence[calc.Line], there: Sequence[There]) -> list[calc.Line]:
    """The entries that no line stands for yet: each line takes at most one of them."""
    shelves: dict[tuple[Any, int], Shelf] = {}
    for one in there:
        place = one.line.booked_on, one.line.amount
        shelves.setdefault(place, Shelf()).put(one.line, is_alike=one.is_alike)
    empty = Shelf()
    return [one for one in facts if not shelves.get((one.booked_on, one.amount), empty).take(one)]


@dataclass(slots=True)
class Shelf:
    """Lines of one day and amount. Within one format a line with another bank reference is another
    entry, so an entry that has one looks only at its namesakes and at those without."""

    lines: dict[int, tuple[calc.Line, bool]] = field(
        default_factory=dict[int, tuple[calc.Line, bool]]
    )
    named: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    others: list[int] = field(default_factory=list[int])

    def put(self, line: calc.Line, *, is_alike: bool) -> None:
        """One more line."""
        place = len(self.lines)
        self.lines[place] = (line, is_alike)
        name = line.bank_reference if is_alike else ""
        (self.named.setdefault(name, []) if name else self.others).append(place)

    def take(self, fact: calc.Line) -> bool:
        """Whether a line stands for the entry; that line stands for no other one then."""
        name, best, found = fact.bank_reference, 0, None
        for place in [*self.named.get(name, ()), *self.others] if name else list(self.lines):
            if place not in self.lines:
                continue
            line, is_alike = self.lines[place]
            score = calc.is_same(fact, line, same_format=is_alike)
            if score > best or (found is not None and score == best and place < found):
                best, found = score, place
        if found is not None:
            del self.lines[found]
        return found is not None


def lines_of(
    told: Told,
    row: Statement,
    account: BankAccount,
    family: str,
    *,
    by: Actor,
    at: datetime,
) -> list[tuple[Any, ...]]:
    """The rows of what is new; twins of one file are told apart by their occurrence."""
    entries = booked(told)
    facts = facts_of(entries, account)
    codes = {
        fact.id: (entry.code, entry.valued_on) for fact, entry in zip(facts, entries, strict=True)
    }
    there = lines_like(facts, account.id, family=family, by=by)
    seen = occurrences(there)
    rows = []
    for position, fact in enumerate(unknown(facts, there), start=1):
        mark = mark_of(fact)
        seen[mark] = seen.get(mark, 0) + 1
        code, valued_on = codes[fact.id]
        rows.append(
            (
                by.organization_id, fact.id, account.id, row.id, position, fact.booked_on,
                valued_on, fact.amount, fact.currency, fact.name, fact.account,
                fact.text[:2000], fact.reference, fact.end_to_end, fact.bank_reference, code[:40],
                fact.original_amount, fact.original_currency, fact.charges, fact.is_reversal,
                fact.details, mark, seen[mark], "open", "", at, 1,
            )
        )  # fmt: skip
    return rows


def mark_of(fact: calc.Line) -> str:
    """The fingerprint of a line."""
    return calc.fingerprint(
        booked_on=fact.booked_on,
        amount=fact.amount,
        bank_reference=fact.bank_reference,
        end_to_end=fact.end_to_end,
        said=f"{fact.name} {fact.account} {fact.said}",
    )


def occurrences(there: Sequence[There]) -> dict[str, int]:
    """Fingerprint → how many lines have it; absent where none has."""
    seen: dict[str, int] = {}
    for one in there:
        seen[one.fingerprint] = max(one.occurrence, seen.get(one.fingerprint, 0))
    return seen


def note_balance(statements: Sequence[Told], account: BankAccount, *, at: datetime) -> None:
    """The newest closing balance is what the bank says."""
    account.imported_at = at
    for told in statements:
        on = told.closing_on
        if told.closing is None or on is None:
            continue
        if account.bank_on is None or on >= account.bank_on:
            account.bank_amount = minor(told.closing, account.currency, "/closing")
            account.bank_on = on
    account.save(update_fields=["imported_at", "bank_amount", "bank_on"])


def tell(row: Statement, *, by: Actor) -> None:
    """Audit and event of a statement."""
    audit.record(
        by=by,
        action="bank_statement.import",
        table="banking_statement",
        row_id=row.id,
        before=None,
        after={
            "format": row.format,
            "file": row.filename,
            "sha256": row.sha256,
            "entries": row.entry_count,
            "new": row.new_count,
        },
    )
    event = StatementImported(
        statement_id=row.id, account_id=row.account_id, entries=row.entry_count, new=row.new_count
    )
    bus.publish(event, by=by)
