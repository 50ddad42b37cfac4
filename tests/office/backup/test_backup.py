"""Backups are whole or refused; what comes back is what was there; an export holds one's own only."""

import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner
from psycopg import sql

from guilder.kernel.errors import GuilderError
from tests import make
from tests.database import TestServer, addresses, named
from tests.make import World

CONTENT = b"%PDF-1.7 what was signed"


@pytest.fixture
def owner(server: TestServer) -> str:
    """The address of the tests' database as its owner."""
    return addresses(server.database)[1]


@pytest.fixture
def empty(server: TestServer) -> Iterator[str]:
    """A database without tables on the same server, as its owner."""
    name = f"guilder_empty_{uuid4().hex[:12]}"
    with psycopg.connect(server.maintenance, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER guilder TEMPLATE template0").format(
                sql.Identifier(name)
            )
        )
        yield named(addresses(name)[1], "guilder", name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def programs(owner: str) -> Path:
    from guilder.runtime.commands import keeping

    return keeping.programs(owner)


@pytest.fixture
def archive(world: World, owner: str, tmp_path: Path) -> Path:
    """A backup with an issued invoice, a payment and a file."""
    from guilder.foundation.files import operations as files
    from guilder.office.backup import operations

    invoice = make.issued_invoice(world.alice)
    make.payment(world.alice, invoice, "19.00")
    files.store(CONTENT, by=world.alice, filename="a.pdf", media_type="application/pdf")
    saved = operations.backup(
        tmp_path / "backup.tar", owner=owner, programs=programs(owner), at=make.NOW
    )
    assert saved.files >= 1
    assert saved.size == saved.path.stat().st_size
    return saved.path


def test_what_comes_back_is_what_was_there(
    archive: Path, world: World, empty: str, tmp_path: Path
) -> None:
    from guilder.office.backup import operations, queries

    head = operations.check_archive(archive)
    kept: dict[str, bytes] = {}
    operations.refuse_used(owner=empty, folder=tmp_path / "files")
    operations.bring_back(
        archive, owner=empty, programs=programs(empty), scratch=tmp_path, keep=kept.__setitem__
    )

    assert CONTENT in kept.values()
    assert head["counts"]["issued_documents"] >= 1
    with psycopg.connect(empty, autocommit=True) as restored:
        for name, table in operations.COUNTS.items():
            count = restored.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert count == (head["counts"][name],)
        broken = [
            proof.invariant
            for proof in queries.verify(organization_id=world.organization, connection=restored)
            if not proof.holds
        ]
        # The rights of the app's role come back with the migration that follows.
        assert broken == []
    with pytest.raises(operations.NotEmpty):
        operations.refuse_used(owner=empty, folder=tmp_path / "files")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar"]


def test_a_folder_with_files_is_refused(empty: str, tmp_path: Path) -> None:
    from guilder.office.backup import operations

    (tmp_path / "files" / "ab").mkdir(parents=True)
    (tmp_path / "files" / "ab" / "abcd").write_bytes(b"x")

    with pytest.raises(operations.NotEmpty):
        operations.refuse_used(owner=empty, folder=tmp_path / "files")


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def another_file(path: Path) -> None:
    path.write_bytes(b"this is a letter, not a backup" * 100)


def rewritten(path: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> None:
    """The archive with its members passed through `change`."""
    with tarfile.open(path) as old:
        members = [(one.name, old.extractfile(one).read()) for one in old]  # type: ignore[union-attr]
    with tarfile.open(path, "w") as new:
        for name, data in members:
            changed = change(name, data)
            if changed is not None:
                entry = tarfile.TarInfo(changed[0])
                entry.size = len(changed[1])
                new.addfile(entry, io.BytesIO(changed[1]))


def without_manifest(path: Path) -> None:
    rewritten(path, lambda name, data: None if name == "manifest.json" else (name, data))


def without_a_file(path: Path) -> None:
    rewritten(path, lambda name, data: None if name.startswith("files/") else (name, data))


def with_a_way_out(path: Path) -> None:
    rewritten(
        path,
        lambda name, data: ("../../etc/passwd", data) if name == "database.dump" else (name, data),
    )


def of_the_future(path: Path) -> None:
    def newer(name: str, data: bytes) -> tuple[str, bytes]:
        if name != "guilder-backup.json":
            return name, data
        return name, json.dumps({**json.loads(data), "format": 99}).encode()

    rewritten(path, newer)


@pytest.mark.parametrize(
    "harm",
    [flipped, cut, emptied, another_file, without_manifest, without_a_file, with_a_way_out,
     of_the_future],
)  # fmt: skip
def test_an_archive_that_is_not_whole_is_refused_before_anything_is_touched(
    harm: Callable[[Path], None], archive: Path
) -> None:
    from guilder.office.backup import operations

    operations.check_archive(archive)
    harm(archive)

    with pytest.raises(operations.BadArchive) as caught:
        operations.check_archive(archive)
    assert str(archive) in caught.value.detail


def test_a_backup_of_a_later_release_is_refused() -> None:
    from guilder.office.backup import operations

    head = {"guilder": "9.0", "migrations": ["invoicing.0001_initial", "invoicing.0099_later"]}

    with pytest.raises(operations.NewerArchive, match=r"invoicing\.0099_later"):
        operations.refuse_newer(head, known={"invoicing.0001_initial"})
    operations.refuse_newer(head, known=set(head["migrations"]))


def test_no_file_is_written_over(archive: Path, owner: str) -> None:
    from guilder.office.backup import operations

    before = archive.read_bytes()

    with pytest.raises(operations.ArchiveIsThere):
        operations.backup(archive, owner=owner, programs=programs(owner), at=make.NOW)
    assert archive.read_bytes() == before
    assert oct(archive.stat().st_mode & 0o777) == "0o600"


def test_a_role_that_does_not_see_all_rows_makes_no_backup(
    server: TestServer, tmp_path: Path
) -> None:
    from guilder.office.backup import operations

    app = addresses(server.database)[0]

    with pytest.raises(operations.BackupFailed, match="does not see all rows"):
        operations.backup(tmp_path / "b.tar", owner=app, programs=Path("/"), at=make.NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_program_leaves_nothing_behind(owner: str, tmp_path: Path) -> None:
    from guilder.office.backup import operations

    with pytest.raises(operations.BackupFailed, match="does not run"):
        operations.backup(tmp_path / "b.tar", owner=owner, programs=tmp_path, at=make.NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_gone_is_named_and_the_rest_saved(
    world: World, owner: str, tmp_path: Path
) -> None:
    from guilder.foundation.files import operations as files
    from guilder.foundation.files import stores
    from guilder.office.backup import operations

    stored = files.store(b"soon gone", by=world.alice, filename="b.txt", media_type="text/plain")
    store: Any = stores.current()
    store.path(stored.sha256).unlink()

    saved = operations.backup(
        tmp_path / "b.tar", owner=owner, programs=programs(owner), at=make.NOW
    )

    assert stored.sha256 in saved.missing
    assert operations.check_archive(saved.path)["counts"]["organizations"] >= 2
    store.keep(stored.sha256, b"soon gone")


def exported(world: World, target: Path) -> dict[str, bytes]:
    """The files of an export made by the command."""
    from guilder.faces.cli.commands.export import command
    from guilder.faces.cli.main import Program

    done = CliRunner().invoke(
        command, [str(target), "--organization", str(world.organization), "--json"], obj=Program()
    )
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(target) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_export_holds_all_of_ones_own_and_nothing_else(world: World, tmp_path: Path) -> None:
    from guilder.foundation.files import operations as files
    from guilder.foundation.identity import operations as identity

    invoice = make.issued_invoice(world.alice)
    foreign = make.issued_invoice(world.mallory)
    files.store(CONTENT, by=world.alice, filename="a.pdf", media_type="application/pdf")
    identity.create_api_key(by=world.alice, name="shop", role="admin")

    found = exported(world, tmp_path / "all.zip")

    rows = [json.loads(line) for line in found["tables/invoicing_invoice.jsonl"].splitlines()]
    assert [row["id"] for row in rows] == [str(invoice.id)]
    paper = json.loads(found[f"papers/{invoice.number}.json"])
    assert paper["totals"]["due"] == "119.00"
    assert CONTENT in found.values()
    whole = b"".join(found.values())
    assert str(foreign.id).encode() not in whole
    assert str(world.other).encode() not in whole
    assert world.alice_email.encode() in found["members.jsonl"]
    for secret in (b"secret_hash", b"pbkdf2", b"argon2", b"md5$"):
        assert secret not in whole
    assert not [name for name in found if "apikey" in name or "session" in name]


def test_the_manifest_of_an_export_names_each_file_with_its_hash(
    world: World, tmp_path: Path
) -> None:
    import hashlib

    found = exported(world, tmp_path / "all.zip")

    manifest = json.loads(found.pop("manifest.json"))
    assert {one["name"]: one["sha256"] for one in manifest["files"]} == {
        name: hashlib.sha256(data).hexdigest() for name, data in found.items()
    }


def test_an_export_writes_over_nothing_and_needs_the_right_to_it(
    world: World, tmp_path: Path
) -> None:
    from guilder.office.backup import operations

    target = tmp_path / "all.zip"
    target.write_bytes(b"mine")

    with pytest.raises(GuilderError, match="there already"):
        operations.export_organization(target, by=world.alice, at=make.NOW)
    with pytest.raises(GuilderError, match="permission"):
        operations.export_organization(tmp_path / "b.zip", by=world.bob, at=make.NOW)
    assert target.read_bytes() == b"mine"
