"""Statements and receipts: printed on demand, and sent as a mail with the PDF laid in."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.invoicing import queries as invoicing
from guilder.books.payments import queries as payments
from guilder.books.payments.queries import PaymentRecord
from guilder.books.payments.queries.statements import StatementAccount, statement
from guilder.foundation.audit import queries as trail
from guilder.foundation.files import operations as files
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict
from guilder.kernel.money import Money
from guilder.office.dispatch.models import Mail
from guilder.office.dispatch.operations.papers import Printed
from guilder.office.dispatch.operations.sending import queued
from guilder.office.dispatch.wording import (
    About,
    Wish,
    day,
    locale_of,
    mail_of,
    money,
    people,
)
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering import queries as looks
from guilder.registers.parties import queries as parties
from guilder.registers.parties.queries import InvoicingContext

PDF = "application/pdf"
TURN = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


class NothingReceived(Conflict):
    """The payment was reversed, so there is nothing to confirm."""

    code = "dispatch.nothing_received"


def print_statement(
    partner_id: UUID, *, by: Actor, at: datetime, start_on: date, end_on: date
) -> Printed:
    """A client's statement over a period as PDF. Raises NoSuchPartner, RenderFailed.

    It is made anew each time. Call it outside transactions.
    """
    with transaction(by.organization_id):
        context = parties.invoicing_context(by.organization_id, partner_id)
        accounts = statement(partner_id, by=by, start_on=start_on, end_on=end_on)
        today = at.astimezone(ZoneInfo(context.time_zone)).date()
        late = overdue(partner_id, by=by, today=today) if end_on >= today else {}
        look = looks.look_of(by=by)
    paper = rendering.StatementPaper(
        seller=context.seller,
        buyer=context.buyer,
        language=context.language,
        start_on=start_on,
        end_on=end_on,
        made_on=today,
        accounts=tuple(account_of(one, late) for one in accounts),
    )
    pdf = rendering.render_statement(paper, look=look)
    return Printed(pdf, filename("statement", context.buyer.name, end_on.isoformat()))


def overdue(partner_id: UUID, *, by: Actor, today: date) -> dict[str, Money]:
    """What of a client's invoices is late, by currency."""
    found = invoicing.balances([partner_id], by=by, today=today).get(partner_id, [])
    return {one.overdue.currency: one.overdue for one in found}


def account_of(account: StatementAccount, late: dict[str, Money]) -> rendering.Account:
    """An account as it is printed."""
    rows = tuple(
        rendering.AccountRow(one.on, one.kind, one.name, one.amount, one.balance)
        for one in account.entries
    )
    zero = Money.zero(account.currency)
    return rendering.Account(
        account.opening, rows, account.closing, late.get(account.currency, zero)
    )


def print_receipt(payment_id: UUID, *, by: Actor, at: datetime) -> Printed:
    """The confirmation of a payment as PDF. Raises NoSuchPayment, NothingReceived, RenderFailed.

    Call it outside transactions.
    """
    with transaction(by.organization_id):
        record = payments.get_payment(payment_id, by=by)
        if record.reversed_on is not None:
            raise NothingReceived("This payment was reversed. There is nothing to confirm.")
        context = parties.invoicing_context(by.organization_id, record.partner_id)
        look = looks.look_of(by=by)
    paper = rendering.ReceiptPaper(
        seller=context.seller,
        buyer=context.buyer,
        language=context.language,
        received_on=record.received_on,
        made_on=at.astimezone(ZoneInfo(context.time_zone)).date(),
        method=record.method,
        reference=record.reference,
        amount=Money(record.amount, record.currency),
        parts=tuple(
            (one.number or "", Money(one.amount, record.currency))
            for one in record.allocations
            if one.is_active
        ),
        left=Money(record.unallocated_amount, record.currency),
    )
    pdf = rendering.render_receipt(paper, look=look)
    return Printed(pdf, filename("receipt", context.buyer.name, record.received_on.isoformat()))


def filename(*parts: str) -> str:
    """A name that every file system takes."""
    stem = "-".join(parts)
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in stem) + ".pdf"


