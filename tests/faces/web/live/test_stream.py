"""Streams: what happens is heard at once, by who may, from where it was cut, and never twice."""

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from guilder.faces.web.live import hub as hubs
from guilder.faces.web.live.stream import Streams
from guilder.foundation.events import bus
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.models import User
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.registers.catalogue.events import ItemChanged
from tests import make
from tests.make import World


def signed_in(by: Actor) -> str:
    """The cookie of a session of this person."""
    user = User.objects.get(id=by.user_id)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}"


class Reader:
    """One browser's side of a stream."""

    def __init__(self, app: Streams, organization: UUID, cookie: str, **more: Any) -> None:
        self.status = 0
        self.text = ""
        self.headers: dict[str, str] = {}
        self.left: asyncio.Event = asyncio.Event()
        headers = [(b"cookie", cookie.encode())]
        if "last" in more:
            headers.append((b"last-event-id", str(more["last"]).encode()))
        headers += more.get("headers", [])
        self.scope = {
            "type": "http",
            "method": more.get("method", "GET"),
            "path": f"/live/{organization}/",
            "query_string": str(more.get("query", "")).encode(),
            "headers": headers,
        }
        self.task = asyncio.ensure_future(app(self.scope, self.receive, self.send))

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.headers |= {
            name.decode(): value.decode() for name, value in message.get("headers", [])
        }
        self.text += message.get("body", b"").decode()

    @property
    def heard(self) -> list[dict[str, Any]]:
        """Every event that came, in its order."""
        lines = [one for one in self.text.splitlines() if one.startswith("data: {")]
        return [one for line in lines for one in json.loads(line[6:]).get("events", [])]

    @property
    def last(self) -> int:
        """The browser's Last-Event-ID."""
        return int([one for one in self.text.splitlines() if one.startswith("id: ")][-1][4:])

    async def until(self, true: Callable[[], Any], within: float = 5.0) -> float:
        """How long it took until something was so; fails after `within` seconds."""
        began = time.monotonic()
        while not true():
            assert time.monotonic() - began < within, self.text
            await asyncio.sleep(0.01)
        return time.monotonic() - began

    async def ready(self) -> "Reader":
        await self.until(lambda: "event: ready" in self.text)
        return self

    async def leave(self) -> None:
        self.left.set()
        await asyncio.wait_for(self.task, 5)


@contextmanager
def streams() -> Iterator[Streams]:
    app = Streams(hubs.Hub())
    try:
        yield app
    finally:
        app.close()
        thread = app.hub.thread
        if thread is not None:
            thread.join(5)


def run(story: Callable[[Streams], Awaitable[None]]) -> None:
    with streams() as app:
        asyncio.run(asyncio.wait_for(story(app), 60))


def change(by: Actor) -> UUID:
    """Something that everybody of an organization hears of."""
    item_id = uuid7()
    bus.publish(ItemChanged(item_id=item_id, code="1", name="x"), by=by)
    return item_id


async def changed(by: Actor) -> UUID:
    """The same, in a thread of its own."""

    def act() -> UUID:
        try:
            return change(by)
        finally:
            connections["default"].close()

    return await asyncio.to_thread(act)


def told() -> None:
    from guilder.foundation.events import operations

    try:
        while operations.tell_waiting():
            pass
    finally:
        connections["default"].close()


def items(reader: Reader) -> list[str]:
    return [
        topic[5:] for one in reader.heard for topic in one["topics"] if topic.startswith("item:")
    ]


def test_what_a_worker_tells_is_heard_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for look in ("LOOK_WAITING", "LOOK_EVERYWHERE"):
        monkeypatch.setattr(hubs, look, 600)  # seconds: nobody looks, so it was told
    cookie = signed_in(world.alice)

    async def story(app: Streams) -> None:
        reader = await Reader(app, world.organization, cookie).ready()
        item_id = await changed(world.alice)
        await asyncio.to_thread(told)
        await reader.until(lambda: items(reader))
        assert items(reader) == [str(item_id)]
        await reader.leave()

    run(story)


def test_it_is_heard_without_any_worker_too(world: World) -> None:
    cookie = signed_in(world.alice)

    async def story(app: Streams) -> None:
        reader = await Reader(app, world.organization, cookie).ready()
        item_id = await changed(world.alice)
        assert await reader.until(lambda: items(reader)) < 2
        await asyncio.sleep(1.5)
        assert items(reader) == [str(item_id)]  # once
        await reader.leave()

    run(story)


