"""Kept methods that are ended are ended at their services too, or somebody is told."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from guilder.books.charging import operations, queries
from guilder.books.charging.models import SavedMethod
from guilder.books.charging.operations import forgetting
from guilder.books.charging.operations.starting import InsideTransaction
from guilder.foundation.events.models import Event
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import NotAllowed
from tests import make
from tests.books.charging import making


def kept(by: Any, client: Any = None) -> UUID:
    """A client's card that is kept at a service."""
    client = client or make.client(by)
    return making.saved(by, making.gateway(by, "stripe"), client.id, "pm_good")


def row_of(by: Any, saved: UUID) -> SavedMethod:
    with transaction(by.organization_id):
        return SavedMethod.objects.of(by.organization_id).get(id=saved)


def told(by: Any) -> list[str]:
    """What was told of kept methods, in order."""
    with transaction(by.organization_id):
        rows = Event.objects.filter(
            organization_id=by.organization_id, type__startswith="saved_method."
        )
        return list(rows.order_by("id").values_list("type", flat=True))


def test_what_is_ended_here_is_ended_there_once(world, stripe):
    by = world.alice
    saved = kept(by)

    assert operations.forget_method(saved, by=by, at=make.NOW) is None  # it is in use
    assert stripe.ended == set()
    operations.end_saved_method(saved, by=by, at=make.NOW, reason="Changed bank")
    assert operations.forgettable(by=by, at=make.NOW) == [saved]
    for _ in range(2):
        assert operations.forget_method(saved, by=by, at=make.NOW) is None
    assert stripe.ended == {"pm_good"}
    found = queries.get_saved(saved, by=by)
    assert (found.forgotten_at, found.forget_failure) == (make.NOW, "")
    assert told(by) == ["saved_method.kept", "saved_method.ended", "saved_method.forgotten"]
    assert operations.forgettable(by=by, at=make.NOW) == []


def test_without_a_clear_answer_it_is_asked_again_and_at_last_a_person_is_told(world, stripe):
    by, at = world.alice, make.NOW
    saved = kept(by)
    operations.end_saved_method(saved, by=by, at=at)

    tries = 0
    while at is not None:
        stripe.trouble = [503]
        tries, last = tries + 1, at
        at = operations.forget_method(saved, by=by, at=at)
        assert at is None or at > last
    assert tries == forgetting.MOST_TRIES
    assert last - make.NOW > timedelta(days=5)
    assert row_of(by, saved).forget_failure == "no_answer"
    assert told(by) == ["saved_method.kept", "saved_method.ended", "saved_method.still_kept"]


def test_a_no_is_told_at_once(world, stripe):
    by = world.alice
    saved = kept(by)
    operations.end_saved_method(saved, by=by, at=make.NOW)
    stripe.trouble = [403]

    assert operations.forget_method(saved, by=by, at=make.NOW) is None
    assert row_of(by, saved).forget_failure == "http_403"
    assert row_of(by, saved).forgotten_at is None


def test_an_erased_clients_methods_end_everywhere_and_lose_their_names(world, stripe):
    by = world.alice
    client = make.client(by)
    saved = kept(by, client)
    assert operations.strip_methods(client.id, by=by, at=make.NOW) == [saved]
    assert operations.strip_methods(client.id, by=by, at=make.NOW) == []
    operations.forget_method(saved, by=by, at=make.NOW)

    row = row_of(by, saved)
    assert (row.is_active, row.label, row.customer, row.ended_reason) == (
        False, "", "", forgetting.ERASED)  # fmt: skip
    assert stripe.ended == {"pm_good"}


def test_what_was_ended_long_ago_is_ended_there_when_the_client_is_erased(world, stripe):
    by = world.alice
    client = make.client(by)
    saved = kept(by, client)
    operations.end_saved_method(saved, by=by, at=make.NOW)
    with transaction(by.organization_id):  # as it stood before services were told
        SavedMethod.objects.of(by.organization_id).update(next_forget_at=None)

    assert operations.strip_methods(client.id, by=by, at=make.NOW) == [saved]
    assert operations.forgettable(by=by, at=make.NOW) == [saved]
    operations.forget_method(saved, by=by, at=make.NOW)
    assert row_of(by, saved).customer == ""


def test_others_may_not_and_no_call_is_made_inside_a_transaction(world, stripe):
    by = world.alice
    saved = kept(by)
    operations.end_saved_method(saved, by=by, at=make.NOW)

    assert operations.forget_method(saved, by=world.mallory, at=make.NOW) is None
    assert stripe.ended == set()
    for act in (operations.forget_method, operations.strip_methods):
        with pytest.raises(NotAllowed):
            act(saved, by=world.bob, at=make.NOW)
    with pytest.raises(InsideTransaction), transaction(by.organization_id):
        operations.forget_method(saved, by=by, at=make.NOW)
