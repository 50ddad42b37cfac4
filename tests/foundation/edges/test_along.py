"""An Idempotency-Key claimed with the sign-in is a claim like any other, and is never left behind."""

from typing import Any

import pytest

from guilder.foundation.edges import along, idempotency, throttle
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries
from guilder.foundation.tenancy.transaction import transaction

BODY = b'{"a": 1}'


def wanted(key: str, body: bytes = BODY) -> Any:
    return along.wanted(key, method="POST", route="items/", path="/api/v1/items/", body=body)


def signed(secret: str, key: str, body: bytes = BODY, **named: Any) -> along.Pending:
    caller = queries.authenticate(f"Bearer {secret}", wanted=wanted(key, body), **named)
    assert caller.pending is not None
    return caller.pending


@pytest.fixture
def secret(world: Any) -> str:
    return identity.create_api_key(by=world.alice, name="along", role="admin")[1]


def finish(claim: Any, body: bytes) -> None:
    with transaction(claim.organization_id):
        idempotency.finish(claim, status=201, body=body, headers={})


def test_the_claim_is_made_and_its_answer_kept(secret: str):
    claim = along.settle(signed(secret, "k"))
    assert isinstance(claim, idempotency.Claim)

    finish(claim, b"done")

    assert along.settle(signed(secret, "k")) == idempotency.Answer(201, {}, b"done")


def test_who_claims_wants_no_generation(secret: str):
    claiming = queries.authenticate(f"Bearer {secret}", wanted=wanted("k"))
    assert claiming.pending is not None
    along.give_back(claiming.pending)

    assert claiming.generation is None
    assert queries.authenticate(f"Bearer {secret}").generation is not None


def test_it_is_the_claim_that_a_statement_of_its_own_would_make(secret: str, world: Any):
    pending = signed(secret, "k")
    finish(along.settle(pending), b"done")

    print_ = idempotency.fingerprint(
        method="POST", path="/api/v1/items/", body=BODY, who=pending.who
    )
    again = idempotency.begin(
        world.alice.organization_id, "k", method="POST", route="items/", fingerprint=print_
    )

    assert again == idempotency.Answer(201, {}, b"done")


def test_while_it_runs_a_repetition_waits(secret: str):
    along.settle(signed(secret, "k"))

    with pytest.raises(idempotency.StillRunning):
        along.settle(signed(secret, "k"))


def test_wanting_it_again_after_a_lost_connection_is_the_same_claim(secret: str):
    once = wanted("k")

    for _ in range(2):
        caller = queries.authenticate(f"Bearer {secret}", wanted=once)
        claim = along.settle(caller.pending)
    finish(claim, b"done")

    assert along.settle(signed(secret, "k")) == idempotency.Answer(201, {}, b"done")


def test_another_request_under_the_same_key_is_refused(secret: str, world: Any):
    finish(along.settle(signed(secret, "k")), b"done")
    _, other = identity.create_api_key(by=world.alice, name="other", role="admin")

    with pytest.raises(idempotency.KeyReused):
        along.settle(signed(secret, "k", b'{"a": 2}'))
    with pytest.raises(idempotency.KeyReused):
        along.settle(signed(other, "k"))


def test_what_nothing_used_is_given_back(secret: str):
    with along.used_or_given_back(signed(secret, "k")):
        pass

    assert isinstance(along.settle(signed(secret, "k")), idempotency.Claim)


def test_what_another_holds_is_not_given_back(secret: str):
    claim = along.settle(signed(secret, "k"))

    with along.used_or_given_back(signed(secret, "k")):
        pass

    finish(claim, b"done")
    assert isinstance(along.settle(signed(secret, "k")), idempotency.Answer)


def test_who_may_not_call_any_more_claims_nothing(secret: str, rates: Any, db: Any):
    rates(user="1/day")
    along.give_back(signed(secret, "first"))

    with pytest.raises(throttle.TooManyRequests):
        signed(secret, "second")

    with db.superuser() as connection:
        found = "SELECT count(*) FROM edges_idempotency WHERE key = 'second'"
        assert connection.execute(found).fetchone() == (0,)


def test_who_names_another_organization_leaves_no_claim(secret: str, world: Any):
    with pytest.raises(queries.NoMembership):
        signed(secret, "k", organization=str(world.mallory.organization_id))

    assert isinstance(along.settle(signed(secret, "k")), idempotency.Claim)


@pytest.mark.parametrize("key", ["", "x" * 256, "käse"])
def test_unusable_keys_are_not_claimed(key: str):
    assert wanted(key) is None
