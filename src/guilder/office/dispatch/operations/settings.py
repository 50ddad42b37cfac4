"""The organization's mail server, sender and words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.edges import secrets
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Stale
from guilder.kernel.wire import Wire
from guilder.office.dispatch import placeholders, texts
from guilder.office.dispatch.models import MailSettings, MailTemplate, Notice
from guilder.office.dispatch.queries import (
    IMAP_PASSWORD,
    PASSWORD,
    MailSettingsRecord,
    record_of,
)

TEXTS = {
    "sender_name": 200,
    "host": 255,
    "user": 254,
    "imap_host": 255,
    "imap_user": 254,
    "imap_folder": 100,
}
EMAILS = ("sender_email", "reply_to", "copy_to")
PORTS = {"port": 587, "imap_port": 993}
SECURITIES = ("security", "imap_security")
SECRETS = {
    "password": ("sealed_password", PASSWORD),
    "imap_password": ("sealed_imap_password", IMAP_PASSWORD),
}


def set_mail_settings(
    *, by: Actor, data: Mapping[str, Any], version: int | None = None
) -> MailSettingsRecord:
    """Change server, sender and returns from raw values; a password is sealed and never read back.

    An empty password takes it away, a missing one leaves it; a new server or user asks for it
    again, so that nobody can have it sent elsewhere. Raises Invalid, Stale.
    """
    by.require("settings.edit")
    columns, given = read_settings(data)
    with transaction(by.organization_id):
        row = MailSettings.objects.of(by.organization_id).lock().first()
        if row is None:
            row = MailSettings(organization_id=by.organization_id)
        if version is not None and version != row.version:
            raise Stale("The mail settings were changed in the meantime. Read them again.")
        before = {name: getattr(row, name) for name in columns}
        changed = {name for name, value in columns.items() if before[name] != value}
        refuse_old_passwords(row, columns, changed, given)
        for name, value in columns.items():
            setattr(row, name, value)
        for name, text in given.items():
            column, purpose = SECRETS[name]
            sealed = (
                secrets.seal(text, organization_id=by.organization_id, purpose=purpose)
                if text
                else None
            )
            setattr(row, column, sealed)
        if changed & {"imap_host", "imap_user", "imap_folder"}:
            row.imap_validity = row.imap_read = 0
        row.version += 1
        row.save()
        audit.record(
            by=by,
            action="mail.settings",
            table="dispatch_mailsettings",
            row_id=row.id,
            before=before,
            after=columns | dict.fromkeys(given, "changed"),
        )
        return record_of(row)


def read_settings(data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """(columns, passwords) that were sent. Raises Invalid with every fault."""
    wire = Wire(data)
    wire.known((*TEXTS, *EMAILS, *PORTS, *SECURITIES, *SECRETS))
    columns: dict[str, Any] = {
        name: wire.text(name, most=most) for name, most in TEXTS.items() if wire.has(name)
    }
    if not columns.get("imap_folder", "INBOX").isascii():
        wire.fault("imap_folder", "not_ascii", "Choose a folder with unaccented letters only.")
    columns |= {name: wire.email(name) for name in EMAILS if wire.has(name)}
    for name, default in PORTS.items():
        if wire.has(name):
            columns[name] = wire.whole(name, default=default, least=1, most=65535)
    for name in SECURITIES:
        if wire.has(name):
            columns[name] = wire.choice(name, MailSettings.Security.values, required=True)
    given = {name: wire.text(name, most=500) for name in SECRETS if wire.has(name)}
    wire.done()
    if columns.get("imap_folder") == "":
        columns["imap_folder"] = "INBOX"
    return columns, given


def refuse_old_passwords(
    row: MailSettings, columns: Mapping[str, Any], changed: set[str], given: Mapping[str, str]
) -> None:
    """Raise Invalid where a kept password would go to another server or user than it was for."""
    wire = Wire({})
    for name, (column, _) in SECRETS.items():
        prefix = name.removesuffix("password")
        moved = changed & {f"{prefix}{part}" for part in ("host", "port", "security", "user")}
        if moved and getattr(row, column) and name not in given and columns.get(f"{prefix}host", 1):
            wire.fault(name, "required", "Enter the password again: the server has changed.")
    wire.done()


def set_template(*, by: Actor, data: Mapping[str, Any]) -> MailTemplate | None:
    """The organization's words for a kind and language; an empty text brings ours back.

    Raises Invalid, UnknownPlaceholder, TemplateTooLong.
    """
    by.require("settings.edit")
    wire = Wire(data)
    wire.known(("kind", "language", "subject", "text"))
    kind = wire.choice("kind", texts.KINDS, required=True)
    language = wire.choice("language", texts.LANGUAGES, required=True)
    subject = wire.text("subject", most=300)
    text = wire.text("text", most=placeholders.MOST, lines=True)
    if text and not subject:
        wire.fault("subject", "required", "Enter a subject.")
    wire.done()
    placeholders.check(subject)
    placeholders.check(text)
    with transaction(by.organization_id):
        rows = MailTemplate.objects.of(by.organization_id).filter(kind=kind, language=language)
        row = rows.lock().first()
        before = {"subject": row.subject, "text": row.text} if row else None
        if not text:
            rows.delete()
            row = None
        elif row is None:
            row = MailTemplate.objects.create(
                organization_id=by.organization_id,
                kind=kind,
                language=language,
                subject=subject,
                text=text,
            )
        else:
            row.subject, row.text, row.version = subject, text, row.version + 1
            row.save()
        audit.record(
            by=by,
            action="mail.template",
            table="dispatch_mailtemplate",
            row_id=row.id if row else None,
            before=before,
            after={"kind": kind, "language": language, "subject": subject, "text": text},
        )
        return row


def dismiss_notice(notice_id: UUID, *, by: Actor, at: datetime) -> None:
    """Somebody has seen it."""
    by.require("invoice.view")
    with transaction(by.organization_id):
        rows = Notice.objects.of(by.organization_id).filter(id=notice_id, seen_at=None)
        rows.update(seen_at=at)
