"""What a demo shows of reminders: a ladder, two letters, and the rest waiting for a person."""

from datetime import date, datetime
from typing import Any

from guilder.foundation.identity import queries as identities
from guilder.kernel.actor import Actor
from guilder.office.dunning.operations.ladders import recommended_ladder, save_ladder
from guilder.office.dunning.operations.sending import remind
from guilder.office.dunning.queries.due import list_due
from guilder.office.dunning.queries.ladders import list_ladders

LETTERS = 2
BY_POST = {"channel": "letter"}  # its clients are invented, and so are their addresses


def furnish_demo(*, by: Actor, on: date, at: datetime) -> None:
    """Give a demo its ladder and remind two clients; nothing in any other organization, and nothing
    a second time. Prints: call it outside transactions."""
    if not identities.get_organization(by.organization_id).is_demo or list_ladders(by=by):
        return
    data: dict[str, Any] = recommended_ladder(today=on, name="Standard")
    data["automatic_from"] = None
    data["steps"] = [{**step, **BY_POST} for step in data["steps"]]
    save_ladder(by=by, data=data, at=at)
    found = {one.partner_id: one.invoice_id for one in list_due(by=by, on=on)}
    for invoice_id in list(found.values())[:LETTERS]:
        remind([invoice_id], by=by, on=on, at=at)
