"""/rates/: dated exchange rates."""

from typing import Any

import msgspec

from guilder.faces.rest.listing import Filter, Listing, page_of, read_query
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.wire import Amount, Currency, Day
from guilder.registers.currencies import operations, queries
from guilder.registers.currencies.schemas import RateOut, rate_out

LISTING = Listing(
    shape=RateOut,
    filters={
        "base": Filter("base"),
        "quote": Filter("quote"),
        "on": Filter("on", "date", ("", "gte", "lte")),
    },
    sorts={"on": "on"},
    default_sort="-on",
)


class RateIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """One unit of `base` is `rate` (decimal string) units of `quote` on a day."""

    base: Currency
    quote: Currency
    on: Day
    rate: Amount
    source: str = ""


@route("GET", "rates/", permission="currency.view", answer=RateOut, listing=LISTING)
def list_rates(call: Call) -> Any:
    """List exchange rates"""
    query = read_query(call.request.GET, listing=LISTING)
    rows = queries.list_rates(call.by.organization_id)
    return page_of(rows, query, listing=LISTING, shape=rate_out)


@route("POST", "rates/", permission="currency.edit", body=RateIn, answer=RateOut)
def add_rate(call: Call) -> RateOut:
    """Add or replace the rate of a day"""
    return rate_out(operations.add_rate(by=call.by, data=call.body))
