"""`guilder bank`: statements in; with --check they are only judged."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from guilder.faces.cli import talk
from guilder.flows.banking import check as checking
from guilder.kernel.errors import GuilderError

LARGEST = 64 * 1024 * 1024


@click.group("bank")
def command() -> None:
    """Import bank statements."""


@command.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Judge the files; write nothing.")
@click.option("--account", metavar="NAME", default="", help="Whose lines: an IBAN or a name.")
@click.option("--organization", metavar="NAME", default="", help="A name or an id.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.pass_context
def import_(
    context: click.Context,
    *,
    files: tuple[Path, ...],
    only_check: bool,
    account: str,
    organization: str,
    as_json: bool,
) -> None:
    """Import camt.052/053/054, MT940/942, OFX, QFX, QIF, CSV and XLSX files.

    An entry is booked once, however often and in whichever format it comes.
    Exit code 0: all of them; 3: some; 1: none.
    """
    if only_check:
        results = checked(files, plain=context.obj.plain)
    else:
        context.obj.open()
        from guilder.faces.cli.statements import imported

        results = imported(
            files, organization=organization, account=account, plain=context.obj.plain
        )
    good = bad = 0
    for one in results:
        good, bad = good + one["ok"], bad + (not one["ok"])
        if as_json:
            talk.result(one)
        else:
            tell(one)
    context.exit(talk.code_of(good=good, bad=bad))


def checked(files: tuple[Path, ...], *, plain: bool) -> Iterator[dict[str, Any]]:
    """The verdict on each file."""
    with talk.progress("Checking files", len(files), plain=plain) as bar:
        for path in files:
            yield judged(path)
            bar.advance()


def judged(path: Path) -> dict[str, Any]:
    """One file; what cannot be opened is a verdict too."""
    try:
        return checking.check_file(contents(path), str(path))
    except OSError as error:
        refusal = GuilderError(f"It cannot be read: {error.strerror or error}.")
        return checking.refused(str(path), refusal)


def contents(path: Path) -> bytes:
    """The bytes, one more than are allowed at most."""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def tell(one: dict[str, Any]) -> None:
    """The verdict as people read it."""
    if one["format"] is None:
        talk.failure(f"{one['file']}: {' '.join(one['problems'])}")
        return
    said = f"{one['file']}: {one['format']}, {one['transactions']} entries"
    if "new" in one:
        said += f", {one['new']} of them new, {one['posted']} matched"
    (talk.success if one["ok"] else talk.failure)(f"{said}.")
    for problem in one["problems"]:
        talk.detail(problem)
