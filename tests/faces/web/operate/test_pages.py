"""The operator's page: everything at one look, for operators alone."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client

from guilder.foundation.identity.models import User
from guilder.foundation.jobs import queue, schedules
from guilder.foundation.jobs.models import JobProblem
from tests.make import World

Browse = Callable[[str], Client]


@pytest.fixture
def operator(world: World, browsing: Browse) -> Client:
    """Alice, who runs the installation too."""
    User.objects.filter(id=world.alice.user_id).update(is_operator=True)
    return browsing("alice")


def clear(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = %s", [name])


def failed_job() -> int:
    """A job that failed for good."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, args) "
            "VALUES ('guilder', 'test.operate', 'failed', '{}') RETURNING id"
        )
        (job_id,) = cursor.fetchone()
    JobProblem.objects.create(job_id=job_id, task="test.operate", problem="OSError: no route")
    return job_id


def test_everything_is_seen_at_one_look(world: World, operator: Client):
    job = failed_job()

    page = operator.get("/operate/").content.decode()

    assert "Alice &amp; Co" in page
    assert world.alice_email in page  # who was here last comes first
    assert "OSError: no route" in page
    assert f"/operate/jobs/{job}/retry/" in page
    assert all(one.name in page for one in schedules.schedules(at=datetime.now(UTC)))
    assert "GB" in page
    clear("test.operate")


def test_for_everybody_else_there_is_no_such_page(world: World, browsing: Browse):
    name = schedules.schedules(at=datetime.now(UTC))[0].name

    for person in ("alice", "bob", "mallory"):
        assert browsing(person).get("/operate/").status_code == 404
        assert browsing(person).post(f"/operate/schedules/{name}/run/").status_code == 404
        assert browsing(person).post("/operate/jobs/1/retry/").status_code == 404
    assert Client().get("/operate/").status_code == 302


def test_the_menu_leads_operators_there(operator: Client, browsing: Browse):
    assert 'href="/operate/"' in operator.get("/").content.decode()
    assert 'href="/operate/"' not in browsing("bob").get("/").content.decode()


def test_a_task_of_the_clock_runs_now_and_once(operator: Client):
    name = schedules.schedules(at=datetime.now(UTC))[0].name
    clear(name)

    first = operator.post(f"/operate/schedules/{name}/run/", follow=True).content.decode()
    again = operator.post(f"/operate/schedules/{name}/run/", follow=True).content.decode()

    assert "It runs as soon as a worker is free." in first
    assert "It waits or runs already." in again
    assert next(
        one.is_waiting for one in schedules.schedules(at=datetime.now(UTC)) if one.name == name
    )
    clear(name)
    assert operator.post("/operate/schedules/nothing.there/run/").status_code == 404


def test_a_job_that_failed_is_tried_again(operator: Client):
    job = failed_job()

    operator.post(f"/operate/jobs/{job}/retry/")

    assert job not in {one.id for one in queue.parked()}
    clear("test.operate")


def test_the_clock_says_when_each_comes(db: object):
    at = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)

    found = schedules.schedules(at=at)

    assert found
    assert [one.next_at for one in found] == sorted(one.next_at for one in found)
    assert all(one.next_at > at for one in found)
