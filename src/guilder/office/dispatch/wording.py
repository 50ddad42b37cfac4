"""The words of a mail: who gets it, its subject and text, as usual or as a person chose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from babel.dates import format_date
from babel.numbers import format_currency
from django.conf import settings

from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire
from guilder.office.dispatch import placeholders, queries, texts
from guilder.office.dispatch.models import Mail, MailSettings

MOST_RECIPIENTS = 20
MOST_MESSAGE = 5000
MOST_SUBJECT = 300
LOCALES = {"en": "en_GB"}  # day before month, as in every other language here


class NoAddress(Invalid):
    """Nobody is named to send to."""

    code = "mail.no_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person chose about a mail; what is None, or empty in `to`, is as usual.

    `message` is put into the usual text; `subject` and `text` stand in its place as they are.
    """

    to: Sequence[str] = ()
    cc: Sequence[str] | None = None
    subject: str | None = None
    text: str | None = None
    message: str = ""
    has_paper: bool = True
    files: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a mail is about: the kind of paper, whom it goes to by default, its placeholders."""

    kind: str
    partner_id: UUID
    partner_name: str
    email: str
    language: str
    values: Mapping[str, str]


def mail_of(about: About, wish: Wish, *, by: Actor, at: datetime) -> Mail:
    """The unsaved mail with its words fixed. Raises NoAddress, Invalid with every fault."""
    problems: list[Problem] = []
    recipients = recipients_of(wish.to, about, problems=problems)
    chosen = queries.mail_settings(by.organization_id)
    usual = (chosen.copy_to,) if chosen.copy_to else ()
    copies = judged(usual if wish.cc is None else wish.cc, at="/cc", problems=problems)
    copies = [one for one in copies if one not in recipients]
    if len(recipients) + len(copies) > MOST_RECIPIENTS:
        raise NoAddress(f"Send to at most {MOST_RECIPIENTS} addresses at once.")
    subject, text = words_of(about, wish, by=by, problems=problems)
    if problems:
        raise Invalid(problems=problems)
    mail_id = uuid7()
    return Mail(
        id=mail_id,
        organization_id=by.organization_id,
        kind=about.kind,
        partner_id=about.partner_id,
        to=", ".join(recipients),
        copy_to=", ".join(copies),
        language=texts.language_of(about.language),
        subject=subject,
        text=text,
        has_paper=wish.has_paper,
        message_id=f"<{mail_id.hex}@{domain_of(chosen)}>",
        queued_at=at,
        created_by_id=by.user_id,
    )


def words_of(about: About, wish: Wish, *, by: Actor, problems: list[Problem]) -> tuple[str, str]:
    """(subject, text): the usual ones filled in, or what a person wrote."""
    wire = Wire(
        {"message": wish.message, "subject": wish.subject or "", "text": wish.text or ""},
        problems=problems,
    )
    message = wire.text("message", most=MOST_MESSAGE, lines=True)
    subject = wire.text("subject", most=MOST_SUBJECT, required=wish.subject is not None)
    text = wire.text("text", most=placeholders.MOST, lines=True, required=wish.text is not None)
    usual = queries.words_of(
        by.organization_id, kind=about.kind, language=texts.language_of(about.language)
    )
    values = {**about.values, "message": message}
    if wish.subject is None:
        subject = placeholders.fill_line(usual[0], values)[:MOST_SUBJECT]
    if wish.text is None:
        text = placeholders.fill(usual[1], values)
    return subject, text


def recipients_of(to: Sequence[str], about: About, *, problems: list[Problem]) -> list[str]:
    """The addresses to send to, judged; else the client's own."""
    if isinstance(to, str):
        to = [to]
    if not to:
        if not about.email:
            raise NoAddress(
                f"{about.partner_name} has no mail address. Add one, or name a recipient."
            )
        to = [about.email]
    if len(to) > MOST_RECIPIENTS:
        raise NoAddress(f"Send to at most {MOST_RECIPIENTS} addresses at once.")
    return judged(to, at="/to", problems=problems)


def judged(addresses: Sequence[str], *, at: str, problems: list[Problem]) -> list[str]:
    """Addresses that can be written to, each once; faults go to `problems`."""
    found: list[str] = []
    for index, address in enumerate(addresses):
        before = len(problems)
        wire = Wire({str(index): address}, at=at, problems=problems)
        address = wire.email(str(index))
        if not address and len(problems) == before:
            wire.fault(str(index), "required", "Enter a mail address.")
        found.append(address)
    return list(dict.fromkeys(found))


def domain_of(chosen: MailSettings) -> str:
    """The right side of Message-IDs: the sender's domain."""
    address = chosen.sender_email or settings.DEFAULT_FROM_EMAIL
    domain = address.rpartition("@")[2].strip("> ")
    return domain if "." in domain else "guilder.invalid"


def about_document(document: Document, *, by: Actor, partner_id: UUID, link: str = "") -> About:
    """What a mail with this document says; `link` is the path of its client's page."""
    organization = identity.get_organization(by.organization_id)
    language = document.language or organization.language
    locale = locale_of(language)
    totals = document.totals
    seller = document.seller
    values = {
        "client.contact": document.buyer.contact.name or document.buyer.name,
        "document.kind": document.kind.value.replace("_", " "),
        "document.number": document.number,
        "document.issued_on": day(document.issued_on, locale),
        "document.due_on": day(document.due_on, locale),
        "document.total": money(totals.gross if totals else None, locale),
        "document.due": money(totals.due if totals else None, locale),
        "document.pay_link": f"{settings.BASE_URL}{link}" if settings.BASE_URL and link else "",
        "organization.name": seller.trading_name or seller.name or organization.name,
        "organization.email": seller.contact.email,
        "organization.phone": seller.contact.phone,
    }
    return About(
        kind=document.kind.value,
        partner_id=partner_id,
        partner_name=document.buyer.name,
        email=document.buyer.contact.email,
        language=language,
        values=values | people(document.buyer.name, by=by),
    )


def people(client: str, *, by: Actor) -> dict[str, str]:
    """The placeholders of who writes to whom."""
    return {"client.name": client, "sender.name": by.name if by.user_id else ""}


def locale_of(language: str) -> str:
    """The locale in which a mail of a language writes dates and amounts."""
    base = texts.language_of(language)
    return LOCALES.get(base, base)


def day(value: date | None, locale: str) -> str:
    """A date with its month in letters; "" for none."""
    return format_date(value, format="long", locale=locale) if value else ""


def money(value: Money | None, locale: str) -> str:
    """An amount with its currency; "" for none."""
    return format_currency(value.amount, value.currency, locale=locale) if value else ""


def words_about(**values: Any) -> dict[str, str]:
    """Placeholders spelled as keywords: document_total becomes document.total."""
    return {name.replace("_", ".", 1): str(value) for name, value in values.items()}
