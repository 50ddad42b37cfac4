"""Posting by itself what is sure enough, as the organization set for the account."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

import msgspec

from guilder.books.payments.operations import Receipt, record_many
from guilder.flows.banking import calc
from guilder.flows.banking.events import LineMatched
from guilder.flows.banking.models import BankAccount
from guilder.flows.banking.operations.learning import learn_many
from guilder.flows.banking.operations.matching import choice_of, settle, waiting
from guilder.flows.banking.queries.gathering import Directory
from guilder.flows.banking.queries.lines import open_facts, proposals_of
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.hot import array, cursor, insert_many, together
from guilder.foundation.tenancy.ids import uuid7_texts
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import GuilderError
from guilder.kernel.money import Money

OPEN = {"state": "open"}  # what a line was
MOST_AT_ONCE = 20_000
CHUNK = 500
HOLD = """
SELECT id FROM banking_statementline
WHERE organization_id = %(organization)s::uuid AND id = ANY(%(ids)s::uuid[]) AND state = 'open'
ORDER BY id FOR NO KEY UPDATE
"""
CLOSE = """
UPDATE banking_statementline SET state = 'matched', version = version + 1,
  changed_at = %(at)s::timestamptz
WHERE organization_id = %(organization)s::uuid AND id = ANY(%(ids)s::uuid[])
"""
MATCH = {
    "organization_id": "uuid", "id": "uuid", "line_id": "uuid", "kind": "text",
    "amount": "bigint", "payment_id": "uuid", "label": "text", "score": "smallint",
    "reasons": "jsonb", "is_automatic": "boolean", "is_active": "boolean",
    "created_by_id": "uuid", "created_at": "timestamptz",
}  # fmt: skip


def match_sure(
    account_id: UUID, *, by: Actor, at: datetime, automatic_from: int | None = None
) -> int:
    """Match the open lines whose proposal is sure enough; how many were.

    `automatic_from` percent, else what the account says; None for never. Plain payments go in
    chunks of 500, each a transaction; the others one by one. Whatever stops it leaves whole
    matches behind, and a second run goes on where it stopped.
    """
    by.require("bank.edit")
    with transaction(by.organization_id):
        account = BankAccount.objects.of(by.organization_id).filter(id=account_id).first()
        least = automatic_from or (account.automatic_from if account else None)
        if account is None or least is None:
            return 0
        lines = open_facts(account_id, by=by, limit=MOST_AT_ONCE)
        base = identities.get_organization(by.organization_id).base_currency
    directory, matched = Directory(), 0
    for start in range(0, len(lines), CHUNK):
        chunk = {one.id: one for one in lines[start : start + CHUNK]}
        found = proposals_of(list(chunk.values()), account, by=by, directory=directory)
        sure = {key: one for key, one in found.items() if one.score >= least}
        plain = [one for one in sure.values() if account.currency == base and is_plain(one)]
        done = match_plain(plain, chunk, account, by=by, at=at)
        matched += len(done)
        rest = [one for key, one in sure.items() if key not in done]
        matched += sum(match_one(one, account, by=by, at=at) for one in rest)
    return matched


def is_plain(proposal: calc.Proposal) -> bool:
    """Whether it is a payment of invoices and nothing else."""
    return proposal.kind == "invoice" and not proposal.difference_kind


def match_one(proposal: calc.Proposal, account: BankAccount, *, by: Actor, at: datetime) -> bool:
    """One by itself; what the books refuse waits, and the page shows what is known of it."""
    try:
        with transaction(by.organization_id):
            row = waiting(proposal.line_id, by=by)
            settle(row, account, choice_of(proposal), by=by, at=at, is_automatic=True)
    except GuilderError:
        return False
    return True


def match_plain(
    plain: Sequence[calc.Proposal],
    lines: Mapping[UUID, calc.Line],
    account: BankAccount,
    *,
    by: Actor,
    at: datetime,
) -> set[UUID]:
    """A chunk of plain payments in one transaction; gives the lines that are matched."""
    if not plain:
        return set()
    try:
        with transaction(by.organization_id):
            held = cursor(binary=True).execute(
                HOLD,
                {
                    "organization": by.organization_id,
                    "ids": array([one.line_id for one in plain], "uuid"),
                },
                prepare=True,
            )
            free = {row[0] for row in held.fetchall()}
            receipts = {
                one.line_id: receipt_of(one, lines[one.line_id], account)
                for one in plain
                if one.line_id in free
            }
            good = record_many(list(receipts.values()), by=by, currency=account.currency, at=at)
            kept = [one for one in plain if receipts.get(one.line_id) is not None
                    and receipts[one.line_id].id in good]  # fmt: skip
            with together():
                write(kept, receipts, lines, account, by=by, at=at)
            return {one.line_id for one in kept}
    except GuilderError:
        return set()  # a locked period, say: one by one those of other days go through


def receipt_of(proposal: calc.Proposal, row: calc.Line, account: BankAccount) -> Receipt:
    """The payment that a line is."""
    return Receipt(
        partner_id=cast("UUID", proposal.partner_id),
        amount=row.amount,
        received_on=row.booked_on,
        account_id=account.ledger_account_id,
        shares={part.id: part.amount for part in proposal.parts},
        reference=(row.text or row.reference or row.name)[:140],
    )


def write(
    kept: Sequence[calc.Proposal],
    receipts: Mapping[UUID, Receipt],
    lines: Mapping[UUID, calc.Line],
    account: BankAccount,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Matches, states, the trail, and what is learned, each in one statement."""
    if not kept:
        return
    insert_many(
        "banking_match",
        MATCH,
        [
            match_row(one, lines[one.line_id], receipts[one.line_id].id, match_id, by=by, at=at)
            for one, match_id in zip(kept, uuid7_texts(len(kept)), strict=True)
        ],
    )
    cursor().execute(
        CLOSE,
        {
            "organization": by.organization_id,
            "at": at,
            "ids": array([one.line_id for one in kept], "uuid"),
        },
        prepare=True,
    )
    tell(kept, lines, account, by=by)
    learn_many(
        [(lines[one.line_id], one.partner_id) for one in kept if one.partner_id], by=by, at=at
    )


