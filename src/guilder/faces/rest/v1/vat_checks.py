"""/clients/{id}/vat-checks/ and those of suppliers: asking a tax office about a VAT id, and what it
answered."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from guilder.faces.rest.listing import Filter, Listing, page_of, read_query
from guilder.faces.rest.routes import AskFirst, Call, route
from guilder.faces.rest.v1.webhooks import NothingIn, nothing
from guilder.registers.parties import operations, queries
from guilder.registers.parties.models import VatCheck


class VatCheckOut(msgspec.Struct):
    """What a tax office answered: evidence, never changed. `consultation` is the number that proves
    the question, "" where the office gave none; `requester` is the own VAT id at that time."""

    id: UUID
    vat_id: str
    requester: str
    service: str
    is_valid: bool
    name: str
    address: str
    consultation: str
    checked_at: datetime


LISTING = Listing(
    shape=VatCheckOut,
    filters={
        "vat_id": Filter("vat_id"),
        "checked_at": Filter("checked_at", "instant", ("gte", "lte")),
    },
    sorts={"checked_at": "checked_at"},
    default_sort="-checked_at",
)


def check_out(row: VatCheck) -> VatCheckOut:
    """The shape of an answer."""
    return VatCheckOut(**{name: getattr(row, name) for name in VatCheckOut.__struct_fields__})


def resource(one: str, side: str) -> None:
    """The routes of one side."""

    def listed(call: Call) -> Any:
        found = queries.all_vat_checks(call.by.organization_id, call.id, side=side)
        query = read_query(call.request.GET, listing=LISTING)
        return page_of(found, query, listing=LISTING, shape=check_out)

    def asked(call: Call) -> VatCheckOut:
        nothing(call)
        if not call.was_asked:
            raise AskFirst
        return check_out(operations.keep_answer(call.id, call.told, by=call.by, at=call.at))

    def ask(call: Call) -> None:
        call.told = operations.ask_about(call.id, by=call.by, side=side)

    path = f"{one}s/{{id}}/vat-checks/"
    route(
        "GET",
        path,
        permission="partner.view",
        summary=f"List what tax offices answered about a {one}'s VAT id",
        name=f"list_{one}_vat_checks",
        answer=VatCheckOut,
        listing=LISTING,
    )(listed)
    route(
        "POST",
        path,
        permission="partner.edit",
        summary=f"Ask the tax office (VIES, HMRC) whether a {one}'s VAT id is valid today",
        name=f"check_{one}_vat_id",
        body=NothingIn,
        answer=VatCheckOut,
        status=201,
        asks=ask,
        example={},
    )(asked)


resource("client", "customer")
resource("supplier", "supplier")
