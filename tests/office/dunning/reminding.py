"""What tests of reminders share: a ladder, invoices that fall due, noon of a day."""

from datetime import UTC, date, datetime, time
from typing import Any

from guilder.kernel.actor import Actor

STEPS: list[dict[str, Any]] = [
    {"days": 5, "tone": "reminder"},
    {"days": 19, "tone": "demand", "with_interest": True, "fee": "5.00"},
    {"days": 33, "tone": "final", "with_interest": True, "with_lump_sum": True},
]


def noon(day: date) -> datetime:
    """The middle of a day."""
    return datetime.combine(day, time(11, 0), tzinfo=UTC)


def ladder(by: Actor, **changes: Any) -> Any:
    """The usual ladder; everything goes out by itself."""
    from guilder.office.dunning import operations as dunning

    data: dict[str, Any] = {
        "name": "Usual", "is_default": True, "automatic_from": "2020-01-01", "steps": STEPS,
    }  # fmt: skip
    return dunning.save_ladder(by=by, data={**data, **changes}, at=noon(date(2026, 1, 1)))


def due_invoice(by: Actor, due_on: date, **changes: Any) -> Any:
    """An issued invoice over 119.00 that falls due on a day."""
    from guilder.books.invoicing import operations as invoicing
    from tests import make

    on = changes.pop("on", due_on)
    draft = make.draft(by, due_on=due_on.isoformat(), **changes)
    return invoicing.issue_invoice(draft.id, by=by, at=noon(on), on=on)
