"""Mail to the house itself: what a client asked or answered on their page."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from guilder.foundation.events import bus
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.office.dispatch import queries, texts
from guilder.office.dispatch.events import MailQueued
from guilder.office.dispatch.models import Mail
from guilder.office.dispatch.wording import MOST_SUBJECT, domain_of
from guilder.registers.parties import queries as parties

KIND = "notice"


def tell_question(
    *, by: Actor, at: datetime, partner_id: UUID, number: str, name: str, email: str, text: str,
    page: str,
) -> Mail | None:  # fmt: skip
    """Mail a client's question to the house; an answer to that mail goes to who asked.

    `page` is the path of what it is about. None where nobody could be written to.
    """
    with house_language(by):
        client = parties.get_partner(by.organization_id, partner_id).name
        who = f"{name} ({client})" if name and name != client else client
        subject = _("Question about %(number)s from %(who)s") % {"number": number, "who": who}
        words = [
            _("%(who)s asks about %(number)s:") % {"who": who, "number": number},
            text,
            _("Reply to this mail to answer %(email)s.") % {"email": email},
            address_of(page),
        ]
        return tell(by=by, at=at, subject=subject, words=words, partner_id=partner_id, to=email)


def tell_answer(
    *, by: Actor, at: datetime, partner_id: UUID, number: str, answer: str, name: str, reason: str,
    page: str,
) -> Mail | None:  # fmt: skip
    """Mail the house that a client accepted or declined a quote. None as with a question."""
    with house_language(by):
        told = {
            "client": parties.get_partner(by.organization_id, partner_id).name,
            "number": number,
            "name": name,
            "reason": reason,
        }
        if answer == "accepted":
            subject = _("%(client)s accepted %(number)s") % told
            words = [_("%(client)s accepted quote %(number)s. %(name)s signed for it.") % told]
        else:
            subject = _("%(client)s declined %(number)s") % told
            words = [_("%(client)s declined quote %(number)s.") % told]
            words += [_("The reason: %(reason)s") % told] if reason else []
        words.append(address_of(page))
        return tell(by=by, at=at, subject=subject, words=words, partner_id=partner_id)


def house_language(by: Actor) -> translation.override:
    """Speak the organization's language."""
    organization = identity.get_organization(by.organization_id)
    return translation.override(texts.language_of(organization.language))


def address_of(page: str) -> str:
    """The whole address of a page; "" where the installation does not know its own."""
    return f"{settings.BASE_URL}{page}" if settings.BASE_URL else ""


def tell(
    *, by: Actor, at: datetime, subject: str, words: list[str], partner_id: UUID, to: str = ""
) -> Mail | None:
    """Queue a mail to the house; `to` is whom a reply goes to."""
    if identity.get_organization(by.organization_id).is_demo:
        return None  # its people are invented, and so are their addresses
    with transaction(by.organization_id):
        chosen = queries.mail_settings(by.organization_id)
        recipient = house_address(by)
        if not recipient:
            return None
        mail_id = uuid7()
        mail = Mail.objects.create(
            id=mail_id,
            organization_id=by.organization_id,
            kind=KIND,
            partner_id=partner_id,
            to=recipient,
            reply_to=to,
            language=texts.language_of(translation.get_language() or ""),
            subject=" ".join(subject.split())[:MOST_SUBJECT],
            text="\n\n".join(word for word in words if word) + "\n",
            has_paper=False,
            message_id=f"<{mail_id.hex}@{domain_of(chosen)}>",
            queued_at=at,
            next_attempt_at=at,
        )
        bus.publish(MailQueued(mail_id=mail.id, invoice_id=None, to=mail.to), by=by)
    return mail


def house_address(by: Actor) -> str:
    """Where the house reads its mail: the profile's address, else the first admin's."""
    profile = parties.seller_profile(by.organization_id)
    if profile is not None and profile.email:
        return profile.email
    chosen = queries.mail_settings(by.organization_id)
    if chosen.reply_to or chosen.sender_email:
        return chosen.reply_to or chosen.sender_email
    admins = (
        member.user.email
        for member in identity.list_members(by.organization_id)
        if member.is_active and member.role == "admin"
    )
    return next(admins, "")
