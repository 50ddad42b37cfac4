"""`guilder export`: all that is kept of an organization, in open forms."""

from datetime import UTC, datetime
from pathlib import Path

import click

from guilder.faces.cli import talk


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--organization", metavar="NAME", default="", help="Which one: a name or an id.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(context: click.Context, *, file: Path, organization: str, as_json: bool) -> None:
    """Write the whole of an organization into the zip archive FILE: rows, papers, files."""
    from guilder.faces.cli.whose import organization_of
    from guilder.foundation.identity import operations as identity
    from guilder.office.backup import operations as backup
    from guilder.office.backup import queries

    found = organization_of(organization)
    by = identity.system_actor(found.id, source="cli")
    with talk.progress("Exporting", queries.exported_tables(), plain=context.obj.plain) as bar:
        manifest = backup.export_organization(
            file, by=by, at=datetime.now(UTC), progress=bar.advance
        )
    counts = manifest["counts"]
    talk.success(
        f"{found.name} is in {file}: {counts['papers']:,} papers, {counts['files']:,} files,"
        f" {sum(counts.values()):,} rows in all."
    )
    if as_json:
        talk.result({"file": str(file), "counts": counts})
