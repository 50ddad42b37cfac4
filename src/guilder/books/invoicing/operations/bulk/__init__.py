"""Many invoices at once: what is alike is judged once, what is written is written set by set."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any

from guilder.books.invoicing.building import InvalidDraft
from guilder.books.invoicing.operations.bulk.shapes import Ready, Run
from guilder.books.invoicing.operations.bulk.writing import (
    Chunk,
    Numbered,
    prepared,
    write_chunk,
)
from guilder.books.ledger import operations as ledger
from guilder.books.ledger import queries as accounts_of
from guilder.foundation.tenancy import hot
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
    with transaction(by.organization_id):
        judged = next_chunk(waiting, by=by, at=at, on=on, chunk=chunk, first=0)
    while judged is not None:
        with transaction(by.organization_id), ledger.refusals():
            accounts = accounts_of.account_map(by.organization_id)
            # Statements travel while what follows is put together: the rest of this chunk, and
            # while the server is still busy with it, the next one.
            with hot.connection_of().pipeline():
                if isinstance(judged, InvalidDraft):
                    raise judged
                done += write_chunk(judged, by=by, at=at, accounts=accounts)
                judged = next_chunk(waiting, by=by, at=at, on=on, chunk=chunk, first=len(done))
    return done


def next_chunk(
    waiting: Iterator[Mapping[str, Any]],
    *,
    by: Actor,
    at: datetime,
    on: date | None,
    chunk: int,
    first: int,
) -> Chunk | InvalidDraft | None:
    """The next chunk, judged; the refusal to be raised in its turn; None at the end."""
    part = list(islice(waiting, chunk))
    if not part:
        return None
    run = Run(by=by, at=at, on=on)
    ready: list[Ready] = []
    problems: list[Problem] = []
    for index, data in enumerate(part, start=first):
        try:
            ready.append(run.ready(data))
        except GuilderError as error:
            problems += pointed(error, index)
    if problems:
        return InvalidDraft(problems=problems)
    return prepared(run, ready)


def pointed(error: GuilderError, index: int) -> list[Problem]:
    """The problems of one draft, under its index."""
    if not error.problems:
        return [Problem(f"/{index}", error.code, error.detail)]
    return [Problem(f"/{index}{one.pointer}", one.code, one.detail) for one in error.problems]
