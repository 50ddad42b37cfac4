"""A mail to a client with a letter that another room has printed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from guilder.foundation.files import operations as files
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.office.dispatch.models import Mail
from guilder.office.dispatch.operations.accounts import PDF, about_client
from guilder.office.dispatch.operations.papers import Printed
from guilder.office.dispatch.operations.sending import queued
from guilder.office.dispatch.wording import About, Wish, mail_of
from guilder.registers.parties import queries as parties


def compose_letter(
    partner_id: UUID, *, by: Actor, at: datetime, kind: str, values: Mapping[str, str]
) -> Mail:
    """The mail as `send_letter` would queue it, to be looked at: nothing is stored.

    Raises NoAddress, NoSuchPartner.
    """
    with transaction(by.organization_id):
        return mail_of(about(partner_id, by=by, kind=kind, values=values), Wish(), by=by, at=at)


def send_letter(
    partner_id: UUID,
    *,
    by: Actor,
    at: datetime,
    kind: str,
    values: Mapping[str, str],
    printed: Printed,
    also: Sequence[UUID] = (),
    hold: timedelta = timedelta(0),
) -> Mail:
    """Queue a mail of `kind` to a client with a letter laid in, and the stored files `also`.

    The caller has asked for the right to send, and gives the placeholders of the kind. Raises
    NoAddress, NoSuchPartner, TooLarge.
    """
    with transaction(by.organization_id):
        stored = files.store(printed.pdf, by=by, filename=printed.filename, media_type=PDF)
        wish = Wish(files=[stored.id, *also], has_paper=False)
        mail = mail_of(about(partner_id, by=by, kind=kind, values=values), wish, by=by, at=at)
        row = ("parties_partner", partner_id)
        return queued(mail, wish, by=by, at=at + hold, table=row[0], row_id=row[1])


def about(partner_id: UUID, *, by: Actor, kind: str, values: Mapping[str, str]) -> About:
    """What the mail says, and to whom."""
    context = parties.invoicing_context(by.organization_id, partner_id)
    return about_client(context, by=by, kind=kind, values=dict(values))
