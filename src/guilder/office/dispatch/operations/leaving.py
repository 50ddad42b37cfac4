"""Mail to a client with the link by which they leave a way to pay."""

from datetime import datetime
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from guilder.foundation.events import bus
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict
from guilder.office.dispatch import queries, texts
from guilder.office.dispatch.events import MailQueued
from guilder.office.dispatch.models import Mail
from guilder.office.dispatch.wording import MOST_SUBJECT, NoAddress, domain_of
from guilder.registers.parties import queries as parties

KIND = "method_link"


class OnlyInvented(Conflict):
    """A demo's clients are invented, and so are their addresses."""

    code = "mail.only_invented"


def mail_method_link(partner_id: UUID, *, url: str, by: Actor, at: datetime) -> Mail:
    """Queue the mail with that link, in the client's language, to the client's address.

    Raises NoAddress, OnlyInvented, NoSuchPartner.
    """
    by.require("payment.record")
    with transaction(by.organization_id):
        if identity.get_organization(by.organization_id).is_demo:
            raise OnlyInvented("A demo sends no mail. Copy the link.")
        context = parties.invoicing_context(by.organization_id, partner_id)
        to = context.buyer.contact.email
        if not to:
            raise NoAddress("Enter an e-mail address of the client first, or copy the link.")
        sender = context.seller.trading_name or context.seller.name
        language = texts.language_of(context.language)
        with translation.override(language):
            told = {"sender": sender, "client": context.buyer.contact.name or context.buyer.name}
            subject = _("%(sender)s asks for a way to pay") % told
            words = [
                _("Hello %(client)s,") % told,
                _(
                    "with this link you leave a card or a bank account, from which %(sender)s "
                    "takes what falls due. Nothing is charged when you do so:"
                )
                % told,
                url,
                _("The link is yours alone and works for 14 days. Do not pass it on."),
                sender,
            ]
        mail_id = uuid7()
        chosen = queries.mail_settings(by.organization_id)
        mail = Mail.objects.create(
            id=mail_id,
            organization_id=by.organization_id,
            kind=KIND,
            partner_id=partner_id,
            to=to,
            language=language,
            subject=" ".join(subject.split())[:MOST_SUBJECT],
            text="\n\n".join(words) + "\n",
            has_paper=False,
            message_id=f"<{mail_id.hex}@{domain_of(chosen)}>",
            queued_at=at,
            next_attempt_at=at,
        )
        bus.publish(MailQueued(mail_id=mail.id, invoice_id=None, to=mail.to), by=by)
    return mail
