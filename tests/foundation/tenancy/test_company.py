"""Statements leave together: one journey out, one home, and errors come out where they belong."""

from collections.abc import Iterator
from contextlib import nullcontext

import psycopg
import pytest
from django.db import DataError, connections
from psycopg.pq import TransactionStatus

from guilder.foundation.tenancy import company, hot, journeys
from guilder.foundation.tenancy.transaction import transaction

DIVIDE = "SELECT 1 / %s::int"


@pytest.fixture
def journeys_made(monkeypatch: pytest.MonkeyPatch, world) -> Iterator[list[int]]:
    """One entry for each time that a company goes and comes back."""
    connections["default"].ensure_connection()
    made: list[int] = []
    enqueue = company.Company._enqueue_sync

    def noted(self: company.Company) -> None:
        made.append(1)
        enqueue(self)

    monkeypatch.setattr(company.Company, "_enqueue_sync", noted)
    yield made
    assert plain().info.transaction_status == TransactionStatus.IDLE
    assert plain()._pipeline is None


def plain() -> psycopg.Connection:
    return connections["default"].connection


def ask(value: int) -> int:
    return hot.cursor().execute(DIVIDE, [value], prepare=True).fetchone()[0]


def test_a_transaction_is_two_journeys(world, journeys_made):
    with transaction(world.alice.organization_id):
        assert ask(1) == 1
        assert len(journeys_made) == 1  # BEGIN, whose organization it is, and the question
        hot.send_along("SELECT %(a)s::int", {"a": 1})
        last = journeys.send_last(
            connections["default"], "SELECT %(a)s::int", {"a": 7}, around=nullcontext()
        )

    assert last.fetchone() == (7,)
    assert len(journeys_made) == 2


def test_questions_asked_together_are_one_journey(world, journeys_made):
    with transaction(world.alice.organization_id):
        with hot.asked_together():
            first = hot.cursor().execute(DIVIDE, [1], prepare=True)
            second = hot.cursor().execute(DIVIDE, [-1], prepare=True)
        assert (first.fetchone(), second.fetchone()) == ((1,), (-1,))
        assert len(journeys_made) == 1  # BEGIN and whose organization it is went along


def test_what_one_of_several_questions_does_wrong_is_raised_at_their_end(world, journeys_made):
    with pytest.raises(psycopg.errors.DivisionByZero), transaction(world.alice.organization_id):
        with hot.asked_together():
            hot.cursor().execute(DIVIDE, [1], prepare=True)
            hot.cursor().execute(DIVIDE, [0], prepare=True)
        pytest.fail("it went on")

    with transaction(world.alice.organization_id):
        assert ask(1) == 1


def test_a_transaction_of_nothing_but_its_last_statement_is_one(world, journeys_made):
    with transaction(world.alice.organization_id):
        last = journeys.send_last(
            connections["default"],
            "SELECT current_setting('guilder.organization'), %(a)s::int",
            {"a": 7},
            around=nullcontext(),
        )

    assert last.fetchone() == (str(world.alice.organization_id), 7)
    assert len(journeys_made) == 1


def test_what_the_first_statement_does_wrong_is_raised_by_it(world, journeys_made):
    with pytest.raises(psycopg.errors.DivisionByZero), transaction(world.alice.organization_id):
        ask(0)

    with transaction(world.alice.organization_id):
        assert ask(1) == 1


def test_what_the_last_statement_does_wrong_undoes_the_whole(world, journeys_made):
    with transaction(world.alice.organization_id), connections["default"].cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE undone (a int)")

    with pytest.raises(DataError), transaction(world.alice.organization_id):
        hot.cursor().execute("INSERT INTO undone VALUES (1)")
        journeys.send_last(connections["default"], "SELECT 1 / %s::int", [0], around=nullcontext())

    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM undone")
        assert cursor.fetchone() == (0,)
        cursor.execute("DROP TABLE undone")


def test_what_went_along_and_failed_is_raised_by_what_took_it(world, journeys_made):
    with pytest.raises(psycopg.errors.DivisionByZero), transaction(world.alice.organization_id):
        hot.send_along(DIVIDE, [0])
        ask(1)


def test_long_statements_and_long_answers_pass_each_other(world, journeys_made):
    text = "x" * 3_000_000  # more than the buffers of both sides
    with transaction(world.alice.organization_id):
        found = hot.cursor().execute("SELECT %s::text || 'y'", [text]).fetchone()
        assert found == (text + "y",)
        hot.send_along("SELECT %(a)s::text", {"a": text})
        last = journeys.send_last(
            connections["default"], "SELECT %(a)s::text", {"a": text}, around=nullcontext()
        )

    assert last.fetchone() == (text,)


def test_a_pipeline_that_is_open_is_joined(world, journeys_made):
    with transaction(world.alice.organization_id):
        ask(1)
        with hot.together():
            with company.in_company(plain()):
                asked = psycopg.Cursor(plain()).execute(DIVIDE, [1])
            assert plain()._pipeline is not None
        assert asked.fetchone() == (1,)

    assert len(journeys_made) == 1  # the others were psycopg's own


def test_a_connection_that_was_lost_is_said_to_be(world):
    other = psycopg.connect(plain().info.dsn, host=plain().info.host)
    other.close()

    with pytest.raises(psycopg.OperationalError), company.in_company(other):
        pass

    assert other._pipeline is None
