"""The paper of a direct debit mandate, for the client to sign; printed on demand."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.sepa import queries as sepa
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict
from guilder.office.dispatch.operations.accounts import filename
from guilder.office.dispatch.operations.papers import Printed
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering import queries as looks
from guilder.registers.parties import queries as parties


class NoMandateToPrint(Conflict):
    """It is over, or does not name who collects."""

    code = "dispatch.no_mandate_to_print"


def print_mandate(mandate_id: UUID, *, by: Actor, at: datetime) -> Printed:
    """A mandate as PDF in the client's language: with a place for the signature until it is signed.

    Raises NoSuchMandate, NoMandateToPrint, RenderFailed. Call it outside transactions.
    """
    by.require("sepa.view")
    with transaction(by.organization_id):
        row = sepa.get_mandate(mandate_id, by=by)
        if row.ended_at is not None:
            raise NoMandateToPrint("This mandate is over. Ask the client for a new one.")
        profile = parties.seller_profile(by.organization_id)
        creditor_id = row.creditor_id or (profile.creditor_id if profile else "")
        if not creditor_id:
            raise NoMandateToPrint("Enter your creditor identifier first: a mandate names it.")
        context = parties.invoicing_context(by.organization_id, row.partner_id)
        look = looks.look_of(by=by)
    paper = rendering.MandatePaper(
        seller=context.seller,
        buyer=context.buyer,
        language=context.language,
        creditor_id=creditor_id,
        reference=row.reference,
        scheme=row.scheme,
        is_recurrent=row.is_recurrent,
        holder=row.holder,
        iban=row.iban,
        bic=row.bic,
        signed_on=row.signed_on,
        made_on=at.astimezone(ZoneInfo(context.time_zone)).date(),
    )
    pdf = rendering.render_mandate(paper, look=look)
    return Printed(pdf, filename("mandate", context.buyer.name, row.reference))