def tell(
    kept: Sequence[calc.Proposal],
    lines: Mapping[UUID, calc.Line],
    account: BankAccount,
    *,
    by: Actor,
) -> None:
    """The events and the audit rows of a chunk."""
    said = cache(lambda minor: str(Money(minor, account.currency)))
    events = [
        LineMatched(
            line_id=one.line_id,
            account_id=account.id,
            kind="invoice",
            amount=said(lines[one.line_id].amount),
            currency=account.currency,
            is_automatic=True,
        )
        for one in kept
    ]
    insert_many("events_event", bus.COLUMNS, bus.rows_of(events, by))
    changes = [
        audit.Change(
            one.line_id,
            OPEN,
            {
                "state": "matched",
                "shares": [["invoice", lines[one.line_id].amount, label_of(one)]],
                "is_automatic": True,
            },
        )
        for one in kept
    ]
    audit.record_many(changes, by=by, action="bank_line.match", table="banking_statementline")


def match_row(
    one: calc.Proposal, row: calc.Line, payment_id: UUID, id_: str, *, by: Actor, at: datetime
) -> tuple[Any, ...]:
    """The row of one match."""
    told = [{"code": why.code, **why.values} for why in one.reasons]  # a day is spelled as `wired`
    reasons = msgspec.json.encode(told).decode()
    return (
        by.organization_id, id_, row.id, "invoice", row.amount, payment_id, label_of(one),
        one.score, reasons, True, True, by.user_id, at,
    )  # fmt: skip


def label_of(one: calc.Proposal) -> str:
    """What the match is called."""
    return ", ".join(part.label for part in one.parts)[:200]
