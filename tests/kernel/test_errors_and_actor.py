"""The five ways to say no, and who asks."""

from uuid import UUID

import pytest

from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, GuilderError, Invalid, NotAllowed, Problem, Stale


def test_an_error_speaks_its_detail_else_its_first_problem_else_its_code():
    problem = Problem("/lines/0", "line.empty", "Enter a description.")

    assert str(Invalid("Give a name.", problems=[problem])) == "Give a name."
    assert str(Invalid(problems=[problem])) == "Enter a description."
    assert str(Invalid()) == "invalid"
    assert Invalid(problems=[problem]).problems == (problem,)


def test_a_lost_race_is_a_conflict():
    assert issubclass(Stale, Conflict)
    assert issubclass(Conflict, GuilderError)


def test_an_actor_may_do_what_it_holds_and_nothing_else():
    actor = Actor(organization_id=UUID(int=1), permissions=frozenset({"invoice.issue"}))

    actor.require("invoice.issue")

    assert actor.may("invoice.issue")
    assert not actor.may("invoice.delete")
    with pytest.raises(NotAllowed, match=r"invoice\.delete"):
        actor.require("invoice.delete")