def test_agents_hear_of_their_own_and_strangers_of_nothing(world: World) -> None:
    cookies = {one.name: signed_in(one) for one in (world.alice, world.bob, world.mallory)}

    async def story(app: Streams) -> None:
        alice = await Reader(app, world.organization, cookies["Alice"]).ready()
        bob = await Reader(app, world.organization, cookies["Bob"]).ready()
        mallory = await Reader(app, world.other, cookies["Mallory"]).ready()

        def act() -> tuple[UUID, UUID]:
            try:
                client = make.client(world.alice)
                first = make.draft(world.alice, client_id=client.id)
                return first.id, make.draft(world.bob, client_id=client.id).id
            finally:
                connections["default"].close()

        hers, his = await asyncio.to_thread(act)
        await asyncio.to_thread(told)
        topics = lambda reader: {topic for one in reader.heard for topic in one["topics"]}  # noqa: E731
        await alice.until(lambda: {f"invoice:{hers}", f"invoice:{his}"} <= topics(alice))
        await bob.until(lambda: f"invoice:{his}" in topics(bob))
        assert f"invoice:{hers}" not in topics(bob)
        assert topics(mallory) == set()
        for reader in (alice, bob, mallory):
            await reader.leave()

    run(story)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"cookie": ""}, 401),
        ({"cookie": "sessionid=made-up"}, 401),
        ({"method": "POST"}, 404),
        ({"headers": [(b"sec-fetch-site", b"cross-site")]}, 403),
    ],
)
def test_who_may_not_listen_is_refused(world: World, given: dict[str, Any], status: int) -> None:
    cookie = given.pop("cookie", None)
    cookie = signed_in(world.alice) if cookie is None else cookie

    async def story(app: Streams) -> None:
        reader = Reader(app, world.organization, cookie, **given)
        await asyncio.wait_for(reader.task, 5)
        assert (reader.status, reader.text) == (status, "")
        assert reader.headers["x-content-type-options"] == "nosniff"

    run(story)


def test_another_organization_is_not_there(world: World) -> None:
    cookie = signed_in(world.alice)

    async def story(app: Streams) -> None:
        reader = Reader(app, world.other, cookie)
        await asyncio.wait_for(reader.task, 5)
        assert reader.status == 404

    run(story)


def test_a_client_of_the_portal_hears_nothing(world: World) -> None:
    user = identity.create_user(email=f"{uuid7()}@a.example", password=make.PASSWORD, name="C")
    identity.add_member(by=world.alice, user_id=user.id, role="client")
    cookie = signed_in(identities.actor_for(user.id, world.organization, source="web"))

    async def story(app: Streams) -> None:
        reader = Reader(app, world.organization, cookie)
        await asyncio.wait_for(reader.task, 5)
        assert reader.status == 403

    run(story)


def test_too_many_attempts_are_put_off(world: World, settings_throttle: None) -> None:
    cookie = signed_in(world.alice)

    async def story(app: Streams) -> None:
        for _ in range(2):
            await (await Reader(app, world.organization, cookie).ready()).leave()
        reader = Reader(app, world.organization, cookie)
        await asyncio.wait_for(reader.task, 5)
        assert reader.status == 429

    run(story)


