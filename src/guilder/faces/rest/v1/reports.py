"""/reports/: what is owed, by age."""

from typing import Any

import msgspec

from guilder.books.invoicing import queries
from guilder.faces.rest.routes import Call, route

AGES = ("not_due", "up_to_30", "up_to_60", "up_to_90", "over_90")


class AgeOut(msgspec.Struct):
    """What is open in one currency at one age: `not_due`, or so many days late."""

    currency: str
    age: str
    amount: str
    count: int
    oldest_days: int


class AgeingOut(msgspec.Struct):
    """Open invoices by currency and age."""

    data: list[AgeOut]


@route("GET", "reports/ageing/", permission="invoice.view", answer=AgeingOut)
def ageing(call: Call) -> Any:
    """Show what is owed by age"""
    found = queries.ageing(by=call.by, today=call.today)
    return AgeingOut(
        [
            AgeOut(one.amount.currency, AGES[one.age], str(one.amount), one.count, one.oldest_days)
            for one in found
        ]
    )
