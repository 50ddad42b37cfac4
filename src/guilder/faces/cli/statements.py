"""Bank files from the command line into an organization."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from guilder.faces.cli import talk
from guilder.faces.cli.papers import Desk
from guilder.flows.banking import operations, queries
from guilder.flows.banking.check import refused, text_of
from guilder.kernel.errors import GuilderError

LARGEST = 64 * 1024 * 1024


def imported(
    files: tuple[Path, ...], *, organization: str, account: str, plain: bool
) -> Iterator[dict[str, Any]]:
    """What became of each file."""
    desk = Desk.of(organization)
    account_id = account_of(account, desk)
    with talk.progress("Importing files", len(files), plain=plain) as bar:
        for path in files:
            yield one_file(path, desk, account_id)
            bar.advance()


def account_of(name: str, desk: Desk) -> UUID | None:
    """The bank account of that IBAN or name; GuilderError where there is none."""
    if not name:
        return None
    wanted = name.replace(" ", "").upper()
    for one in queries.list_accounts(by=desk.by):
        if wanted in {one.iban, one.number.upper(), one.name.replace(" ", "").upper()}:
            return one.id
    raise queries.NoSuchBankAccount(f"There is no bank account “{name}”.")


def one_file(path: Path, desk: Desk, account_id: UUID | None) -> dict[str, Any]:
    """One file; what is refused is a result too."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        made = operations.import_statement(
            data, by=desk.by, at=desk.now, filename=path.name, account_id=account_id
        )
    except OSError as error:
        return refused(str(path), GuilderError(f"It cannot be read: {error.strerror or error}."))
    except GuilderError as refusal:
        return refused(str(path), refusal)
    return {
        "file": str(path),
        "format": made.format,
        "account": made.account.iban or made.account.number,
        "entries": made.entries,
        "transactions": made.entries,
        "statements": len(made.statements),
        "currency": made.account.currency,
        "opening": text_of(made.opening),
        "closing": text_of(made.closing),
        "ok": True,
        "new": made.new,
        "posted": made.posted,
        "problems": list(made.problems),
    }
