"""Mail to the admins: something that Guilder did by itself needs them."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from guilder.foundation.events import bus
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.office.dispatch import queries
from guilder.office.dispatch.events import MailQueued
from guilder.office.dispatch.models import Mail
from guilder.office.dispatch.operations.notices import KIND, address_of, house_language
from guilder.office.dispatch.wording import MOST_SUBJECT, domain_of

MOST_ADMINS = 10


def tell_webhook(
    *, by: Actor, at: datetime, endpoint_id: UUID, name: str, url: str, because: str,
    since: datetime,
) -> Mail | None:  # fmt: skip
    """Mail the admins that a webhook was switched off. None where nobody could be written to."""
    zone = ZoneInfo(identity.get_organization(by.organization_id).time_zone)
    with house_language(by):
        told = {
            "name": name,
            "url": url,
            "since": formats.date_format(timezone.localtime(since, zone), "DATETIME_FORMAT"),
        }
        reason = _("Every call has failed since %(since)s.") % told
        if because == "gone":
            reason = _("It answered that it is gone for good (410).")
        words = [
            _("Guilder no longer calls the webhook “%(name)s” at %(url)s.") % told,
            reason,
            _("Once it works again, switch it on, and replay what it missed."),
            address_of(f"/developers/webhooks/{endpoint_id}/"),
        ]
        return tell_admins(
            by=by, at=at, subject=_("Webhook “%(name)s” was switched off") % told, words=words
        )


def tell_admins(*, by: Actor, at: datetime, subject: str, words: list[str]) -> Mail | None:
    """Queue one mail to the organization's admins."""
    if identity.get_organization(by.organization_id).is_demo:
        return None  # its people are invented, and so are their addresses
    admins = [
        member.user.email
        for member in identity.list_members(by.organization_id)
        if member.is_active and member.role == "admin" and member.user.is_active
    ]
    if not admins:
        return None
    with transaction(by.organization_id):
        mail_id = uuid7()
        chosen = queries.mail_settings(by.organization_id)
        mail = Mail.objects.create(
            id=mail_id,
            organization_id=by.organization_id,
            kind=KIND,
            to=", ".join(sorted(admins)[:MOST_ADMINS]),
            language=translation.get_language() or "en",
            subject=" ".join(subject.split())[:MOST_SUBJECT],
            text="\n\n".join(word for word in words if word) + "\n",
            has_paper=False,
            message_id=f"<{mail_id.hex}@{domain_of(chosen)}>",
            queued_at=at,
            next_attempt_at=at,
        )
        bus.publish(MailQueued(mail_id=mail.id, invoice_id=None, to=mail.to), by=by)
    return mail