@pytest.fixture
def settings_throttle(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    monkeypatch.setitem(settings.THROTTLES, "live", "2/minute")


def test_a_stream_that_was_cut_goes_on_where_it_was(world: World) -> None:
    cookie = signed_in(world.alice)

    async def story(app: Streams) -> None:
        reader = await Reader(app, world.organization, cookie).ready()
        first = await changed(world.alice)
        await asyncio.to_thread(told)
        await reader.until(lambda: items(reader))
        last = reader.last
        await reader.leave()
        second = await changed(world.alice)
        await asyncio.to_thread(told)
        again = await Reader(app, world.organization, cookie, last=last).ready()
        await again.until(lambda: str(second) in items(again))
        # What came shortly before may come again; its id is the same, by which the page knows it.
        assert set(items(again)) <= {str(first), str(second)}
        known = {one["id"] for one in reader.heard}
        new = [one["id"] for one in again.heard if one["id"] not in known]
        assert len(new) == len(set(new))
        await again.leave()

    run(story)


def test_a_page_hears_what_happened_since_it_was_made(world: World) -> None:
    cookie = signed_in(world.alice)
    change(world.alice)
    made_at = time.time_ns()
    item_id = change(world.alice)

    async def story(app: Streams) -> None:
        reader = await Reader(app, world.organization, cookie, query=f"after={made_at}").ready()
        await reader.until(lambda: items(reader))
        assert items(reader) == [str(item_id)]
        await reader.leave()

    run(story)


def test_what_lies_long_back_is_not_named(world: World) -> None:
    cookie = signed_in(world.alice)

    async def story(app: Streams) -> None:
        reader = await Reader(app, world.organization, cookie, last=1).ready()
        await reader.until(lambda: reader.heard)
        assert reader.heard == [{"id": "", "topics": ["*"]}]
        await reader.leave()

    run(story)


def test_a_late_commit_of_a_lower_sequence_is_not_lost(world: World) -> None:
    """One transaction takes its sequence first and commits last, across a cut of the stream."""
    cookie = signed_in(world.alice)
    begun, finish = threading.Event(), threading.Event()
    late: list[UUID] = []

    def slow() -> None:
        try:
            with transaction(world.organization):
                late.append(change(world.alice))
                begun.set()
                finish.wait(20)
        finally:
            connections["default"].close()

    async def story(app: Streams) -> None:
        worker = threading.Thread(target=slow)
        worker.start()
        await asyncio.to_thread(begun.wait, 10)
        await asyncio.sleep(2.5)  # longer than the margin for clocks
        reader = await Reader(app, world.organization, cookie).ready()
        early = await changed(world.alice)
        await asyncio.to_thread(told)
        await reader.until(lambda: str(early) in items(reader))
        last = reader.last
        await reader.leave()
        finish.set()
        worker.join()
        again = await Reader(app, world.organization, cookie, last=last).ready()
        await again.until(lambda: str(late[0]) in items(again))
        await again.leave()

    run(story)


def test_a_late_commit_is_heard_by_who_stayed(world: World) -> None:
    cookie = signed_in(world.alice)
    begun, finish = threading.Event(), threading.Event()
    late: list[UUID] = []

    def slow() -> None:
        try:
            with transaction(world.organization):
                late.append(change(world.alice))
                begun.set()
                finish.wait(20)
        finally:
            connections["default"].close()

    async def story(app: Streams) -> None:
        reader = await Reader(app, world.organization, cookie).ready()
        worker = threading.Thread(target=slow)
        worker.start()
        await asyncio.to_thread(begun.wait, 10)
        for _ in range(4):
            await changed(world.alice)
            await asyncio.to_thread(told)
            await asyncio.sleep(0.8)
        finish.set()
        worker.join()
        await asyncio.to_thread(told)
        await reader.until(lambda: str(late[0]) in items(reader))
        assert len(items(reader)) == len(set(items(reader))) == 5
        await reader.leave()

    run(story)


def test_a_cut_of_the_listener_loses_nothing(world: World) -> None:
    cookie = signed_in(world.alice)

    async def story(app: Streams) -> None:
        reader = await Reader(app, world.organization, cookie).ready()
        made = []
        for _ in range(4):
            cut = await asyncio.to_thread(kill_listeners)
            assert cut or made
            made.append(str(await changed(world.alice)))
            await asyncio.to_thread(told)
            await asyncio.sleep(0.4)
        await reader.until(lambda: len(items(reader)) >= 4, within=15)
        assert items(reader) == made
        await reader.leave()

    run(story)


def kill_listeners() -> int:
    """End every listening connection, as a failing network would."""
    settings = connections["default"].get_connection_params()
    kept = {
        name: settings[name]
        for name in ("dbname", "user", "password", "host", "port")
        if settings.get(name)
    }
    with psycopg.connect(**kept, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = %s AND datname = current_database()",
            [hubs.NAME],
        ).fetchall()
    return len(rows)


def test_who_is_signed_out_is_cut(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "LOOK_AT_SESSIONS", 0.3)
    cookies = [signed_in(world.alice), signed_in(world.bob), signed_in(world.alice)]
    identity.add_member(by=world.alice, user_id=world.mallory.user_id, role="viewer")
    cookies.append(signed_in(world.mallory))

    async def story(app: Streams) -> None:
        alice, bob, other, viewer = [
            await Reader(app, world.organization, cookie).ready() for cookie in cookies
        ]

        def act() -> None:
            try:
                SessionStore(cookies[0].partition("=")[2]).delete()
                identity.remove_member(by=world.alice, user_id=world.bob.user_id)
            finally:
                connections["default"].close()

        await asyncio.to_thread(act)
        for reader in (alice, bob):
            await asyncio.wait_for(reader.task, 5)
            assert reader.text.endswith("event: end\ndata: signed_out\n\n")
        await asyncio.sleep(0.5)
        assert not other.task.done()
        assert not viewer.task.done()
        for reader in (other, viewer):
            await reader.leave()

    run(story)


def test_the_oldest_of_too_many_makes_room(world: World) -> None:
    cookie = signed_in(world.alice)

    async def story(app: Streams) -> None:
        readers = [await Reader(app, world.organization, cookie).ready() for _ in range(13)]
        done = [reader for reader in readers if reader.task.done() or "crowded" in reader.text]
        await asyncio.sleep(0.2)
        assert len(done) <= 1
        crowded = [reader for reader in readers if "data: crowded" in reader.text]
        assert len(crowded) == 1
        for reader in readers:
            with suppress(TimeoutError):
                await reader.leave()

    run(story)


def test_stopping_ends_every_stream_at_once(world: World) -> None:
    cookie = signed_in(world.alice)

    async def story(app: Streams) -> None:
        reader = await Reader(app, world.organization, cookie).ready()
        app.close()
        await asyncio.wait_for(reader.task, 2)
        assert "data: closing" in reader.text
        refused = Reader(app, world.organization, cookie)
        await asyncio.wait_for(refused.task, 2)
        assert refused.status == 503

    run(story)
