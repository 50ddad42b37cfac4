"""Bytes are kept under their hash, once, proved on reading, and only for who stored them."""

import hashlib
import os
import time
from pathlib import Path
from typing import Any

import pytest

from guilder.kernel.actor import Actor


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    from django.conf import settings

    monkeypatch.setattr(settings, "HOME", tmp_path)
    return tmp_path / "files"


def store(actor: Actor, data: bytes, name: str = "a.pdf") -> Any:
    from guilder.foundation.files import operations as files

    return files.store(data, by=actor, filename=name, media_type="application/pdf")


def test_what_was_stored_is_read(ada: Actor, places: Path) -> None:
    from guilder.foundation.files import queries

    data = os.urandom(5000)
    stored = store(ada, data)

    assert queries.read(stored.id, ada) == data
    digest = hashlib.sha256(data).hexdigest()
    assert (places / digest[:2] / digest).read_bytes() == data
    assert (stored.sha256, stored.size) == (digest, 5000)


def test_the_same_bytes_under_the_same_name_are_one_file(ada: Actor, places: Path) -> None:
    first, second = store(ada, b"x"), store(ada, b"x")
    other = store(ada, b"x", "b.pdf")

    assert first.id == second.id != other.id
    assert len([path for path in places.rglob("*") if path.is_file()]) == 1


def test_the_same_bytes_of_two_organizations_are_two_files(founded: Any, places: Path) -> None:
    from guilder.foundation.files import queries

    ada, eve = founded("Ada"), founded("Eve")
    mine, theirs = store(ada, b"x"), store(eve, b"x")

    assert mine.id != theirs.id
    with pytest.raises(queries.NoSuchFile):
        queries.read(theirs.id, ada)


def test_a_changed_file_is_noticed(ada: Actor, places: Path) -> None:
    from guilder.foundation.files import queries

    stored = store(ada, b"the truth")
    path = places / stored.sha256[:2] / stored.sha256
    path.chmod(0o600)
    path.write_bytes(b"a lie....")

    with pytest.raises(queries.FileDamaged, match="changed"):
        queries.read(stored.id, ada)
    assert [file_id for file_id, _ in queries.damaged(ada.organization_id)] == [stored.id]
    path.unlink()
    with pytest.raises(queries.FileDamaged, match="gone"):
        queries.read(stored.id, ada)


def test_half_a_file_from_a_crash_is_replaced(ada: Actor, places: Path) -> None:
    from guilder.foundation.files import queries

    digest = hashlib.sha256(b"whole").hexdigest()
    (places / digest[:2]).mkdir(parents=True)
    (places / digest[:2] / digest).write_bytes(b"wh")

    assert queries.read(store(ada, b"whole").id, ada) == b"whole"


def test_many_at_once_store_one_file(ada: Actor, places: Path, in_threads: Any) -> None:
    data = os.urandom(100_000)

    stored = in_threads(lambda _: store(ada, data).id, 8)

    assert len(set(stored)) == 1
    assert [path.stat().st_size for path in places.rglob("*") if path.is_file()] == [100_000]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\bill.pdf", "bill.pdf"),
        ("a\r\nb\x00.pdf", "ab.pdf"),
        ("Überweisung (März).pdf", "Überweisung (März).pdf"),
        (" .hidden. ", "hidden"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_names_are_made_harmless(given: str, kept: str) -> None:
    from guilder.foundation.files.operations import clean_name

    assert clean_name(given) == kept


@pytest.mark.parametrize("name", ["", "/", "..", "\n"])
def test_a_file_needs_a_name(ada: Actor, places: Path, name: str) -> None:
    from guilder.foundation.files.operations import BadFile

    with pytest.raises(BadFile):
        store(ada, b"x", name)


def test_a_removed_file_is_gone_and_others_stay(founded: Any, places: Path) -> None:
    from guilder.foundation.files import operations, queries

    ada, eve = founded("Ada"), founded("Eve")
    mine, theirs = store(ada, b"x"), store(eve, b"x")
    with pytest.raises(queries.NoSuchFile):
        operations.remove(theirs.id, by=ada)

    operations.remove(mine.id, by=ada)

    with pytest.raises(queries.NoSuchFile):
        queries.read(mine.id, ada)
    assert queries.read(theirs.id, eve) == b"x"


def test_an_object_store_holds_the_same(
    ada: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guilder.foundation.files import queries, stores

    monkeypatch.setenv("FILES_URL", "memory://bucket/guilder")
    stored = store(ada, b"in the cloud")
    store(ada, b"in the cloud", "again.pdf")

    assert queries.read(stored.id, ada) == b"in the cloud"
    assert stored.sha256 in list(stores.current().digests())
    assert isinstance(stores.current(), stores.ObjectStore)


def test_bytes_that_nobody_names_are_dropped_and_others_stay(founded: Any, places: Path) -> None:
    from guilder.foundation.files import operations as files

    ada, eve = founded("Ada"), founded("Eve")
    alone, shared = store(ada, b"alone"), store(ada, b"shared")
    theirs = store(eve, b"shared")
    files.remove(alone.id, by=ada)
    files.remove(shared.id, by=ada)
    later = time.time() + 1

    assert files.drop_unnamed([alone.sha256, shared.sha256], kept_until=later) == 1
    assert not (places / alone.sha256[:2] / alone.sha256).exists()
    assert (places / theirs.sha256[:2] / theirs.sha256).read_bytes() == b"shared"
    assert files.drop_unnamed([alone.sha256], kept_until=later) == 0


def test_bytes_that_somebody_keeps_again_meanwhile_stay(ada: Actor, places: Path) -> None:
    from guilder.foundation.files import operations as files

    first = store(ada, b"again")
    path = places / first.sha256[:2] / first.sha256
    os.utime(path, (1, 1))
    files.remove(first.id, by=ada)
    files.keep_bytes(b"again")  # its row is not written yet

    assert files.drop_unnamed([first.sha256], kept_until=time.time() - 60) == 0
    assert path.read_bytes() == b"again"
