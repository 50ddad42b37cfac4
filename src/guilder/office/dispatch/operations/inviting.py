"""Mail to somebody who is asked to join an organization."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.kernel.errors import NotFound
from guilder.office.dispatch import texts
from guilder.office.dispatch.operations.personal import send

DAYS = timedelta(days=7).days


def mail_invitation(organization_id: UUID, invitation_id: UUID, *, base: str, at: datetime) -> bool:
    """Mail an invitation with a new link; False where it was used or taken back meanwhile.

    `base` is our own address. Raises NoServerForPeople, NotDelivered, GivenUp.
    """
    by = identity.system_actor(organization_id, "job")
    try:
        invitation, secret = identity.invitation_secret(invitation_id, by=by)
    except NotFound:
        return False
    organization = identities.get_organization(organization_id)
    known = identities.user_by_email(invitation.email)
    inviter = invitation.invited_by
    language = known.language if known and known.language else organization.language
    with translation.override(texts.language_of(language)):
        told = {
            "organization": organization.name,
            "who": inviter.get_full_name() if inviter else organization.name,
        }
        words = [
            portal_words(told) if invitation.role == "client" else work_words(told),
            _("Open this link within %(days)s days to accept:") % {"days": DAYS},
            f"{base}/join/{secret}/",
            _("If you do not know them, do nothing."),
        ]
        subject = _("Invitation to %(organization)s") % told
        send(invitation.email, subject, words, user_id=known.id if known else None, at=at)
    return True


def work_words(told: dict[str, str]) -> str:
    """What a colleague is asked."""
    return _("%(who)s invites you to work with %(organization)s.") % told


def portal_words(told: dict[str, str]) -> str:
    """What somebody of a client is asked."""
    sentence = _(
        "%(organization)s invites you to its portal: there you see, pay and download all invoices, "
        "and answer quotes."
    )
    return sentence % told
