"""Calls of the API are noted, written together, found and forgotten."""

import contextlib
import threading
from collections import deque
from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings

from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.errors import NotAllowed, NotFound
from guilder.office.calls import operations, queries
from tests.faces.rest.speaking import Speaker
from tests.make import World


def test_a_call_is_found_with_who_asked_and_what_was_said(world: World) -> None:
    alice = Speaker.of(world.alice)
    alice.ok("GET", "clients/?limit=7", User_Agent="shop/1")
    refused = alice("POST", "clients/", {"name": ""})
    operations.write_waiting()

    bad, good = queries.list_calls(by=world.alice)[:2]

    assert (good.method, good.route, good.path) == ("GET", "clients/", "/api/v1/clients/?limit=7")
    assert (good.status, good.code, good.agent) == (200, "", "shop/1")
    assert good.user_id == world.alice.user_id
    assert good.microseconds > 0
    assert (bad.status, bad.code) == (422, refused.body["code"])
    assert bad.request_id == refused.body["request_id"]
    assert [one.id for one in queries.list_calls(by=world.alice, status="refused")] == [bad.id]
    assert [one.id for one in queries.list_calls(by=world.alice, method="GET")] == [good.id]
    assert queries.list_calls(by=world.alice, request_id=bad.request_id)[0].id == bad.id


def test_bodies_are_kept_only_where_they_are_wanted_and_without_secrets(world: World) -> None:
    alice = Speaker.of(world.alice)
    data = {"kind": "company", "name": "Bar", "address": {"country": "DE"},
            "bank_accounts": [{"iban": "DE89370400440532013000"}]}  # fmt: skip
    alice.ok("POST", "clients/", data)
    with override_settings(CALL_BODIES=True):
        alice.ok("POST", "clients/", data)
    operations.write_waiting()

    with_bodies, without = (
        queries.get_call(one.id, by=world.alice)
        for one in queries.list_calls(by=world.alice, method="POST")[:2]
    )

    assert (without.request_text, without.response_text) == ("", "")
    assert '"name": "Bar"' in with_bodies.request_text
    assert "DE8937" not in with_bodies.request_text + with_bodies.response_text


def test_nothing_is_noted_of_strangers_or_where_no_log_is_kept(world: World) -> None:
    operations.write_waiting()
    Speaker()("GET", "clients/")
    with override_settings(CALL_KEEP_DAYS=0):
        Speaker.of(world.alice).ok("GET", "clients/")

    assert operations.write_waiting() == 0


def test_others_see_nothing_and_agents_may_not_look(world: World) -> None:
    Speaker.of(world.alice).ok("GET", "clients/")
    operations.write_waiting()
    call = queries.list_calls(by=world.alice)[0]

    assert call.id not in {one.id for one in queries.list_calls(by=world.mallory)}
    with pytest.raises(NotFound):
        queries.get_call(call.id, by=world.mallory)
    with pytest.raises(NotAllowed):
        queries.list_calls(by=world.bob)


def test_old_calls_are_forgotten(world: World) -> None:
    Speaker.of(world.alice).ok("GET", "clients/")
    operations.write_waiting()
    now = datetime.now(UTC)

    kept = operations.forget_old(world.organization, before=now - timedelta(days=30))
    gone = operations.forget_old(world.organization, before=now + timedelta(minutes=1))

    assert (kept, gone) == (0, 1)
    assert queries.list_calls(by=world.alice) == []


def test_what_cannot_be_written_now_waits_for_the_next_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = Speaker.of(world.alice)
    tried = threading.Event()

    def broken(*_: object) -> None:
        tried.set()
        raise RuntimeError("no database")

    with monkeypatch.context() as patched:
        patched.setattr(operations.hot, "insert_many", broken)
        alice.ok("GET", "clients/")
        with contextlib.suppress(RuntimeError):  # this thread or the writer's own tries it
            operations.write_waiting()
        assert tried.wait(5)
    operations.write_waiting()

    assert len(queries.list_calls(by=world.alice)) == 1


def test_calls_of_an_organization_that_is_gone_keep_no_others_waiting(world: World) -> None:
    Speaker.of(world.alice).ok("GET", "clients/")
    operations.write_waiting()
    gone = operations.Noted(
        uuid7(), uuid7(), datetime.now(UTC), "GET", "clients/", "/api/v1/clients/", 200, "", 900,
        None, None, "api", "127.0.0.1", "shop/1", "r",
    )  # fmt: skip
    operations.note(gone)
    Speaker.of(world.alice).ok("GET", "clients/")

    operations.write_waiting()

    assert len(queries.list_calls(by=world.alice)) == 2
    assert gone not in operations._waiting


def test_a_log_that_cannot_keep_up_lets_the_oldest_go(world: World) -> None:
    assert operations._waiting.maxlen == operations.MOST_WAITING


def test_noting_costs_next_to_nothing(world: World) -> None:
    import time

    call = operations.Noted(
        uuid7(), world.organization, datetime.now(UTC), "GET", "clients/", "/api/v1/clients/", 200, "", 900,
        None, None, "api", "127.0.0.1", "shop/1", "r",
    )  # fmt: skip
    operations.note(call)
    began = time.thread_time_ns()
    for _ in range(2_000):
        operations.note(call)
    each = (time.thread_time_ns() - began) // 2_000

    assert each < 20_000  # nanoseconds; some hundreds are usual
    operations._waiting.clear()


def test_the_writer_writes_by_itself(world: World) -> None:
    import time

    Speaker.of(world.alice).ok("GET", "clients/")
    for _ in range(60):
        if queries.list_calls(by=world.alice):
            break
        time.sleep(0.1)

    assert queries.list_calls(by=world.alice)


@pytest.fixture
def given_back(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """An entry for each time that this thread gives its connections back."""
    here, found = threading.get_ident(), list[bool]()

    def close_all() -> None:
        if threading.get_ident() == here:
            found.append(True)

    monkeypatch.setattr(operations.connections, "close_all", close_all)
    monkeypatch.setattr(operations, "_waiting", deque[operations.Noted]())
    return found


def test_the_connection_is_kept_while_calls_come(
    world: World, given_back: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "write_waiting", lambda: None)
    operations._waiting.append(None)  # type: ignore[arg-type]

    operations.write_if_any()
    operations.write_if_any()
    assert given_back == []

    operations._waiting.clear()
    operations.write_if_any()
    assert given_back == [True]


def test_a_connection_that_failed_is_given_back_at_once(
    world: World, given_back: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing() -> None:
        raise ValueError("cut")

    monkeypatch.setattr(operations, "write_waiting", failing)
    operations._waiting.append(None)  # type: ignore[arg-type]

    operations.write_if_any()

    assert given_back == [True]
