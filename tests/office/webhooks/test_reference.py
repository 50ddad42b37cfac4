"""The guide's catalogue of events is the one that is told."""

from pathlib import Path

from guilder.foundation.events import bus
from guilder.office.webhooks import listeners, queries, reference

GUIDE = Path(__file__).parents[3] / "docs/guide/webhooks.md"


def test_the_guide_lists_every_event_that_is_told() -> None:
    page = GUIDE.read_text()

    assert f"{reference.BEGIN}{reference.as_markdown()}{reference.END}" in page


def test_every_event_of_others_is_heard_and_our_own_are_not() -> None:
    name = bus.name_of(listeners.on_event)
    heard = {one for one in bus.TYPES if name in bus.listeners_of(one)}

    assert heard == set(queries.public_types())
    assert {"invoice.issued", "payment.recorded", "partner.created"} <= heard
    assert not {one for one in heard if one.startswith(("webhook.", "progress.", "task."))}


def test_every_event_says_when_it_comes() -> None:
    assert not [one["type"] for one in queries.catalogue_of_events() if not one["words"]]
