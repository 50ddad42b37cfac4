"""Reading mails, mail settings and notices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from guilder.foundation.edges import secrets
from guilder.foundation.files.models import StoredFile
from guilder.foundation.identity import queries as organizations
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.office.dispatch import placeholders as placeholding
from guilder.office.dispatch import texts
from guilder.office.dispatch.mail import Server
from guilder.office.dispatch.models import (
    Attempt,
    Mail,
    MailFile,
    MailSettings,
    MailTemplate,
    Notice,
)
from guilder.office.dispatch.placeholders import VOCABULARY

PASSWORD = "dispatch.smtp_password"  # noqa: S105  (a purpose, not a secret)
IMAP_PASSWORD = "dispatch.imap_password"  # noqa: S105
MOST_DUE = 100
PAPERS = ("invoice", "quote", "partner")


class NoSuchMail(NotFound):
    """No mail of that id that this actor may see."""

    code = "mail.not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettingsRecord:
    """An organization's mail settings as people may see them: of passwords only whether there is
    one. `server` says which server sends: "organization", "installation" or "none"."""

    sender_name: str
    sender_email: str
    reply_to: str
    copy_to: str
    host: str
    port: int
    security: str
    user: str
    has_password: bool
    imap_host: str
    imap_port: int
    imap_security: str
    imap_user: str
    imap_folder: str
    has_imap_password: bool
    server: str
    version: int


def get_mail_settings(*, by: Actor) -> MailSettingsRecord:
    """The organization's mail settings, the defaults until somebody set them."""
    by.require("settings.view")
    return record_of(mail_settings(by.organization_id))


def record_of(row: MailSettings) -> MailSettingsRecord:
    """The settings without what is sealed."""
    return MailSettingsRecord(
        sender_name=row.sender_name,
        sender_email=row.sender_email,
        reply_to=row.reply_to,
        copy_to=row.copy_to,
        host=row.host,
        port=row.port,
        security=row.security,
        user=row.user,
        has_password=bool(row.sealed_password),
        imap_host=row.imap_host,
        imap_port=row.imap_port,
        imap_security=row.imap_security,
        imap_user=row.imap_user,
        imap_folder=row.imap_folder,
        has_imap_password=bool(row.sealed_imap_password),
        server="organization" if row.host else "installation" if settings.EMAIL_HOST else "none",
        version=row.version,
    )


def mail_settings(organization_id: UUID) -> MailSettings:
    """The organization's row, sealed passwords included; unsaved defaults until it is set."""
    with transaction(organization_id):
        found = MailSettings.objects.of(organization_id).first()
    return found or MailSettings(organization_id=organization_id)


def server_of(row: MailSettings) -> Server | None:
    """The SMTP server to use: the organization's, else the installation's, else none.

    Raises secrets.CannotOpen.
    """
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
        is_trusted=True,
    )


def words_of(organization_id: UUID, *, kind: str, language: str) -> tuple[str, str]:
    """(subject, text) templates: the organization's own, else ours."""
    with transaction(organization_id):
        own = (
            MailTemplate.objects.of(organization_id)
            .filter(kind=texts.kind_of(kind), language=texts.language_of(language))
            .first()
        )
    return (own.subject, own.text) if own else texts.defaults(kind, language)


def placeholders() -> list[tuple[str, str]]:
    """(name, meaning) of what a subject or text may hold in double braces."""
    return list(VOCABULARY.items())


def template_kinds() -> tuple[str, ...]:
    """The kinds of mail that have words of their own."""
    return texts.KINDS


def filled(subject: str, text: str, *, values: Mapping[str, str]) -> tuple[str, str]:
    """(subject, text) of a mail over some values. Raises UnknownPlaceholder, TemplateTooLong."""
    return placeholding.fill_line(subject, values), placeholding.fill(text, values)


def list_templates(*, by: Actor) -> list[MailTemplate]:
    """The organization's own words."""
    by.require("settings.view")
    with transaction(by.organization_id):
        rows = MailTemplate.objects.of(by.organization_id)
        return list(rows.order_by("kind", "language"))


def failed_count(organization_id: UUID) -> int:
    """How many mails of an organization nobody has got; for operators, who may not read them."""
    return Mail.objects.of(organization_id).filter(state=Mail.State.FAILED).count()


