"""Reading mails, mail settings and notices."""

from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from guilder.foundation.edges import secrets
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.office.dispatch import texts
from guilder.office.dispatch.mail import Server
from guilder.office.dispatch.models import Mail, MailSettings, MailTemplate, Notice

PASSWORD = "dispatch.smtp_password"  # noqa: S105  (a purpose, not a secret)
IMAP_PASSWORD = "dispatch.imap_password"  # noqa: S105


class NoSuchMail(NotFound):
    """No mail of that id in this organization."""

    code = "mail.not_found"


def mail_settings(organization_id: UUID) -> MailSettings:
    """The organization's settings; unsaved defaults until somebody set them."""
    found = MailSettings.objects.of(organization_id).first()
    return found or MailSettings(organization_id=organization_id)


def server_of(row: MailSettings) -> Server | None:
    """The SMTP server to use: the organization's, else the installation's, else none."""
    if row.host:
        password = (
            secrets.open(row.sealed_password, organization_id=row.organization_id, purpose=PASSWORD)
            if row.sealed_password
            else ""
        )
        return Server(row.host, row.port, row.security, row.user, password)
    if not settings.EMAIL_HOST:
        return None
    security = "tls" if settings.EMAIL_USE_SSL else "none"
    if settings.EMAIL_USE_TLS:
        security = "starttls"
    return Server(
        settings.EMAIL_HOST,
        settings.EMAIL_PORT,
        security,
        settings.EMAIL_HOST_USER,
        settings.EMAIL_HOST_PASSWORD,
    )


def words_of(organization_id: UUID, *, kind: str, language: str) -> tuple[str, str]:
    """(subject, text) templates: the organization's own, else ours."""
    own = (
        MailTemplate.objects.of(organization_id)
        .filter(kind=texts.kind_of(kind), language=texts.language_of(language))
        .first()
    )
    return (own.subject, own.text) if own else texts.defaults(kind, language)


def list_templates(organization_id: UUID) -> list[MailTemplate]:
    """The organization's own words."""
    return list(MailTemplate.objects.of(organization_id).order_by("kind", "language"))


def list_mails(organization_id: UUID, *, invoice_id: UUID | None = None) -> QuerySet[Mail, Mail]:
    """Mails, newest first; of one invoice when named."""
    rows = Mail.objects.of(organization_id)
    if invoice_id is not None:
        rows = rows.filter(invoice_id=invoice_id)
    return rows.order_by("-queued_at", "-id")


def get_mail(mail_id: UUID, *, by: Actor) -> Mail:
    """One mail; NoSuchMail."""
    by.require("invoice.view")
    found = Mail.objects.of(by.organization_id).filter(id=mail_id).first()
    if found is None:
        raise NoSuchMail("There is no such mail.")
    return found


def unseen_notices(organization_id: UUID) -> list[Notice]:
    """What a person should see, newest first."""
    rows = Notice.objects.of(organization_id).filter(seen_at=None)
    return list(rows.order_by("-created_at")[:100])
