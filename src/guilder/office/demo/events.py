"""What happens around the demo."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAsked:
    """Somebody wants to look around in the demo."""

    type: ClassVar[str] = "demo.asked"
    user_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoMade:
    """The demo's books are told; what stands beside them is for the rooms that keep it.

    `remarks` are comments of colleagues, `views` saved lists of the owner, `mails` what went out
    with each document and what came back.
    """

    type: ClassVar[str] = "demo.made"
    owner_id: UUID
    remarks: list[dict[str, str]]
    views: list[dict[str, str]]
    mails: list[dict[str, str]]
