"""The inbox: what waits, done, put off; the bell; jobs."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guilder.faces.web.inbox import words
from guilder.foundation.files import operations as files
from guilder.foundation.identity import operations as identity
from guilder.office.desk import operations, queries
from guilder.office.desk.models import Task
from tests import make
from tests.make import World

Browse = Callable[[str], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}


def now() -> datetime:
    return datetime.now(UTC)


def mentioned(world: World) -> Task:
    """Bob names Alice on a client."""
    client = make.client(world.alice)
    operations.add_comment("client", client.id, by=world.bob, text="@Alice have a look", at=now())
    return queries.list_tasks(by=world.alice, at=now())[0]


def test_an_empty_inbox_says_so(world: World, browsing: Browse) -> None:
    page = browsing("alice").get("/inbox/").content.decode()

    assert "You are up to date." in page
    assert 'class="pip' not in page


def test_a_mention_waits_and_leads_to_its_thing(world: World, browsing: Browse) -> None:
    task = mentioned(world)

    page = browsing("alice").get("/inbox/").content.decode()

    assert "Bob mentioned you on a client" in page
    assert f"/clients/{task.subject_id}/#comment-" in page
    assert 'data-row-key="d"' in page
    assert 'data-row-key="h"' in page
    assert '<span class="pip num" aria-hidden="true">1</span>' in page


def test_done_is_done_and_can_be_taken_back(world: World, browsing: Browse) -> None:
    task, alice = mentioned(world), browsing("alice")

    answer = alice.post(f"/inbox/{task.id}/done/", **HTMX)

    assert answer.status_code == 204
    assert f"/inbox/{task.id}/reopen/" in answer["HX-Trigger"]
    assert "You are up to date." in alice.get("/inbox/").content.decode()
    assert "Bob mentioned you" in alice.get("/inbox/?show=done").content.decode()
    alice.post(f"/inbox/{task.id}/reopen/")
    assert "Bob mentioned you" in alice.get("/inbox/").content.decode()


def test_what_is_put_off_comes_back(world: World, browsing: Browse) -> None:
    task, alice = mentioned(world), browsing("alice")

    answer = alice.post(f"/inbox/{task.id}/snooze/", {"until": "tomorrow"})

    assert answer["Location"] == "/inbox/"
    assert "Bob mentioned you" not in alice.get("/inbox/").content.decode()
    assert "Bob mentioned you" in alice.get("/inbox/?show=snoozed").content.decode()


def test_nobody_touches_another_s_tasks(world: World, browsing: Browse) -> None:
    task = mentioned(world)

    for name in ("bob", "mallory"):
        client = browsing(name)
        assert "mentioned you" not in client.get("/inbox/").content.decode()
        for act in ("done", "snooze", "reopen"):
            assert client.post(f"/inbox/{task.id}/{act}/").status_code == 404


def test_who_is_signed_out_signs_in_first(db: Any) -> None:
    answer = Client().get("/inbox/")

    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/inbox/")


def test_a_client_of_the_portal_has_no_inbox(world: World) -> None:
    user = identity.create_user(email=f"{uuid4()}@a.example", password=make.PASSWORD, name="C")
    identity.add_member(by=world.alice, user_id=user.id, role="client")
    client = Client()
    client.force_login(user)

    assert client.get("/inbox/").status_code == 403


def test_the_list_renews_itself_alone(world: World, browsing: Browse) -> None:
    mentioned(world)

    part = browsing("alice").get("/inbox/", **HTMX, HTTP_HX_TARGET="list").content.decode()

    assert part.lstrip().startswith('<div id="list" data-live="inbox jobs">')
    assert "<html" not in part


def test_the_bell_opens_the_newest(world: World, browsing: Browse) -> None:
    mentioned(world)
    alice = browsing("alice")

    assert "Bob mentioned you" in alice.get("/inbox/notices/", **HTMX).content.decode()
    assert alice.get("/inbox/notices/")["Location"] == "/inbox/"
    assert ">1</span>" in alice.get("/inbox/bell/").content.decode()


def test_a_job_is_watched_stopped_and_gives_its_file(world: World, browsing: Browse) -> None:
    job = operations.start_progress(by=world.alice, kind="export", total=8, at=now())
    operations.advance(
        job.id,
        by=world.alice,
        done=2,
        at=now(),
        failures=[{"label": "INV-1", "problem": "No address."}],
    )
    alice = browsing("alice")

    assert "2 of 8" in alice.get("/inbox/").content.decode()
    assert "No address." in alice.get(f"/jobs/{job.id}/").content.decode()
    assert "<html" not in alice.get(f"/jobs/{job.id}/part/").content.decode()
    alice.post(f"/jobs/{job.id}/cancel/")
    assert "Stopping…" in alice.get(f"/jobs/{job.id}/").content.decode()
    assert alice.get(f"/jobs/{job.id}/file/").status_code == 404
    stored = files.store(b"a,b", by=world.alice, filename="Änderung 1.csv", media_type="text/csv")
    operations.end_progress(job.id, by=world.alice, at=now(), file_id=stored.id)
    file = alice.get(f"/jobs/{job.id}/file/")
    assert file.content == b"a,b"
    assert file["Content-Disposition"] == "attachment; filename*=UTF-8''%C3%84nderung%201.csv"
    assert "Export is ready" in alice.get("/inbox/").content.decode()
    for name in ("bob", "mallory"):
        for path in ("", "part/", "file/"):
            assert browsing(name).get(f"/jobs/{job.id}/{path}").status_code == 404


def test_every_kind_of_task_has_words(world: World, browsing: Browse) -> None:
    for kind in words.KINDS:
        data = {"mail_id": str(uuid4()), "progress_id": str(uuid4()), "who": "Bo", "to": "a@b.c"}
        operations.add_task(
            by=world.alice,
            kind=kind,
            mark=kind,
            user_id=world.alice.user_id,
            subject=("client", make.client(world.alice).id),
            data={**data, "minor": 1234, "currency": "EUR", "number": "Q-7", "client": "Bar"},
            at=now(),
        )

    page = browsing("alice").get("/inbox/").content.decode()

    for said in (
        "€12.34 from Bar",
        "Quote Q-7 was accepted",
        "Bo has a question",
        "A mail to a@b.c came back",
    ):
        assert said in page


def test_the_inbox_asks_the_database_little(world: World, browsing: Browse) -> None:
    for n in range(30):
        operations.add_task(
            by=world.alice, kind="x", mark=str(n), user_id=world.alice.user_id, at=now()
        )
    alice = browsing("alice")
    alice.get("/inbox/")

    with CaptureQueriesContext(connection) as asked:
        alice.get("/inbox/")

    assert len(asked) <= 6, [one["sql"] for one in asked.captured_queries]
