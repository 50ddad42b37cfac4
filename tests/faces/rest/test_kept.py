"""Answers that are kept: never old, never anybody else's, and never in the way."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections

from guilder.faces.rest import kept
from guilder.foundation.identity import operations as identity
from guilder.foundation.tenancy import raising
from guilder.foundation.tenancy.transaction import one_view, transaction
from guilder.registers.catalogue.models import Item
from tests.faces.rest.speaking import Speaker, client_in, issued_in
from tests.faces.rest.tagging import generation_of
from tests.faces.rest.test_budgets import statements
from tests.make import World
from tests.uncounted import uncounted

ROOT = Path(__file__).resolve().parents[3]
# Another process of the program: reads, waits for a word, reads again.
OTHER = """
import sys, django
django.setup()
from tests.faces.rest.speaking import Speaker
from django.core.cache import cache
speaker = Speaker(token=sys.argv[1])
for _ in sys.stdin:
    print([one["name"] for one in speaker.ok("GET", "items/?sort=name")["data"]], flush=True)
    print(len(cache._cache), flush=True)
"""


@pytest.fixture(autouse=True)
def empty() -> None:
    cache.clear()


def test_a_read_that_is_kept_asks_who_it_is_and_nothing_else(alice: Speaker):
    path = f"invoices/{issued_in(alice)['id']}/"
    first = alice("GET", path)

    with statements() as seen:
        second = alice("GET", path)
        third = alice("GET", path, If_None_Match=first.headers["ETag"])

    assert (second.body, second.headers["ETag"]) == (first.body, first.headers["ETag"])
    assert third.status == 304
    assert len(seen) == 2, seen  # each signs in, with its count and the generation


def test_what_another_process_keeps_is_never_older_than_a_write(alice: Speaker):
    alice.ok("POST", "items/", {"name": "A"})
    command = [sys.executable, "-c", OTHER, alice.token]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=uncounted(os.environ),  # killed, it would say nothing
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:

        def said() -> tuple[str, str]:
            assert other.stdin is not None
            assert other.stdout is not None
            other.stdin.write("go\n")
            other.stdin.flush()
            return other.stdout.readline().strip(), other.stdout.readline().strip()

        try:
            first, again = said(), said()
            alice.ok("POST", "items/", {"name": "B"})
            after = said()
        finally:
            other.kill()

    assert first == again == ("['A']", "1")
    assert after == ("['A', 'B']", "2")


def test_the_next_read_sees_what_was_written(alice: Speaker):
    made = alice.ok("POST", "items/", {"name": "A"})
    path = f"items/{made['id']}/"
    assert [alice.ok("GET", path)["name"], len(alice.ok("GET", "items/")["data"])] == ["A", 1]

    alice.ok("PATCH", path, {"name": "B"})
    alice.ok("POST", "items/", {"name": "C"})

    assert [alice.ok("GET", path)["name"], len(alice.ok("GET", "items/")["data"])] == ["B", 2]


def test_nobody_is_given_what_is_kept_for_somebody_else(
    alice: Speaker, bob: Speaker, mallory: Speaker, world: World
):
    client = client_in(alice)["id"]
    issued_in(alice, client=client)
    everything = alice.ok("GET", "invoices/")["data"]

    assert everything
    assert bob.ok("GET", "invoices/")["data"] == []  # an agent sees their own only
    assert mallory.ok("GET", "invoices/")["data"] == []
    assert mallory("GET", f"clients/{client}/").status == 404
    assert alice.ok("GET", f"clients/{client}/")["id"] == client
    assert mallory("GET", f"clients/{client}/").status == 404

    key = alice.ok("POST", "keys/", {"name": "narrow", "scopes": ["item.view"]})["secret"]
    assert Speaker(token=key)("GET", "invoices/").status == 403


def test_a_lesser_role_counts_from_the_next_read_on(alice: Speaker, world: World, mallory: Speaker):
    issued_in(alice)
    person = identity.create_user(
        email=f"{world.alice.organization_id.hex}@guilder.example",
        password=world.password,
        name="K",
    )
    identity.add_member(by=world.alice, user_id=person.id, role="viewer")
    kim = Speaker(token=identity.open_session(person).access)
    assert len(kim.ok("GET", "invoices/")["data"]) == 1

    identity.change_role(person.id, by=world.alice, role="agent")
    assert kim.ok("GET", "invoices/")["data"] == []
    identity.remove_member(person.id, by=world.alice)
    assert kim("GET", "invoices/").status in {401, 403}


def test_who_leads_whom_counts_from_the_next_read_on(world: World):
    before = generation_of(world.alice.organization_id)

    identity.set_lead(world.bob.user_id, by=world.alice, lead_id=world.alice.user_id)

    assert generation_of(world.alice.organization_id) > before


def test_a_change_counts_when_it_is_committed_and_not_before(world: World):
    organization = world.alice.organization_id
    before = generation_of(organization)
    seen: list[int] = []

    def look() -> None:
        seen.append(generation_of(organization))
        connections.close_all()

    with transaction(organization):
        touch(organization)
        touch(organization)
        watcher = threading.Thread(target=look)
        watcher.start()
        watcher.join()

    assert seen == [before]
    assert generation_of(organization) == before + 1  # one transaction, one step
    with pytest.raises(RuntimeError), transaction(organization):
        touch(organization)
        raise RuntimeError
    assert generation_of(organization) == before + 1


def test_writers_at_the_same_time_do_not_wait_for_each_other(world: World):
    """One holds its row open; the other commits meanwhile, and both count."""
    organization = world.alice.organization_id
    before = generation_of(organization)
    is_done, took = threading.Event(), []

    def write() -> None:
        began = time.monotonic()
        with transaction(organization):
            touch(organization)
        took.append(time.monotonic() - began)
        connections.close_all()
        is_done.set()

    with transaction(organization):
        touch(organization)
        threading.Thread(target=write).start()
        assert is_done.wait(10)
        meanwhile = generation_of(organization)

    assert meanwhile >= before + 1
    assert generation_of(organization) == before + 2


def test_a_writer_that_sees_one_moment_counts_as_well(world: World):
    organization = world.alice.organization_id
    before = generation_of(organization)

    with one_view(), transaction(organization):
        generation_of(organization)
        writer = threading.Thread(target=change_elsewhere, args=(organization,))
        writer.start()
        writer.join()
        touch(organization)

    assert generation_of(organization) == before + 2


def test_every_table_of_an_organization_raises_its_generation(world: World):
    with connections["default"].cursor() as cursor:
        cursor.execute(raising.STANDING, [raising.TRIGGER])
        standing = {name for (name,) in cursor.fetchall()}

    assert standing == raising.raising_tables()
    assert "calls_apicall" not in standing


def test_maintenance_in_nobodys_name_counts_for_all(world: World):
    before = (
        generation_of(world.alice.organization_id),
        generation_of(world.mallory.organization_id),
    )

    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE catalogue_item SET name = name WHERE false")

    after = generation_of(world.alice.organization_id), generation_of(world.mallory.organization_id)
    assert after == (before[0] + 1, before[1] + 1)


def test_a_cache_that_does_not_answer_stops_nobody(alice: Speaker, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: Any, **__: Any) -> None:
        raise ConnectionError("gone")

    monkeypatch.setattr(cache, "get", broken)
    monkeypatch.setattr(cache, "set", broken)
    monkeypatch.setattr(kept, "_rests_until", 0.0)

    assert alice.ok("GET", "items/")["data"] == []
    assert kept._rests_until > time.monotonic()
    monkeypatch.undo()
    kept._rests_until = 0.0


def test_what_is_large_or_refused_is_not_kept(alice: Speaker, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kept, "LARGEST", 10)
    alice("GET", "items/")
    alice("GET", f"items/{alice.actor.organization_id}/")  # type: ignore[union-attr]

    assert not cache._cache


def touch(organization: Any) -> None:
    """Change something of an organization, however little."""
    Item.objects.of(organization).filter(name="none such").update(name="none such")


def change_elsewhere(organization: Any) -> None:
    """A change on a connection of its own."""
    with transaction(organization):
        touch(organization)
    connections.close_all()
