"""What the firm of the demo agreed with clients for longer: recurring invoices and mandates."""

from collections.abc import Mapping
from typing import Any

from guilder.books.sepa import operations as sepa
from guilder.flows.billing import operations as billing
from guilder.office.demo.calc import PlannedLine, next_month
from guilder.office.demo.teller import Teller

QUAY = PlannedLine("2", text="Quay lighting, monthly fee, {month}", price="625.00", unit="MON")
UPKEEP = PlannedLine("3", item="1007")
VISIT = PlannedLine("1", item="1004")

# Since which day of the plan, for whom, and what; the first period of all of them is still to come.
RECURRING: tuple[tuple[int, str, PlannedLine, Mapping[str, Any]], ...] = (
    (-21, "hafenkontor", QUAY, {"name": "Quay lighting", "act": "send"}),
    (-14, "lac", UPKEEP, {"name": "Upkeep of the grand staircase", "every": 3, "act": "issue"}),
    (-9, "linden", VISIT, {"name": "Visits to the reading corner", "most": 6, "act": "draft"}),
)
PAUSED = "lac"
# Since which day, whose account, and whether the client has signed.
MANDATES = (
    (-30, "hafenkontor", "DE75512108001245126199", True),
    (-3, "linden", "DE12500105170648489890", False),
)


def tell_agreements(teller: Teller) -> None:
    """Three recurring invoices, one of them paused, and two mandates, one of them not signed."""
    for day, client, line, more in RECURRING:
        at = teller.moment(day)
        data = {
            "pattern": teller.wire(client, (line,)),
            "first_on": next_month(teller.today).isoformat(),
            **more,
        }
        made = billing.save_recurring(by=teller.by, data=data, at=at)
        if client == PAUSED:
            billing.pause_recurring(made.id, by=teller.by, at=teller.moment(day + 10))
    for day, client, iban, is_signed in MANDATES:
        data = {"client": str(teller.clients[client]), "iban": iban}
        if is_signed:
            data["signed_on"] = teller.day(day).isoformat()
        sepa.save_mandate(by=teller.by, data=data, at=teller.moment(day))
