"""What was sent by mail or by a channel, and taking it back."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from guilder.faces.web.lists.acting import each
from guilder.faces.web.shell import Visit
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.office.channels import operations, queries
from guilder.office.channels.operations import Sending
from guilder.office.dispatch import operations as dispatch

BY_CHANNEL = "t:"  # before the id of a transmission, among those of mails


def by_channel(partner_id: UUID, *, by: Actor) -> bool:
    """Whether documents go to a client by a channel rather than by mail."""
    with transaction(by.organization_id):
        return queries.route_of(partner_id, by=by) is not None


def undo_of(sending: Sending) -> str:
    """The address that takes back what was just sent."""
    if sending.mail is not None:
        return reverse("web:outbox_undo", args=[sending.mail.id])
    row = sending.transmission
    return reverse("web:transmission_cancel", args=[row.id]) if row is not None else ""


def marks_of(sendings: Sequence[Sending]) -> list[str]:
    """What to take back, as short texts."""
    marks = []
    for one in sendings:
        if one.mail is not None:
            marks.append(str(one.mail.id))
        elif one.transmission is not None:
            marks.append(f"{BY_CHANNEL}{one.transmission.id}")
    return marks


def take_back(marks: Sequence[str], visit: Visit) -> list[UUID]:
    """Stop what has not left yet; gives what was stopped."""
    mails = [UUID(one) for one in marks if not one.startswith(BY_CHANNEL)]
    others = [UUID(one.removeprefix(BY_CHANNEL)) for one in marks if one.startswith(BY_CHANNEL)]
    done, _refused = each(mails, lambda one: dispatch.cancel_mail(one, by=visit.by))
    more, _refused = each(
        others, lambda one: operations.cancel_transmission(one, by=visit.by, at=visit.now)
    )
    return [*done, *more]
