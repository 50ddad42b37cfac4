"""How often a draft was kept is one line; everything else stays a line each."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from guilder.faces.web import timeline

ADA, BOB, DRAFT = (UUID(int=number) for number in (1, 2, 3))
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def kept(minutes: int, *, action: str = "invoice.update", who: UUID = ADA, **more: Any) -> Any:
    """An entry so many minutes before noon."""
    at = NOON - timedelta(minutes=minutes)
    known: dict[str, Any] = {"row_id": DRAFT, "source": "web", "actor_name": "Ada", **more}
    return SimpleNamespace(action=action, actor_id=who, at=at, **known)


def told(*entries: Any) -> list[tuple[int, int]]:
    """(minutes before noon, times) of each line."""
    return [
        (round((NOON - one.at).total_seconds() / 60), times)
        for one, times in timeline.gathered(entries)
    ]


def test_keeping_a_draft_again_and_again_is_one_line_with_its_number() -> None:
    assert told(kept(0), kept(1), kept(2)) == [(0, 3)]
    visit: Any = SimpleNamespace(by=SimpleNamespace(user_id=ADA))
    assert timeline.times_words(kept(0), 3, visit) == "You changed the draft 3 times"
    visit.by.user_id = BOB
    assert timeline.times_words(kept(0), 3, visit) == "Ada changed the draft 3 times"
    assert timeline.times_words(kept(0), 1, visit) == ""


def test_another_person_door_draft_act_or_sitting_is_a_line_of_its_own() -> None:
    assert told(kept(0), kept(1, who=BOB), kept(2)) == [(0, 1), (1, 1), (2, 1)]
    assert told(kept(0), kept(1, source="api")) == [(0, 1), (1, 1)]
    assert told(kept(0), kept(1, row_id=ADA)) == [(0, 1), (1, 1)]
    assert told(kept(0), kept(31)) == [(0, 1), (31, 1)]
    assert told(kept(0), kept(30), kept(60)) == [(0, 3)]
    send = "invoice.issue"
    assert told(kept(0, action=send), kept(1, action=send)) == [(0, 1), (1, 1)]
    assert told() == []
