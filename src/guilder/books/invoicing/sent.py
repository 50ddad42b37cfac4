"""A draft as it was sent, its own values judged: lines, allowances, and the head."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.kernel.document import Document
from guilder.kernel.errors import Problem
from guilder.kernel.money import Money


@dataclass(slots=True)
class LevelInput:
    """An allowance or charge as it was sent; `tax` is a code, or a whole kernel tax."""

    amount: Money | None = None
    percent: Decimal | None = None
    base: Money | None = None
    reason: str = ""
    reason_code: str = ""
    tax: str | Mapping[str, Any] = ""


@dataclass(slots=True)
class LineInput:
    """A line as it was sent, its own values judged."""

    item_id: UUID | None = None
    name: str = ""
    description: str = ""
    quantity: Decimal = Decimal(1)
    unit: str = ""
    price: Decimal | None = None
    tax: str | Mapping[str, Any] = ""
    base_quantity: Decimal | None = None
    base_unit: str = ""
    tax_inclusive: bool | None = None
    gross: Decimal | None = None
    discount: Decimal | None = None
    allowances: list[LevelInput] = field(default_factory=list)
    charges: list[LevelInput] = field(default_factory=list)
    extra: Any = None  # a kernel Line that holds what was passed on


@dataclass(slots=True)
class DraftInput:
    """A draft as it was sent; `rest` is a kernel Document that holds what was passed on."""

    client_id: UUID | None = None
    kind: str = "invoice"
    currency: str = ""
    language: str = ""
    due_on: date | None = None
    terms: dict[str, Any] | None = None
    lines: list[LineInput] = field(default_factory=list)
    allowances: list[LevelInput] = field(default_factory=list)
    charges: list[LevelInput] = field(default_factory=list)
    custom_fields: dict[str, str] = field(default_factory=dict)
    corrects_id: UUID | None = None
    deducts: list[UUID] = field(default_factory=list)
    tax_rounding: str = ""
    series_id: UUID | None = None
    valid_until: date | None = None
    rest: Document | None = None
    problems: list[Problem] = field(default_factory=list)
