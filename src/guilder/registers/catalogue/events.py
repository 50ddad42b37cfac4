"""What happens to items."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ItemChanged:
    """An item was entered, changed or put away."""

    type: ClassVar[str] = "item.changed"
    item_id: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ItemDeleted:
    """An item that nothing refers to was deleted."""

    type: ClassVar[str] = "item.deleted"
    item_id: UUID
