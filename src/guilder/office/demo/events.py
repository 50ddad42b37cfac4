"""What happens around the demo."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAsked:
    """Somebody wants to look around in the demo."""

    type: ClassVar[str] = "demo.asked"
    user_id: UUID
