"""Views, comments, files, tasks and jobs: works, another organization, no right."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from guilder.foundation.audit import queries as audit
from guilder.foundation.events import queries as events
from guilder.foundation.files import queries as files
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotAllowed, NotFound
from guilder.office.desk import operations, queries
from tests import make
from tests.make import NOW, World

LATER = NOW + timedelta(minutes=5)


def colleague(world: World, role: str = "accountant", name: str = "Carol") -> Actor:
    email = f"{name.lower().replace(' ', '.')}-{uuid4().hex[:8]}@guilder.example"
    user = identity.create_user(email=email, password=make.PASSWORD, name=name)
    identity.add_member(by=world.alice, user_id=user.id, role=role)
    return identities.actor_for(user.id, world.organization, source="web")


def types_of(world: World) -> list[str]:
    return [one.type for one in events.list_events(world.organization, limit=20)]


def test_a_view_is_kept_with_filter_and_columns(world: World) -> None:
    data = {
        "kind": "invoices",
        "name": "Hotels",
        "query": "?q=hotel&sort=-due_on",
        "columns": ["number"],
    }

    view = operations.save_view(by=world.alice, data=data, at=NOW)

    found = queries.list_views("invoices", by=world.alice)
    assert [(one.name, one.query, one.columns) for one in found] == [
        ("Hotels", "q=hotel&sort=-due_on", ["number"])
    ]
    assert queries.list_views("invoices", by=world.bob) == []
    assert "view.changed" in types_of(world)
    assert audit.list_entries(world.organization, row_id=view.id)[0].action == "view.create"


def test_a_shared_view_is_seen_by_all_and_changed_by_its_maker(world: World) -> None:
    carol = colleague(world)
    data = {"kind": "invoices", "name": "Late", "query": "view=overdue", "is_shared": True}
    view = operations.save_view(by=carol, data=data, at=NOW)

    assert queries.get_view(view.id, by=world.bob).name == "Late"
    with pytest.raises(NotAllowed):
        operations.update_view(view.id, by=world.bob, data={"name": "Mine"}, at=NOW)
    with pytest.raises(queries.NoSuchView):
        operations.update_view(view.id, by=world.mallory, data={"name": "Mine"}, at=NOW)
    operations.update_view(view.id, by=world.alice, data={"is_shared": False}, at=NOW)  # an admin
    with pytest.raises(queries.NoSuchView):
        queries.get_view(view.id, by=world.bob)


def test_an_agent_shares_no_view(world: World) -> None:
    with pytest.raises(NotAllowed):
        operations.save_view(
            by=world.bob, data={"kind": "invoices", "name": "x", "is_shared": True}, at=NOW
        )


def test_a_second_view_of_a_name_is_refused(world: World) -> None:
    operations.save_view(by=world.bob, data={"kind": "invoices", "name": "x"}, at=NOW)

    with pytest.raises(operations.ViewExists):
        operations.save_view(by=world.bob, data={"kind": "invoices", "name": "x"}, at=NOW)


def test_views_are_put_in_order_and_forgotten(world: World) -> None:
    first, second = (
        operations.save_view(by=world.alice, data={"kind": "quotes", "name": name}, at=NOW)
        for name in "ab"
    )

    operations.order_views("quotes", [second.id, uuid4(), first.id], by=world.alice)
    assert [one.name for one in queries.list_views("quotes", by=world.alice)] == ["b", "a"]
    operations.delete_view(first.id, by=world.alice)
    assert [one.name for one in queries.list_views("quotes", by=world.alice)] == ["b"]


def test_preferences_are_each_person_s_own(world: World) -> None:
    operations.set_preference("columns.invoices", ["number"], by=world.alice, at=NOW)
    operations.set_preference("columns.invoices", ["client"], by=world.alice, at=NOW)

    assert queries.get_preference("columns.invoices", by=world.alice) == ["client"]
    assert queries.get_preference("columns.invoices", by=world.bob, default=0) == 0
    operations.set_preference("columns.invoices", None, by=world.alice, at=NOW)
    assert queries.get_preferences(by=world.alice) == {}


def test_a_comment_reaches_whom_it_names(world: World) -> None:
    carol = colleague(world, name="Carol Jones")
    invoice = make.draft(world.alice)

    comment = operations.add_comment(
        "invoice", invoice.id, by=world.alice, text=" @Carol Jones, is line 3 right? ", at=NOW
    )

    assert comment.text == "@Carol Jones, is line 3 right?"
    assert comment.mentions == [carol.user_id]
    (task,) = queries.list_tasks(by=carol, at=LATER)
    assert (task.kind, task.subject_id, task.data["who"]) == ("mention", invoice.id, "Alice")
    assert queries.list_tasks(by=world.alice, at=LATER) == []
    told = events.list_events(world.organization, types=("comment.added",))
    assert told[0].subject_id == invoice.id
    assert audit.list_entries(world.organization, row_id=invoice.id)[0].action == "comment.add"


def test_who_may_not_see_the_thing_neither_reads_nor_is_told(world: World) -> None:
    invoice = make.draft(world.alice)  # an agent sees only his own

    operations.add_comment("invoice", invoice.id, by=world.alice, text="@Bob look", at=NOW)

    assert queries.list_tasks(by=world.bob, at=LATER) == []
    for stranger in (world.bob, world.mallory):
        with pytest.raises(NotFound):
            queries.list_comments("invoice", invoice.id, by=stranger)
        with pytest.raises(NotFound):
            operations.add_comment("invoice", invoice.id, by=stranger, text="x", at=NOW)
    with pytest.raises(NotAllowed):  # agents see no payments at all
        queries.list_comments("payment", uuid4(), by=world.bob)


def test_clients_of_the_portal_have_no_desk(world: World) -> None:
    client = colleague(world, role="client", name="Client")
    invoice = make.draft(world.alice)

    with pytest.raises(NotAllowed):
        queries.list_comments("invoice", invoice.id, by=client)
    assert client.user_id not in dict(queries.people(world.organization))


def test_an_empty_comment_is_refused(world: World) -> None:
    invoice = make.draft(world.alice)

    with pytest.raises(operations.EmptyComment):
        operations.add_comment("invoice", invoice.id, by=world.alice, text="  ", at=NOW)
    with pytest.raises(queries.NotASubject):
        operations.add_comment("item", invoice.id, by=world.alice, text="x", at=NOW)


def test_a_comment_is_taken_back_until_somebody_answers(world: World) -> None:
    carol = colleague(world)
    client = make.client(world.alice)
    first = operations.add_comment("client", client.id, by=carol, text="one", at=NOW)
    again = operations.add_comment("client", client.id, by=carol, text="two @Alice", at=NOW)
    assert queries.count_tasks(by=world.alice, at=LATER) == 1

    operations.delete_comment(again.id, by=carol, at=LATER)

    assert queries.count_tasks(by=world.alice, at=LATER) == 0
    operations.add_comment("client", client.id, by=world.bob, text="answer", at=LATER)
    with pytest.raises(operations.CommentAnswered):
        operations.delete_comment(first.id, by=carol, at=LATER)
    with pytest.raises(NotAllowed):
        operations.delete_comment(first.id, by=world.bob, at=LATER)
    with pytest.raises(queries.NoSuchComment):
        operations.delete_comment(first.id, by=world.mallory, at=LATER)
    operations.delete_comment(first.id, by=world.alice, at=LATER)  # an admin
    said = [one.text for one in queries.list_comments("client", client.id, by=world.alice)]
    assert said == ["answer"]
    entry = audit.list_entries(world.organization, row_id=client.id)[0]
    assert (entry.action, entry.before["text"]) == ("comment.delete", "one")


def test_a_file_lies_with_a_thing_and_goes_again(world: World) -> None:
    invoice = make.draft(world.alice)
    given = {
        "content": b"%PDF-1.7 hours",
        "filename": "../hours.pdf",
    }

    laid = operations.add_attachment("invoice", invoice.id, by=world.alice, at=NOW, **given)
    again = operations.add_attachment("invoice", invoice.id, by=world.alice, at=NOW, **given)

    assert again.id == laid.id
    (found,) = queries.list_attachments("invoice", invoice.id, by=world.alice)
    assert (found.file.filename, queries.read_attachment(found)) == ("hours.pdf", b"%PDF-1.7 hours")
    for stranger in (world.bob, world.mallory):
        with pytest.raises(queries.NoSuchAttachment):
            queries.get_attachment(laid.id, by=stranger)
    operations.remove_attachment(laid.id, by=world.alice)
    assert queries.list_attachments("invoice", invoice.id, by=world.alice) == []
    with pytest.raises(files.NoSuchFile):
        files.get_file(found.file_id, by=world.alice)


def test_a_file_that_lies_elsewhere_too_is_kept(world: World) -> None:
    first, second = make.draft(world.alice), make.draft(world.alice)
    given = {"content": b"terms", "filename": "terms.txt", "at": NOW}
    laid = operations.add_attachment("invoice", first.id, by=world.alice, **given)
    operations.add_attachment("invoice", second.id, by=world.alice, **given)

    operations.remove_attachment(laid.id, by=world.alice)

    (kept,) = queries.list_attachments("invoice", second.id, by=world.alice)
    assert queries.read_attachment(kept) == b"terms"


def test_only_who_laid_a_file_or_an_admin_takes_it_away(world: World) -> None:
    manager, carol = colleague(world, "manager", "Max"), colleague(world)
    client = make.client(world.alice)
    given = {"content": b"x", "filename": "x.txt", "at": NOW}
    laid = operations.add_attachment("client", client.id, by=world.alice, **given)

    for other in (manager, carol, world.bob):
        with pytest.raises(NotAllowed):
            operations.remove_attachment(laid.id, by=other)
    with pytest.raises(operations.FileTooLarge):
        operations.add_attachment("client", client.id, by=world.alice, **{**given, "content": b""})


def test_a_task_is_done_put_off_and_taken_up_again(world: World) -> None:
    zone = ZoneInfo("Europe/Berlin")
    task = operations.add_task(
        by=world.alice, kind="mention", mark="a", user_id=world.alice.user_id, at=NOW
    )
    assert task is not None

    operations.snooze_task(task.id, by=world.alice, until="tomorrow", at=NOW, zone=zone)
    assert queries.list_tasks(by=world.alice, at=LATER) == []
    assert [one.id for one in queries.list_tasks(by=world.alice, at=LATER, states="snoozed")] == [
        task.id
    ]
    assert queries.count_tasks(by=world.alice, at=NOW + timedelta(days=1)) == 1  # it is awake again
    operations.finish_task(task.id, by=world.alice, at=LATER)
    assert [one.id for one in queries.list_tasks(by=world.alice, at=LATER, states="done")] == [
        task.id
    ]
    operations.reopen_task(task.id, by=world.alice, at=LATER)
    assert queries.count_tasks(by=world.alice, at=LATER) == 1
    with pytest.raises(operations.NoSuchSnooze):
        operations.snooze_task(task.id, by=world.alice, until="never", at=NOW, zone=zone)
    for stranger in (world.bob, world.mallory):
        with pytest.raises(queries.NoSuchTask):
            operations.finish_task(task.id, by=stranger, at=NOW)


def test_one_cause_makes_one_task_until_it_is_done(world: World) -> None:
    given = {
        "by": world.alice,
        "kind": "x",
        "mark": "same",
        "permission": "invoice.send",
        "at": NOW,
    }

    first = operations.add_task(**given)

    assert first is not None
    assert operations.add_task(**given) is None
    assert operations.close_tasks(by=world.alice, marks=("same",), at=LATER) == 1
    assert operations.add_task(**given) is not None


def test_a_task_for_a_right_is_seen_by_who_holds_it(world: World) -> None:
    carol, viewer = colleague(world), colleague(world, "viewer", "Vera")
    operations.add_task(
        by=world.alice, kind="payment_over", mark="p", permission="payment.record", at=NOW
    )

    seen = {
        one.name: queries.count_tasks(by=one, at=LATER)
        for one in (world.alice, carol, viewer, world.bob, world.mallory)
    }

    assert seen == {"Alice": 1, "Carol": 1, "Vera": 0, "Bob": 0, "Mallory": 0}


def test_a_job_is_followed_and_ends_in_the_inbox(world: World) -> None:
    job = operations.start_progress(by=world.alice, kind="export", total=3, at=NOW)
    system = identity.system_actor(world.organization, "job")

    assert operations.advance(job.id, by=system, done=2, at=NOW)
    failure = {"label": "INV-1", "problem": "No address."}
    assert operations.advance(job.id, by=system, done=1, failures=[failure], at=LATER)
    assert queries.running_jobs(by=world.alice)[0].failed == 1
    operations.end_progress(job.id, by=system, at=LATER)
    operations.end_progress(job.id, by=system, at=LATER)

    assert queries.running_jobs(by=world.alice) == []
    (task,) = queries.list_tasks(by=world.alice, at=LATER)
    assert (task.kind, task.data["done"], task.data["failed"]) == ("job", 3, 1)
    assert queries.get_progress(job.id, by=world.alice).failures == [failure]
    for stranger in (world.bob, world.mallory):
        with pytest.raises(queries.NoSuchProgress):
            queries.get_progress(job.id, by=stranger)


def test_a_job_hears_that_it_should_stop(world: World) -> None:
    job = operations.start_progress(by=world.alice, kind="export", total=3, at=NOW)
    system = identity.system_actor(world.organization, "job")

    with pytest.raises(queries.NoSuchProgress):
        operations.ask_to_cancel(job.id, by=world.bob, at=NOW)
    operations.ask_to_cancel(job.id, by=world.alice, at=NOW)

    assert not operations.advance(job.id, by=system, done=1, at=LATER)
    operations.end_progress(job.id, by=system, at=LATER, is_cancelled=True)
    assert queries.list_tasks(by=world.alice, at=LATER) == []


def test_progress_is_told_once_a_second_at_most(world: World) -> None:
    job = operations.start_progress(by=world.alice, kind="export", total=100, at=NOW)
    system = identity.system_actor(world.organization, "job")

    for step in range(40):  # a tenth of a second each: four seconds
        at = NOW + timedelta(milliseconds=100 * step)
        operations.advance(job.id, by=system, done=1, at=at)

    told = events.list_events(world.organization, types=("progress.changed",))
    assert len(told) == 1 + 3  # the start, and after one, two and three seconds


def test_a_program_has_no_desk(world: World) -> None:
    key = replace(world.alice, user_id=None)

    with pytest.raises(NotAllowed):
        queries.list_views("invoices", by=key)
    assert queries.get_preferences(by=key) == {}