def list_mails(
    *,
    by: Actor,
    invoice_id: UUID | None = None,
    quote_id: UUID | None = None,
    states: Sequence[str] = (),
    limit: int = 50,
    before: tuple[datetime, UUID] | None = None,
    partner_id: UUID | None = None,
    with_papers: bool = False,
) -> list[Mail]:
    """Mails, newest first; `before` is (queued_at, id) of the last one on the page before. With
    `with_papers`, the client and the document of each are read too."""
    by.require("invoice.view")
    with transaction(by.organization_id):
        rows = visible_to(by).select_related(*(PAPERS if with_papers else ()))
        if partner_id is not None:
            rows = rows.filter(partner_id=partner_id)
        if invoice_id is not None:
            rows = rows.filter(invoice_id=invoice_id)
        if quote_id is not None:
            rows = rows.filter(quote_id=quote_id)
        if states:
            rows = rows.filter(state__in=states)
        if before is not None:
            at, mail_id = before
            rows = rows.filter(Q(queued_at__lt=at) | Q(queued_at=at, id__lt=mail_id))
        return list(rows.order_by("-queued_at", "-id")[:limit])


def get_mail(mail_id: UUID, *, by: Actor, with_papers: bool = False) -> Mail:
    """One mail; NoSuchMail also for what this actor may not see."""
    by.require("invoice.view")
    with transaction(by.organization_id):
        rows = visible_to(by).select_related(*(PAPERS if with_papers else ()))
        found = rows.filter(id=mail_id).first()
    if found is None:
        raise NoSuchMail("There is no such mail.")
    return found


def files_of(mail: Mail, *, by: Actor) -> list[StoredFile]:
    """The files that go with a mail besides its paper, in their order."""
    with transaction(by.organization_id):
        rows = MailFile.objects.of(by.organization_id).filter(mail_id=mail.id)
        return [row.file for row in rows.select_related("file").order_by("position", "id")]


def list_attempts(mail_id: UUID, *, by: Actor) -> list[Attempt]:
    """What became of each try of a mail, oldest first; NoSuchMail."""
    get_mail(mail_id, by=by)
    with transaction(by.organization_id):
        rows = Attempt.objects.of(by.organization_id).filter(mail_id=mail_id)
        return list(rows.order_by("at", "id"))


def visible_to(by: Actor):
    """The mails that an actor may see: all, or those of their own papers."""
    rows = Mail.objects.of(by.organization_id)
    if by.row_rule == "all":
        return rows
    owner = by.user_id or by.organization_id
    return rows.filter(
        Q(invoice__created_by_id=owner) | Q(quote__created_by_id=owner) | Q(created_by_id=owner)
    )


def unseen_notices(*, by: Actor) -> list[Notice]:
    """What a person should see, newest first, at most 100."""
    by.require("invoice.view")
    with transaction(by.organization_id):
        rows = Notice.objects.of(by.organization_id).filter(seen_at=None)
        if by.row_rule != "all":
            rows = rows.filter(subject_id__in=visible_to(by).values("id"))
        return list(rows.order_by("-created_at", "-id")[:100])


def due_mails(*, at: datetime) -> list[tuple[UUID, UUID]]:
    """(organization, mail) of what is to be tried at `at`, at most MOST_DUE of each."""
    found: list[tuple[UUID, UUID]] = []
    for organization in all_organizations():
        with transaction(organization):
            rows = Mail.objects.of(organization).filter(
                state__in=[Mail.State.QUEUED, Mail.State.SENDING], next_attempt_at__lte=at
            )
            ids = rows.order_by("next_attempt_at").values_list("id", flat=True)[:MOST_DUE]
            found += [(organization, mail_id) for mail_id in ids]
    return found


def mailboxes() -> list[UUID]:
    """Organizations that named a mailbox where returned mail arrives."""
    found = []
    for organization in all_organizations():
        with transaction(organization):
            if MailSettings.objects.of(organization).exclude(imap_host="").exists():
                found.append(organization)
    return found


def all_organizations() -> list[UUID]:
    """Every organization of the installation."""
    return list(organizations.organizations().values_list("id", flat=True))
