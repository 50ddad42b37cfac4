"""`guilder import`: papers from files as drafts; with --check they are only judged."""

import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from guilder.faces.cli import talk
from guilder.kernel import xml
from guilder.kernel.errors import Problem
from guilder.papers.exchange import check as checking


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Judge the files; write nothing.")
@click.option(
    "--as",
    "side",
    type=click.Choice(("invoice", "bill", "history", "opening")),
    help="Take the files as invoices of yours or as bills of suppliers (else their tax ids tell);"
    " as history: papers that an earlier system issued, locked under their old numbers; as opening:"
    " a CSV of account and balance, what the accounts stood at.",
)
@click.option(
    "--open",
    "open_of",
    metavar="due|none|LIST",
    help="What is unpaid of history: all that is due, nothing, or a CSV of number and amount.",
)
@click.option(
    "--on",
    type=click.DateTime(("%Y-%m-%d",)),
    help="The day on which history and opening balances are booked (else today).",
)
@click.option("--organization", metavar="NAME", help="Whose drafts they become: a name or an id.")
@click.option(
    "--accept-differences",
    is_flag=True,
    help="Import files too whose stated totals are not what their lines give.",
)
@click.option(
    "--whole",
    is_flag=True,
    help="The file is the archive of an organization: bring all of it back.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.pass_context
def command(
    context: click.Context,
    *,
    files: tuple[Path, ...],
    only_check: bool,
    side: str | None,
    open_of: str | None,
    on: datetime | None,
    organization: str | None,
    accept_differences: bool,
    whole: bool,
    as_json: bool,
) -> None:
    """Import e-invoices (UBL, CII, hybrid PDF), CSV and JSON: as drafts, or as history.

    Exit code 0: all of them; 3: some; 1: none.
    """
    if whole:
        brought_back(context, files, as_json=as_json)
        return
    if only_check:
        results = checked(files, plain=context.obj.plain)
    else:
        context.obj.open()
        importer = chosen(
            organization or "",
            side=side or "",
            open_of=open_of,
            on=on.date() if on else None,
            accept_differences=accept_differences,
        )
        results = imported(importer, files, plain=context.obj.plain)
    good = bad = 0
    for one in results:
        good, bad = good + one["ok"], bad + (not one["ok"])
        if as_json:
            talk.result(one)
        else:
            tell(one, only_check=only_check)
    if not as_json and good + bad > 1:
        verb = "agree with themselves" if only_check else "imported"
        (talk.failure if bad else talk.success)(f"{good:,} of {good + bad:,} {verb}.")
    context.exit(talk.code_of(good=good, bad=bad))


def chosen(
    organization: str, *, side: str, open_of: str | None, on: date | None, accept_differences: bool
) -> Any:
    """Who takes the files in. Raises click.UsageError for options that do not go together."""
    from guilder.faces.cli import importing

    if (open_of is not None) != (side == "history"):
        raise click.UsageError("Say --as history and --open due, --open none or --open LIST.csv.")
    if on is not None and side not in {"history", "opening"}:
        raise click.UsageError("--on goes with --as history and --as opening.")
    if side == "opening":
        return importing.Opening(organization, on=on)
    if open_of is None:
        return importing.importer_of(organization, side=side, accept_differences=accept_differences)
    try:
        return importing.takeover_of(
            organization, on=on, open_of=open_of, accept_differences=accept_differences
        )
    except OSError as error:
        raise click.UsageError(f"{open_of} cannot be opened: {error.strerror}.") from None


def brought_back(context: click.Context, files: tuple[Path, ...], *, as_json: bool) -> None:
    """Organizations as `guilder export` handed them out."""
    context.obj.open()
    from guilder.office.backup import operations as backup
    from guilder.office.backup import queries

    steps = len(files) * queries.exported_tables()
    with talk.progress("Bringing back", steps, plain=context.obj.plain) as bar:
        found = [backup.import_organization(path, progress=bar.advance) for path in files]
    for path, organization_id in zip(files, found, strict=True):
        talk.success(f"{path} is here again, as organization {organization_id}.")
        if as_json:
            talk.result({"file": str(path), "organization": str(organization_id)})


def checked(files: tuple[Path, ...], *, plain: bool) -> Iterator[dict[str, Any]]:
    """The verdict on each paper in each file."""
    with talk.progress("Checking files", len(files), plain=plain) as bar:
        for path in files:
            data, problem = contents(path)
            if problem is not None:
                yield unread(path, problem)
            else:
                for one in checking.check_all(data, str(path)):
                    yield one.as_json()
            bar.advance()


def imported(importer: Any, files: tuple[Path, ...], *, plain: bool) -> Iterator[dict[str, Any]]:
    """What became of each paper in each file."""
    with talk.progress("Importing files", len(files), plain=plain) as bar:
        for path in files:
            data, problem = contents(path)
            if problem is not None:
                yield {"file": str(path), "ok": False, "problems": [problem_dict(problem)]}
            else:
                yield from importer.papers(data, str(path))
            bar.advance()
    yield from getattr(importer, "unmet", lambda _: ())("--open")


def contents(path: Path) -> tuple[bytes, Problem | None]:
    """The bytes of a file (no more than may be read, and one), or what kept them."""
    try:
        if str(path) == "-":
            return sys.stdin.buffer.read(xml.LIMITS.size + 1), None
        with path.open("rb") as file:
            return file.read(xml.LIMITS.size + 1), None
    except OSError as error:
        return b"", Problem("", "import.unreadable", f"It cannot be opened: {error.strerror}.")


def unread(path: Path, problem: Problem) -> dict[str, Any]:
    """The verdict on a file that could not be opened."""
    return checking.Check(
        file=str(path),
        kind="",
        ok=False,
        totals=checking.NOTHING,
        stated=checking.NOTHING,
        problems=(problem,),
    ).as_json()


def problem_dict(problem: Problem) -> dict[str, str]:
    """A problem as JSON."""
    return {"pointer": problem.pointer, "code": problem.code, "detail": problem.detail}


def tell(one: dict[str, Any], *, only_check: bool) -> None:
    """A verdict for people."""
    name = one["file"] if not one.get("number") else f"{one['file']} ({one['number']})"
    if not one["ok"]:
        talk.failure(name)
    elif only_check:
        click.echo(f"✓ {name}: {one['kind']}, due {one['totals']['due']} {one['currency']}")
    else:
        click.echo(f"✓ {name}: {became(one)}")
    for problem in (*one["problems"], *one.get("remarks", ())):
        place = f"{problem['pointer']}: " if problem["pointer"] else ""
        talk.detail(f"{place}{problem['detail']}")


def became(one: dict[str, Any]) -> str:
    """What a paper is now."""
    if one["kind"] == "opening":
        return f"{one['accounts']} accounts opened on {one['on']}"
    if "document" in one:
        return f"bill of {one['client']}"
    if not one["draft"]:
        return f"history of {one['client']}"
    return f"draft {one['draft']} for {one['client']}"
