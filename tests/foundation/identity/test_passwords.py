"""Passwords that are refused for where they are used, or for having leaked."""

import hashlib
import io
from pathlib import Path

import pytest

from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import passwords
from guilder.foundation.identity.operations.users import BadUser
from tests.make import NOW, World


@pytest.mark.parametrize(
    ("password", "refused"),
    [
        ("northlight2026", True),
        ("NorthlightStudio!", True),
        ("Guilder-1234", True),
        ("North-Light 99", True),
        ("northlight purple tractor", False),  # enough is left without the name
        ("correct horse battery staple", False),
    ],
)
def test_a_name_of_the_place_is_no_password(password: str, refused: bool) -> None:
    assert passwords.is_of_the_place(password, words=["guilder", "Northlight Studio"]) is refused


def test_short_words_refuse_nothing() -> None:
    assert not passwords.is_of_the_place("aguilasverdes", words=["AG", "A & Co"])


def test_who_belongs_to_a_house_does_not_take_its_name(world: World) -> None:
    from guilder.foundation.identity.queries import get_organization

    name = get_organization(world.organization).name  # such as “Alice & Co 7-0123456789”

    with pytest.raises(BadUser) as refused:
        identity.set_password(world.alice.user_id, password=f"{name}!")
    assert "identity.password_of_the_place" in {one.code for one in refused.value.problems}


def test_who_is_invited_does_not_take_the_name_of_the_house(world: World) -> None:
    from guilder.foundation.identity.queries import get_organization

    name = get_organization(world.organization).name
    made = identity.invite_member(
        by=world.alice, email="kim@invited.example", role="viewer", at=NOW
    )
    _, secret = identity.invitation_secret(made.id, by=world.alice)

    with pytest.raises(BadUser) as refused:
        identity.accept_invitation(secret, at=NOW, name="Kim", password=f"{name}1")
    assert {one.code for one in refused.value.problems} == {"identity.password_of_the_place"}


LEAKED = ["trustno1 again", "a long but leaked secret", "zebra crossing at nine"]


def listed(count: int) -> bytes:
    """A list with the leaked passwords among others, as it is given away."""
    texts = [*LEAKED, *(f"other {n}" for n in range(count))]
    hashes = sorted(hashlib.sha1(one.encode()).hexdigest().upper() for one in texts)
    return b"".join(f"{one}:{n}\r\n".encode() for n, one in enumerate(hashes, start=1))


@pytest.mark.parametrize("count", [0, 1, 2, 500])
def test_every_line_of_a_list_is_found_and_nothing_else(count: int) -> None:
    file = io.BytesIO(listed(count))

    for line in file.getvalue().splitlines():
        assert passwords.is_listed(line[:40], file)
    for wanted in (b"0" * 40, b"F" * 40, b"8" * 40):
        assert not passwords.is_listed(wanted, file)


def test_a_password_that_leaked_is_refused(
    db: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    place = tmp_path / "leaked.txt"
    place.write_bytes(listed(50))
    monkeypatch.setattr(settings, "BREACHED_PASSWORDS", str(place))

    with pytest.raises(BadUser) as refused:
        identity.create_user(email="leaky@x.example", password=LEAKED[1], name="Leaky")
    fine = identity.create_user(email="fine@x.example", password="a secret of my own", name="Fine")

    assert {one.code for one in refused.value.problems} == {"identity.password_breached"}
    assert fine.check_password("a secret of my own")


def test_a_list_that_is_gone_locks_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "BREACHED_PASSWORDS", "/nowhere/leaked.txt")

    assert not passwords.is_breached(LEAKED[0])


def test_an_empty_list_holds_nothing() -> None:
    assert not passwords.is_listed(b"A" * 40, io.BytesIO(b""))
