"""What a task is in words, whatever it is about."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A task in words: mark, one line, what there is to know, and where to go."""

    icon: str
    tone: str
    title: str
    hint: str = ""
    url: str = ""
    action: str = ""
    failures: tuple[dict[str, Any], ...] = ()


def page_of(route: str, subject_id: str | None) -> str:
    """The page of a thing that a task keeps by its id; "" where it keeps none."""
    return reverse(route, args=[subject_id]) if subject_id else ""
