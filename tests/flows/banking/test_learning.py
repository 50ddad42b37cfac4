"""What many lines teach at once is what they teach one after the other."""

from typing import Any
from uuid import UUID

from guilder.flows.banking import calc
from guilder.flows.banking.models import Payer
from guilder.flows.banking.operations.learning import learn_many
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from tests import make

# Whose the lines of a name were, one after the other; each name was Anna's once before.
STORIES = ["a", "aaa", "ab", "aab", "abb", "aba", "abba", "bbaab"]


def line(story: str) -> calc.Line:
    name = f"KESTREL {story.upper()}"
    return calc.Line(id=uuid7(), amount=119, currency="EUR", booked_on=make.TODAY, name=name)


def taught(by: Any, clients: dict[str, UUID], *, at_once: bool) -> dict[str, tuple[str, int]]:
    """Whose each name is after its story, and how often that was said."""
    names = {value: name for name, value in clients.items()}
    with transaction(by.organization_id):
        learn_many([(line(story), clients["a"]) for story in STORIES], by=by, at=make.NOW)
        pairs = [(line(story), clients[one]) for story in STORIES for one in story]
        for part in [pairs] if at_once else [[pair] for pair in pairs]:
            learn_many(part, by=by, at=make.NOW)
        found = Payer.objects.of(by.organization_id)
        return {one.key: (names[one.partner_id], one.hits) for one in found}


def test_many_at_once_teach_what_one_after_the_other_does(world: Any) -> None:
    alice, mallory = [
        taught(by, {name: make.client(by).id for name in "ab"}, at_once=by is world.alice)
        for by in (world.alice, world.mallory)
    ]

    assert alice == mallory
    assert sorted(hits for _, hits in alice.values()) == [1, 1, 1, 1, 1, 2, 2, 4]
