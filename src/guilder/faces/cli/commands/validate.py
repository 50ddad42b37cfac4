"""`guilder validate`: e-invoices judged by the official rules; no database is asked."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from guilder.faces.cli import talk
from guilder.faces.cli.commands.import_ import contents
from guilder.kernel.errors import GuilderError
from guilder.papers.exchange import judging
from guilder.papers.exchange.rules import explain, scenarios
from guilder.papers.exchange.rules.verdict import Fired, Verdict


@click.command("validate")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--as",
    "scenario",
    type=click.Choice(sorted(scenarios.BY_NAME)),
    help="Judge by these rules instead of those that the file asks for.",
)
@click.option("--attachment", default="", help="Judge this file in a PDF that holds several.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Rules in force on that day.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.pass_context
def command(
    context: click.Context,
    *,
    files: tuple[Path, ...],
    scenario: str | None,
    attachment: str,
    day: datetime | None,
    as_json: bool,
) -> None:
    """Judge e-invoices (XML, hybrid PDF) by the official rules.

    Exit code 0: all are valid; 3: some; 1: none.
    """
    context.obj.set_up()
    on = day.date() if day else date.today()
    good = bad = 0
    with talk.progress("Judging files", len(files), plain=context.obj.plain) as bar:
        for path in files:
            verdict, fault = judged(path, on=on, scenario=scenario or "", attachment=attachment)
            told = line(path, verdict, fault)
            good, bad = good + (told["valid"] is True), bad + (told["valid"] is not True)
            if as_json:
                talk.result(told)
            else:
                tell(told)
            bar.advance()
    if not as_json and good + bad > 1:
        (talk.failure if bad else talk.success)(f"{good:,} of {good + bad:,} are valid.")
    context.exit(talk.code_of(good=good, bad=bad))


def judged(
    path: Path, *, on: date, scenario: str, attachment: str = ""
) -> tuple[Verdict | None, Fired | None]:
    """The verdict on a file, or what kept it from being judged."""
    data, problem = contents(path)
    if problem is not None:
        return None, Fired(rule=problem.code, severity="fatal", text=problem.detail)
    try:
        return judging.judge(data, on=on, scenario=scenario, attachment=attachment), None
    except GuilderError as error:
        return None, Fired(rule=error.code, severity="fatal", text=error.detail)


def line(path: Path, verdict: Verdict | None, fault: Fired | None) -> dict[str, Any]:
    """A verdict as one plain object."""
    if verdict is None:
        fired = [explain.told(fault)] if fault else []
        told: dict[str, Any] = {"scenario": "", "valid": None, "fired": fired, "packs": []}
        return {"file": str(path), **told, "missing": []}
    return {"file": str(path), **explain.told_verdict(verdict)}


def tell(told: dict[str, Any]) -> None:
    """A verdict for people."""
    title = told["title"] if told.get("title") else ""
    if told["valid"]:
        click.echo(f"✓ {told['file']}: valid by {title}")
    elif told["valid"] is None:
        talk.failure(f"{told['file']}: not judged")
    else:
        talk.failure(f"{told['file']}: not valid by {title}" if title else str(told["file"]))
    for one in told["fired"]:
        if one["severity"] == "information":
            continue
        place = f" at {one['where']}" if one["where"] else ""
        level = one["severity"]
        if one["published"]:  # KoSIT's configuration changes levels
            level += f" (published as {one['published']})"
        talk.detail(f"{level} {one['rule']}{place}: {one['text']}")
        if one["fix"]:
            talk.detail(f"  → {one['fix']}")
    for part in told["missing"]:
        talk.detail(f"Not asked, for they are not installed: {part}. See `guilder rules`.")
    for other in told.get("others", ()):
        tell({**other, "file": f"{told['file']}, {other['attachment']}"})
