"""Reading mandates, and how an organization collects."""

from datetime import date
from uuid import UUID

from guilder.books.sepa import calc
from guilder.books.sepa.models import Mandate, Policy
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound

DEFAULT_NOTICE = 14  # days; both rulebooks name them where nothing else is agreed


class NoSuchMandate(NotFound):
    """No mandate of that id in this organization."""

    code = "sepa.no_such_mandate"


def get_mandate(mandate_id: UUID, *, by: Actor) -> Mandate:
    """One mandate with its client; NoSuchMandate."""
    by.require("sepa.view")
    with transaction(by.organization_id):
        rows = Mandate.objects.of(by.organization_id).select_related("partner")
        row = rows.filter(id=mandate_id).first()
    if row is None:
        raise NoSuchMandate("There is no such mandate.")
    return row


def list_mandates(
    *, by: Actor, partner_id: UUID | None = None, limit: int = 50, after: UUID | None = None
) -> list[Mandate]:
    """A page, newest first; `after` is the last id of the page before."""
    by.require("sepa.view")
    with transaction(by.organization_id):
        rows = Mandate.objects.of(by.organization_id).select_related("partner")
        if partner_id is not None:
            rows = rows.filter(partner_id=partner_id)
        if after is not None:
            rows = rows.filter(id__lt=after)
        return list(rows.order_by("-id")[:limit])


def standing_of(row: Mandate, on: date) -> str:
    """waiting, active, used, expired or ended."""
    return calc.standing(
        signed_on=row.signed_on,
        last_used_on=row.last_used_on,
        is_ended=row.ended_at is not None,
        is_recurrent=row.is_recurrent,
        on=on,
    )


def expires_on(row: Mandate) -> date | None:
    """The last day on which it may be used, unless it is used before."""
    return calc.expires_on(row.signed_on, row.last_used_on)


def notice_days(*, by: Actor) -> int:
    """How many days clients are told before money is taken."""
    by.require("sepa.view")
    with transaction(by.organization_id):
        row = Policy.objects.of(by.organization_id).first()
        return DEFAULT_NOTICE if row is None else row.notice_days