def send_statement(
    partner_id: UUID,
    *,
    by: Actor,
    at: datetime,
    start_on: date,
    end_on: date,
    hold: timedelta = timedelta(0),
) -> Mail:
    """Mail a client the statement over a period, as it stands now.

    Raises NoSuchPartner, NoAddress, RenderFailed.
    """
    by.require("invoice.send")
    printed = print_statement(partner_id, by=by, at=at, start_on=start_on, end_on=end_on)
    with transaction(by.organization_id):
        context = parties.invoicing_context(by.organization_id, partner_id)
        accounts = statement(partner_id, by=by, start_on=start_on, end_on=end_on)
        locale = locale_of(context.language)
        about = about_client(
            context,
            by=by,
            kind="statement",
            values={
                "document.period": f"{day(start_on, locale)} – {day(end_on, locale)}",
                "document.total": " · ".join(money(one.closing, locale) for one in accounts),
            },
        )
        return queue(about, printed, by=by, at=at, hold=hold, row=("parties_partner", partner_id))


def send_receipt(
    payment_id: UUID, *, by: Actor, at: datetime, hold: timedelta = timedelta(0)
) -> Mail:
    """Mail a client the confirmation of a payment. Raises as print_receipt does, and NoAddress."""
    by.require("invoice.send")
    printed = print_receipt(payment_id, by=by, at=at)
    return mailed(payment_id, printed, by=by, at=at, hold=hold)


def send_first_receipt(payment_id: UUID, *, by: Actor, at: datetime) -> Mail | None:
    """Mail a client the confirmation of a payment, unless one was mailed before: a job that is
    begun again, or told of the same twice, sends it once. Raises as send_receipt does."""
    by.require("invoice.send")
    if was_mailed(payment_id, by=by):
        return None
    printed = print_receipt(payment_id, by=by, at=at)
    with transaction(by.organization_id):
        # Two jobs may have come so far together: one is first, the other sees its mail.
        cursor().execute(TURN, [f"receipt {payment_id}"])
        if was_mailed(payment_id, by=by):
            return None
        return mailed(payment_id, printed, by=by, at=at, hold=timedelta(0))


def was_mailed(payment_id: UUID, *, by: Actor) -> bool:
    """Whether a receipt of a payment was queued before."""
    return bool(
        trail.list_entries(by.organization_id, row_id=payment_id, action="receipt.send", limit=1)
    )


def mailed(payment_id: UUID, printed: Printed, *, by: Actor, at: datetime, hold: timedelta) -> Mail:
    """Queue the mail of a printed receipt."""
    with transaction(by.organization_id):
        record = payments.get_payment(payment_id, by=by)
        context = parties.invoicing_context(by.organization_id, record.partner_id)
        about = about_client(
            context, by=by, kind="receipt", values=receipt_values(record, context.language)
        )
        row = ("payments_payment", payment_id)
        return queue(about, printed, by=by, at=at, hold=hold, row=row)


def receipt_values(record: PaymentRecord, language: str) -> dict[str, str]:
    """What the mail of a receipt says."""
    locale = locale_of(language)
    numbers = [one.number or "" for one in record.allocations if one.is_active]
    return {
        "document.number": ", ".join(numbers),
        "document.issued_on": day(record.received_on, locale),
        "document.total": money(Money(record.amount, record.currency), locale),
    }


def about_client(
    context: InvoicingContext, *, by: Actor, kind: str, values: dict[str, str]
) -> About:
    """A mail to a client that is about no single document."""
    organization = identity.get_organization(by.organization_id)
    seller, buyer = context.seller, context.buyer
    usual = {
        "client.contact": buyer.contact.name or buyer.name,
        "organization.name": seller.trading_name or seller.name or organization.name,
        "organization.email": seller.contact.email,
        "organization.phone": seller.contact.phone,
    }
    return About(
        kind=kind,
        partner_id=context.partner_id,
        partner_name=buyer.name,
        email=buyer.contact.email,
        language=context.language,
        values=usual | people(buyer.name, by=by) | values,
    )


def queue(
    about: About,
    printed: Printed,
    *,
    by: Actor,
    at: datetime,
    hold: timedelta,
    row: tuple[str, UUID],
) -> Mail:
    """Queue a mail with a PDF laid in."""
    stored = files.store(printed.pdf, by=by, filename=printed.filename, media_type=PDF)
    wish = Wish(files=[stored.id], has_paper=False)
    mail = mail_of(about, wish, by=by, at=at)
    return queued(mail, wish, by=by, at=at + hold, table=row[0], row_id=row[1])
