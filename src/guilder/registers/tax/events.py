"""What happens to tax codes."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TaxCodeChanged:
    """A code was made, its rates or its words were changed."""

    type: ClassVar[str] = "tax.changed"
    tax_code_id: UUID
    code: str
