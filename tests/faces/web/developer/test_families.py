"""Every family of events has a word for people."""

from guilder.faces.web.developer.frame import FAMILIES
from guilder.office.webhooks import queries


def test_every_family_of_events_has_a_word() -> None:
    families = {one.partition(".")[0] for one in queries.public_types()}

    assert families - set(FAMILIES) == set()
