"""`guilder rules`: the rule packs by which e-invoices are judged."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from guilder.faces.cli import talk
from guilder.papers.exchange import rulekeeping
from guilder.papers.exchange.rules.packs import Pack

DAY = click.DateTime(["%Y-%m-%d"])


@click.group("rules")
@click.pass_context
def command(context: click.Context) -> None:
    """Look after the rule packs: list them, import releases, fetch what is newer."""
    context.obj.set_up()


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def list_(*, as_json: bool) -> None:
    """Every pack at hand, and which judge today."""
    today = date.today()
    packs = rulekeeping.known_packs()
    judging_now = {pack.label for pack in rulekeeping.judging_packs(today)}
    for pack in packs:
        told = plain(pack, judges=pack.label in judging_now)
        if as_json:
            talk.result(told)
        else:
            click.echo(sentence(told))


@command.command("import")
@click.argument("archive", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--name", default="", help="For PINT: the jurisdiction, such as pint-eu.")
@click.option("--version", default="", help="The version, where the archive does not tell it.")
@click.option("--from", "valid_from", type=DAY, help="The first day on which it judges.")
@click.option("--until", "valid_until", type=DAY, help="The last day on which it judges.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def import_(
    *,
    archive: Path,
    name: str,
    version: str,
    valid_from: datetime | None,
    valid_until: datetime | None,
    as_json: bool,
) -> None:
    """Import the release archive (ZIP or wheel) of a publisher of rules."""
    found = rulekeeping.import_archive(
        archive.read_bytes(),
        filename=archive.name,
        name=name,
        version=version,
        valid_from=valid_from.date() if valid_from else None,
        valid_until=valid_until.date() if valid_until else None,
    )
    tell(found, as_json=as_json)


@command.command("update")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def update(*, as_json: bool) -> None:
    """Fetch the releases that this version of Guilder knows of and that are not at hand."""
    found = rulekeeping.fetch_releases()
    tell(found, as_json=as_json)
    if not found and not as_json:
        talk.success("Every known release is at hand.")


def tell(found: tuple[Pack, ...], *, as_json: bool) -> None:
    """What was imported."""
    for pack in found:
        if as_json:
            talk.result(plain(pack, judges=None))
        else:
            talk.success(f"{pack.title}, {pack.label}: {len(pack.parts)} parts, checked.")
            talk.detail(f"archive sha256 {pack.sha256}")


def plain(pack: Pack, *, judges: bool | None) -> dict[str, Any]:
    """A pack as one plain object."""
    told = {
        "name": pack.name,
        "version": pack.version,
        "title": pack.title,
        "publisher": pack.publisher,
        "released": pack.released,
        "valid_from": pack.valid_from,
        "valid_until": pack.valid_until,
        "source": pack.source,
        "sha256": pack.sha256,
        "parts": sorted(pack.parts),
    }
    return told if judges is None else {**told, "judges": judges}


def sentence(told: dict[str, Any]) -> str:
    """A pack for people."""
    days = [f"from {told['valid_from']}"] if told["valid_from"] else []
    days += [f"until {told['valid_until']}"] if told["valid_until"] else []
    mark = "✓" if told["judges"] else "·"
    words = f"{mark} {told['name']} {told['version']}: {told['title']} ({told['source']})"
    return ", ".join([words, *days])
