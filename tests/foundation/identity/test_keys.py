"""Keys and links: shown once, stored as hashes, narrow, and gone when revoked."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.actor import Actor


def make(by: Actor, **more: Any) -> Any:
    from guilder.foundation.identity import operations as identity

    return identity.create_api_key(by=by, **{"name": "key", **more})


def call(secret: str, **more: Any) -> Any:
    from guilder.foundation.identity import queries

    return queries.authenticate(f"Bearer {secret}", **more)


def test_a_key_acts_for_its_organization(ada: Actor) -> None:
    key, secret = make(ada)

    caller = call(secret, address="192.0.2.1")

    assert caller.actor.key_id == key.id
    assert caller.actor.organization_id == ada.organization_id
    assert caller.actor.permissions == ada.permissions
    assert caller.api_version == key.api_version


def test_the_secret_is_in_no_table(ada: Actor, db: Any) -> None:
    _, secret = make(ada)

    with db.superuser() as connection:
        for table in ("identity_apikey", "audit_entry", "events_event"):
            (found,) = connection.execute(
                f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{secret[17:]}%"]
            ).fetchone()
            assert found == 0


def test_role_and_scopes_narrow_a_key(ada: Actor) -> None:
    _, reader = make(ada, role="viewer")
    _, narrow = make(ada, scopes=("invoice.*", "partner.view"))

    assert not call(reader).actor.may("invoice.create")
    held = call(narrow).actor.permissions
    assert held == {name for name in ada.permissions if name.startswith("invoice.")} | {
        "partner.view"
    }


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"name": " "}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"role": "root"}, "/role"),
        ({"scopes": ("invoice.burn",)}, "/scopes"),
        ({"plan": "often"}, "/plan"),
    ],
)
def test_faults_of_a_key_are_told(ada: Actor, given: dict[str, Any], pointer: str) -> None:
    from guilder.foundation.identity.operations.keys import BadKey

    with pytest.raises(BadKey) as refused:
        make(ada, **given)

    assert [problem.pointer for problem in refused.value.problems] == [pointer]


def test_a_key_may_no_more_than_who_makes_it(ada: Actor) -> None:
    from dataclasses import replace

    from guilder.foundation.identity.operations.keys import MoreThanOwn

    narrow = replace(ada, permissions=frozenset({"key.edit", "invoice.view"}))

    with pytest.raises(MoreThanOwn):
        make(narrow, role="admin")


def test_a_revoked_or_expired_key_is_refused(ada: Actor) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.queries import NotSignedIn

    key, revoked = make(ada)
    _, expired = make(ada, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    _, live = make(ada, expires_at=datetime.now(UTC) + timedelta(hours=1))
    identity.revoke_api_key(key.id, by=ada)
    identity.revoke_api_key(key.id, by=ada)

    for secret in (revoked, expired, live[:-1], live + "x", live.upper()):
        with pytest.raises(NotSignedIn):
            call(secret)
    assert call(live)


def test_keys_of_others_cannot_be_revoked_or_used_elsewhere(founded: Any) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.operations.keys import NoSuchKey
    from guilder.foundation.identity.queries import NoMembership

    ada, eve = founded("Ada"), founded("Eve")
    key, secret = make(ada)

    with pytest.raises(NoSuchKey):
        identity.revoke_api_key(key.id, by=eve)
    with pytest.raises(NoMembership):
        call(secret, organization=str(eve.organization_id))
    assert call(secret, organization=str(ada.organization_id))


def test_a_key_has_a_plan_of_its_own(ada: Actor, rates: Any) -> None:
    from guilder.foundation.edges.throttle import TooManyRequests

    rates(user="1/day")
    _, plain = make(ada)
    _, planned = make(ada, plan="3/hour")
    _, free = make(ada, plan="off")

    assert call(plain).verdict.remaining == 0
    with pytest.raises(TooManyRequests):
        call(plain)
    assert [call(planned).verdict.remaining for _ in range(3)] == [2, 1, 0]
    with pytest.raises(TooManyRequests):
        call(planned)
    assert [call(free).verdict for _ in range(3)] == [None] * 3


def test_a_plan_holds_though_users_have_no_limit(ada: Actor, rates: Any) -> None:
    rates(user="off")
    _, planned = make(ada, plan="3/hour")

    assert call(planned).verdict.remaining == 2


def test_it_is_known_when_a_key_was_used(ada: Actor) -> None:
    from guilder.foundation.identity.models import ApiKey

    key, secret = make(ada)
    assert key.last_used_at is None

    call(secret)
    first = ApiKey.objects.get(id=key.id).last_used_at
    call(secret)

    assert first is not None
    assert ApiKey.objects.get(id=key.id).last_used_at == first


def test_reading_a_token_costs_little_more_than_its_signature(ada: Actor) -> None:
    import jwt

    from guilder.foundation.identity import calc, queries
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.models import User

    token = identity.open_session(User.objects.get(id=ada.user_id)).access
    keys = queries.signing_keys()

    def best(function: Any) -> float:
        times = []
        for _ in range(30):
            began = time.thread_time()  # no clock: others may be at work on this machine
            for _ in range(20):
                function()
            times.append(time.thread_time() - began)
        return min(times)

    bare = best(lambda: jwt.decode(token, keys[0], algorithms=["HS256"], audience=calc.AUDIENCE))

    assert best(lambda: calc.read_access_token(token, keys=keys)) < 3 * bare


def link(by: Actor, **more: Any) -> str:
    from guilder.foundation.identity import operations as identity

    given = {"kind": "pay", "target_id": uuid7(), "valid_for": timedelta(days=1)}
    return identity.create_access_token(by=by, **{**given, **more})


def test_a_link_leads_where_it_was_made_for(ada: Actor) -> None:
    from guilder.foundation.identity import operations as identity

    target = uuid7()
    secret = link(ada, target_id=target)

    found = identity.use_access_token("pay", secret, at=datetime.now(UTC))

    assert (found.organization_id, found.target_id) == (ada.organization_id, target)


def test_links_that_are_wrong_old_or_revoked_are_told_alike(ada: Actor) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.queries import NoSuchToken

    now, target = datetime.now(UTC), uuid7()
    live, revoked = link(ada), link(ada, target_id=target)
    assert identity.revoke_access_tokens(by=ada, kind="pay", target_id=target) == 1

    messages = set()
    for kind, secret, at in [
        ("pay", "", now), ("pay", " ", now), ("pay", live.swapcase(), now), ("portal", live, now),
        ("pay", live, now + timedelta(days=2)), ("pay", revoked, now), ("pay", live + "\x00", now),
    ]:  # fmt: skip
        with pytest.raises(NoSuchToken) as refused:
            identity.use_access_token(kind, secret, at=at)
        messages.add(str(refused.value))

    assert len(messages) == 1


def test_links_of_others_are_not_revoked(founded: Any) -> None:
    from guilder.foundation.identity import operations as identity

    ada, eve = founded("Ada"), founded("Eve")
    target = uuid7()
    secret = link(ada, target_id=target)

    assert identity.revoke_access_tokens(by=eve, kind="pay", target_id=target) == 0
    assert identity.use_access_token("pay", secret, at=datetime.now(UTC))


def test_a_link_of_no_known_kind_is_a_bug(ada: Actor) -> None:
    with pytest.raises(ValueError, match="kind"):
        link(ada, kind="door")


def test_tidying_forgets_what_expired_long_ago(ada: Actor) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.models import AccessToken
    from guilder.foundation.identity.queries import find_access_token
    from guilder.foundation.identity.tasks import tidy

    old, live = link(ada, valid_for=timedelta(days=-31)), link(ada)
    count = AccessToken.objects.filter(organization_id=ada.organization_id).count()

    tidy(at=datetime.now(UTC))

    left = AccessToken.objects.filter(organization_id=ada.organization_id)
    assert (count, left.count()) == (2, 1)
    assert find_access_token("pay", live, at=datetime.now(UTC))
    assert old
    assert identity
