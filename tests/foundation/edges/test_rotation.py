"""A new master key: every secret moves, opens as before, and the old key can go."""

import base64
import os
from typing import Any
from uuid import uuid4

import pytest

from guilder.foundation.edges import rotation, secrets
from guilder.foundation.edges.models import IdempotencyKey
from guilder.foundation.identity.factors import MfaAdapter
from guilder.foundation.identity.models import User
from tests.make import World


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`keys(n, …)`: the master keys by number, the one that seals first."""
    made = {n: base64.b64encode(os.urandom(32)).decode() for n in range(3)}

    def use(*numbers: int) -> None:
        monkeypatch.setenv("GUILDER_MASTER_KEY", ",".join(made[n] for n in numbers))

    return use


def kept(world: World, text: str) -> IdempotencyKey:
    """A sealed value in a table that rotation is not told of."""
    from datetime import UTC, datetime, timedelta

    at = datetime.now(UTC) + timedelta(days=1)
    return IdempotencyKey.objects.create(
        organization_id=world.organization,
        key=uuid4().hex,
        method="POST",
        route="x",
        fingerprint=b"x" * 32,
        lease=uuid4(),
        locked_until=at,
        expires_at=at,
        status=200,
        headers={},
        answer=secrets.seal(text, organization_id=world.organization, purpose="test"),
    )


def opened(row: IdempotencyKey) -> str:
    row.refresh_from_db()
    return secrets.open(bytes(row.answer), organization_id=row.organization_id, purpose="test")


def test_every_secret_moves_and_the_old_key_can_go(world: World, keys: Any):
    from allauth.mfa.models import Authenticator

    keys(0)
    rows = [kept(world, f"secret {n}") for n in range(3)]
    user = User.objects.get(id=world.alice.user_id)
    factor = Authenticator.objects.create(
        user=user, type="totp", data={"secret": MfaAdapter().encrypt("ABCDEF")}
    )

    keys(1, 0)
    done = rotation.rewrap_all()
    again = rotation.rewrap_all()
    keys(1)

    assert done.moved >= 4
    assert done.lost == {}
    assert again.moved == 0
    assert [opened(row) for row in rows] == ["secret 0", "secret 1", "secret 2"]
    factor.refresh_from_db()
    assert MfaAdapter().decrypt(factor.data["secret"]) == "ABCDEF"
    factor.delete()


def test_without_moving_them_the_old_key_is_missed(world: World, keys: Any):
    keys(0)
    row = kept(world, "secret")

    keys(1)

    with pytest.raises(secrets.CannotOpen):
        opened(row)


def test_a_value_that_was_changed_is_told_and_stops_nothing(world: World, keys: Any):
    keys(0)
    good, bad = kept(world, "good"), kept(world, "bad")
    torn = bytearray(bytes(bad.answer))
    torn[20] ^= 1
    IdempotencyKey.objects.filter(id=bad.id).update(answer=bytes(torn))

    keys(2, 0)
    done = rotation.rewrap_all()

    assert done.lost == {"edges_idempotency": 1}
    assert opened(good) == "good"
    IdempotencyKey.objects.filter(id=bad.id).delete()


def test_keys_of_the_environment_are_changed_there(keys: Any):
    keys(0)

    with pytest.raises(secrets.BadMasterKey, match="GUILDER_MASTER_KEY"):
        rotation.rotate()


def test_bytes_that_are_no_secret_are_left_alone(world: World, keys: Any):
    keys(0)
    assert rotation.rewrapped_json({"a": ["x", 1, "QUJD"]}) == {"a": ["x", 1, "QUJD"]}
    assert all(not column.endswith("_hash") for _, _, column in rotation.sealed_columns())
