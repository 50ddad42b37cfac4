"""What the telling of the demo has at hand: who tells, when it is, and what was made so far."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.foundation.tenancy import story
from guilder.kernel.actor import Actor
from guilder.office.demo import calc, cast

ZONE = ZoneInfo("Europe/Berlin")
OFFICE_OPENS = time(9, 30)


@dataclass(slots=True)
class Teller:
    """What the telling needs at hand."""

    by: Actor
    now: datetime
    progress: Callable[[], Any]
    clients: dict[str, UUID] = field(default_factory=dict)
    items: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    made: dict[int, Any] = field(default_factory=dict)  # place → InvoiceRecord

    @property
    def today(self) -> date:
        """The day of the demo."""
        return self.now.astimezone(ZONE).date()

    def day(self, offset: int) -> date:
        """The date of a day of the plan."""
        return self.today + timedelta(days=offset)

    def moment(self, offset: int, *, hours: int = 0, minutes: int = 0) -> datetime:
        """An instant of a day of the plan, never after now; what is written next happened then."""
        opens = datetime.combine(self.day(offset), OFFICE_OPENS, ZONE)
        found = min(opens + timedelta(hours=hours, minutes=minutes), self.now)
        story.turn_to(found)
        return found

    def client(self, key: str) -> Actor:
        """The client, as they come by their link."""
        who = next(one for one in cast.CLIENTS if one.key == key)
        return replace(self.by, user_id=None, name=who.name, role="client", source="web")

    def wire(self, client: str, lines: tuple[calc.PlannedLine, ...], **more: Any) -> dict[str, Any]:
        """The raw values of a draft."""
        who = next(one for one in cast.CLIENTS if one.key == client)
        return {
            "client": str(self.clients[client]),
            "currency": who.currency,
            "lines": [self.line(one) for one in lines],
            **more,
        }

    def line(self, one: calc.PlannedLine) -> dict[str, Any]:
        """The raw values of a line."""
        if one.item:
            return {"item": str(self.items[one.item]), "quantity": one.quantity}
        return {
            "description": one.text,
            "quantity": one.quantity,
            "unit": one.unit,
            "unit_price": one.price,
        }

    def remark(self, who: str, place: int, day: int, text: str) -> dict[str, str]:
        """What a colleague says about a sale, as the desk writes it down."""
        return {
            "user_id": str(self.people[who]),
            "kind": "invoice",
            "subject_id": str(self.made[place].id),
            "text": text.replace("{owner}", self.by.name),
            "at": self.moment(day, hours=2).isoformat(),
        }

    def mail(self, one: calc.Sale) -> dict[str, str]:
        """The mail with a sale, and why it came back where it did."""
        return {
            "invoice_id": str(self.made[one.place].id),
            "at": self.moment(one.day, minutes=28).isoformat(),
            "problem": cast.RETURNED.get(one.place, ""),
        }
