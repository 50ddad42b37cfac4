"""A request sent twice has one effect and one answer, however it is raced, killed or forged."""

import os
import time
from datetime import timedelta
from typing import Any

import pytest

from guilder.foundation.edges import idempotency
from guilder.foundation.edges.idempotency import Answer, Claim
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction

PRINT = idempotency.fingerprint(method="POST", path="/api/v1/x/", body=b'{"a": 1}', who=None)
OTHER = idempotency.fingerprint(method="POST", path="/api/v1/x/", body=b'{"a": 2}', who=None)


def begin(
    organization: Any, key: str, *, print_: bytes = PRINT, lease: timedelta = idempotency.LEASE
) -> Any:
    return idempotency.begin(
        organization, key, method="POST", route="/api/v1/x/", fingerprint=print_, lease=lease
    )


def answer(claim: Claim, body: bytes = b"done") -> None:
    with transaction(claim.organization_id):
        idempotency.finish(claim, status=201, body=body, headers={"ETag": '"1"'})


def test_the_second_time_gives_the_first_answer(db: Any) -> None:
    organization = uuid7()
    answer(begin(organization, "k"))

    assert begin(organization, "k") == Answer(201, {"ETag": '"1"'}, b"done")


def test_the_stored_answer_cannot_be_read_in_the_database(db: Any) -> None:
    organization = uuid7()
    answer(begin(organization, "k"), b"a very secret answer")

    with db.superuser() as connection:
        (stored,) = connection.execute(
            "SELECT answer FROM edges_idempotency WHERE organization_id = %s", [organization]
        ).fetchone()

    assert b"secret" not in bytes(stored)


def test_another_request_under_the_same_key_is_refused(db: Any) -> None:
    organization = uuid7()
    answer(begin(organization, "k"))

    with pytest.raises(idempotency.KeyReused):
        begin(organization, "k", print_=OTHER)


def test_keys_of_two_organizations_do_not_meet(db: Any) -> None:
    answer(begin(uuid7(), "k"))

    assert isinstance(begin(uuid7(), "k"), Claim)


def test_while_it_runs_a_repetition_waits(db: Any) -> None:
    organization = uuid7()
    begin(organization, "k")

    with pytest.raises(idempotency.StillRunning) as running:
        begin(organization, "k")

    assert 1 <= running.value.retry_after <= 60


def test_of_twenty_at_once_one_may_begin(db: Any, in_threads: Any) -> None:
    organization = uuid7()

    outcomes = in_threads(lambda _: begin(organization, "k"), 20)

    assert sum(isinstance(outcome, Claim) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, idempotency.StillRunning) for outcome in outcomes) == 19


def test_what_is_rolled_back_may_be_tried_again_after_release(db: Any) -> None:
    organization = uuid7()
    claim = begin(organization, "k")

    with pytest.raises(ZeroDivisionError), transaction(organization):
        idempotency.finish(claim, status=201, body=b"never", headers={})
        _ = 1 / 0
    idempotency.release(claim)

    assert isinstance(begin(organization, "k"), Claim)


def test_release_keeps_an_answer_that_was_given(db: Any) -> None:
    organization = uuid7()
    claim = begin(organization, "k")
    answer(claim)

    idempotency.release(claim)

    assert isinstance(begin(organization, "k"), Answer)


def test_after_a_dead_holder_another_takes_over_and_the_dead_one_cannot_finish(db: Any) -> None:
    organization = uuid7()
    dead = begin(organization, "k", lease=timedelta(milliseconds=50))
    time.sleep(0.1)

    heir = begin(organization, "k")
    with pytest.raises(idempotency.LeaseLost):
        answer(dead, b"ghost")
    answer(heir, b"heir")

    assert begin(organization, "k").body == b"heir"


def test_of_twenty_heirs_one_takes_over(db: Any, in_threads: Any) -> None:
    organization = uuid7()
    begin(organization, "k", lease=timedelta(milliseconds=1))
    time.sleep(0.05)

    outcomes = in_threads(lambda _: begin(organization, "k"), 20)

    assert sum(isinstance(outcome, Claim) for outcome in outcomes) == 1


def test_a_lapsed_lease_is_not_taken_over_by_another_request(db: Any) -> None:
    organization = uuid7()
    begin(organization, "k", lease=timedelta(milliseconds=1))
    time.sleep(0.05)

    with pytest.raises(idempotency.KeyReused):
        begin(organization, "k", print_=OTHER)


@pytest.mark.parametrize("key", ["", "x" * 256, "käse", "a\nb", "\x00"])
def test_unusable_keys_are_refused(db: Any, key: str) -> None:
    with pytest.raises(idempotency.BadKey):
        begin(uuid7(), key)


def test_spacing_and_order_of_json_make_no_difference() -> None:
    def made(body: bytes, **changes: Any) -> bytes:
        return idempotency.fingerprint(
            **{"method": "POST", "path": "/x/", "who": None, "body": body} | changes
        )

    assert made(b'{"a":1,"b":[1,2]}') == made(b'{ "b": [1, 2],\n "a": 1 }')
    assert made(b'{"a":1}') != made(b'{"a":2}')
    assert made(b'{"a":1}') != made(b'{"a":1}', path="/x/?y=1")
    assert made(b'{"a":1}') != made(b'{"a":1}', who=uuid7())
    assert made(b"not json") != made(b"not  json")


def test_beginning_is_one_statement_and_finishing_another(db: Any) -> None:
    import psycopg

    seen = []
    original = psycopg.Cursor.execute

    def counted(self: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        seen.append(query)
        return original(self, query, *arguments, **options)

    organization = uuid7()
    begin(organization, "the first one connects")
    psycopg.Cursor.execute = counted  # type: ignore[method-assign]
    try:
        claim = begin(organization, os.urandom(4).hex())
        assert len(seen) == 1
        with transaction(organization):
            before = len(seen)
            idempotency.finish(claim, status=200, body=b"", headers={})
            assert len(seen) == before + 2  # the organization is set, the answer kept
    finally:
        psycopg.Cursor.execute = original  # type: ignore[method-assign]
