"""Many invoices at once: what is alike is judged once, what is written is written set by set."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import connections

from guilder.books.invoicing.building import InvalidDraft
from guilder.books.invoicing.operations.bulk.shapes import Ready, Run
from guilder.books.invoicing.operations.bulk.writing import Numbered, write_chunk
from guilder.books.ledger import operations as ledger
from guilder.books.ledger import queries as accounts_of
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import GuilderError, Problem

CHUNK = 1_000
__all__ = ("CHUNK", "Numbered", "create_and_issue_many")


def create_and_issue_many(
    drafts: Iterable[Mapping[str, Any]],
    *,
    by: Actor,
    at: datetime,
    on: date | None = None,
    chunk: int = CHUNK,
) -> list[Numbered]:
    """Make and issue invoices (kind "invoice" only) from raw values, in their order.

    Each chunk is one transaction: its numbers are one block, taken just before it is written. What
    went before a refused chunk stays. Raises InvalidDraft with pointers that begin with the index
    of the draft, NoRate, numbering's IssuedBeforeLast, ledger's PeriodIsLocked.
    """
    by.require("invoice.create")
    by.require("invoice.issue")
    waiting = iter(drafts)
    done: list[Numbered] = []
    while part := list(islice(waiting, chunk)):
        with transaction(by.organization_id):
            done += issue_chunk(part, by=by, at=at, on=on, first=len(done))
    return done


def issue_chunk(
    part: Sequence[Mapping[str, Any]], *, by: Actor, at: datetime, on: date | None, first: int
) -> list[Numbered]:
    """One transaction's worth."""
    accounts = accounts_of.account_map(by.organization_id)
    run = Run(by=by, at=at, on=on)
    ready: list[Ready] = []
    problems: list[Problem] = []
    for index, data in enumerate(part, start=first):
        try:
            ready.append(run.ready(data))
        except GuilderError as error:
            problems += pointed(error, index)
    if problems:
        raise InvalidDraft(problems=problems)
    if not ready or run.day is None:
        return []
    # The statements travel while the next ones are put together.
    with ledger.refusals(), connections["default"].connection.pipeline():
        return write_chunk(ready, run, by=by, at=at, on=run.day, accounts=accounts)


def pointed(error: GuilderError, index: int) -> list[Problem]:
    """The problems of one draft, under its index."""
    if not error.problems:
        return [Problem(f"/{index}", error.code, error.detail)]
    return [Problem(f"/{index}{one.pointer}", one.code, one.detail) for one in error.problems]
