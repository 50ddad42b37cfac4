"""What is sealed opens only where it belongs, unchanged, under a known master key."""

import base64
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.foundation.edges import secrets
from guilder.foundation.tenancy.ids import uuid7

HERE = uuid7()


@pytest.fixture
def home(tmp_path: Path) -> Any:
    from django.conf import settings

    before, settings.HOME = settings.HOME, tmp_path
    yield tmp_path
    settings.HOME = before


def key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


@given(st.text())
def test_what_was_sealed_opens(text: str) -> None:
    sealed = secrets.seal(text, organization_id=HERE, purpose="test")

    assert secrets.open(sealed, organization_id=HERE, purpose="test") == text


def test_two_sealings_of_one_text_are_unlike() -> None:
    first, second = (secrets.seal("x", organization_id=HERE, purpose="test") for _ in "ab")

    assert first != second


def test_it_opens_neither_elsewhere_nor_for_another_purpose() -> None:
    sealed = secrets.seal("x", organization_id=HERE, purpose="test")

    with pytest.raises(secrets.CannotOpen):
        secrets.open(sealed, organization_id=uuid7(), purpose="test")
    with pytest.raises(secrets.CannotOpen):
        secrets.open(sealed, organization_id=HERE, purpose="tests")


def test_each_changed_byte_is_noticed() -> None:
    sealed = secrets.seal("text", organization_id=HERE, purpose="test")

    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(secrets.CannotOpen):
            secrets.open(bytes(changed), organization_id=HERE, purpose="test")


def test_a_cut_value_is_noticed() -> None:
    sealed = secrets.seal("text", organization_id=HERE, purpose="test")

    for length in range(len(sealed)):
        with pytest.raises(secrets.CannotOpen):
            secrets.open(sealed[:length], organization_id=HERE, purpose="test")


def test_the_key_file_is_for_its_owner_only(home: Path) -> None:
    secrets.seal("x", organization_id=HERE, purpose="test")

    assert (home / "master-key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.iterdir()] == ["master-key"]


def test_after_rotation_old_values_open_and_move_to_the_new_key(home: Path) -> None:
    sealed = secrets.seal("x", organization_id=HERE, purpose="test")
    first = secrets.master_keys()[0][0]

    new = secrets.rotate()
    moved = secrets.rewrap(sealed)

    assert secrets.open(sealed, organization_id=HERE, purpose="test") == "x"
    assert secrets.open(moved, organization_id=HERE, purpose="test") == "x"
    assert moved[1:9].hex() == new != first.hex()
    assert secrets.rewrap(moved) == moved


def test_without_its_key_a_value_stays_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = key(), key()
    monkeypatch.setenv("GUILDER_MASTER_KEY", old)
    sealed = secrets.seal("x", organization_id=HERE, purpose="test")

    monkeypatch.setenv("GUILDER_MASTER_KEY", new)
    with pytest.raises(secrets.CannotOpen, match="missing"):
        secrets.open(sealed, organization_id=HERE, purpose="test")

    monkeypatch.setenv("GUILDER_MASTER_KEY", f"{new},{old}")
    assert secrets.open(sealed, organization_id=HERE, purpose="test") == "x"
    with pytest.raises(secrets.BadMasterKey):
        secrets.rotate()


@pytest.mark.parametrize("text", [" ", "abc", "not base64!", base64.b64encode(b"short").decode()])
def test_bad_master_keys_are_named(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDER_MASTER_KEY", text)

    with pytest.raises(secrets.BadMasterKey):
        secrets.seal("x", organization_id=HERE, purpose="test")


def test_what_passes_is_sealed_under_a_shared_key_and_opens_like_the_rest():
    organization, other = uuid7(), uuid7()
    first, second = (
        secrets.seal_passing(b"an answer", organization_id=organization, purpose="test")
        for _ in range(2)
    )

    assert first != second
    assert first[: secrets.HEAD] == second[: secrets.HEAD]
    for sealed in (first, second, secrets.rewrap(first)):
        opened = secrets.unseal(sealed, organization_id=organization, purpose="test")
        assert opened == b"an answer"
    for moved in ({"organization_id": other, "purpose": "test"},
                  {"organization_id": organization, "purpose": "another"}):  # fmt: skip
        with pytest.raises(secrets.CannotOpen):
            secrets.unseal(first, **moved)


def test_a_shared_key_is_used_for_a_while_only(monkeypatch: pytest.MonkeyPatch):
    organization = uuid7()
    heads = set()
    for left in (1, 0):
        sealed = secrets.seal_passing(b"x", organization_id=organization, purpose="test")
        heads.add(sealed[: secrets.HEAD])
        for shared in secrets._passing.values():
            monkeypatch.setattr(shared, "left", left - 1)

    assert len(heads) == 2
