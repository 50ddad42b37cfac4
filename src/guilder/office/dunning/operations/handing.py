"""Handing debts over to collection: a list and every paper in one file."""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from guilder.books.invoicing import operations as invoices
from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.queries import InvoiceRecord
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.files import operations as files
from guilder.foundation.files import queries as stored_files
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, Problem
from guilder.kernel.money import Money
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch.operations import Printed
from guilder.office.dunning.events import HandedOver
from guilder.office.dunning.models import HandedInvoice, Handover
from guilder.office.dunning.operations.printing import letter_file
from guilder.office.dunning.queries.reminders import (
    HandoverRecord,
    ReminderRecord,
    get_handover,
    list_reminders,
)
from guilder.registers.parties import queries as parties

ZIP = "application/zip"
MOST = 100
HEAD = (
    "number", "kind", "issued_on", "due_on", "days_late", "currency", "total", "open", "interest",
    "reminders", "last_reminder_on", "client", "client_code", "line1", "postal_code", "city",
    "country", "email", "vat_id",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class NothingToHandOver(Conflict):
    """Nothing is open on it, or it was handed over before."""

    code = "handover.nothing"


def hand_over(invoice_ids: Sequence[UUID], *, by: Actor, on: date, at: datetime) -> HandoverRecord:
    """Hand open invoices of one client over to collection: they are reminded of no more.

    The file holds list.csv, each invoice and each letter as PDF. Prints: call it outside
    transactions. Raises Invalid, NoSuchInvoice, NothingToHandOver, RenderFailed.
    """
    prepared = prepare_handover(invoice_ids, by=by, at=at)
    return hand_over_prepared(prepared, by=by, on=on, at=at)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Debts as they stood, every letter about them, and all papers printed."""

    records: tuple[InvoiceRecord, ...]
    letters: tuple[ReminderRecord, ...]
    papers: tuple[Printed, ...]


def prepare_handover(invoice_ids: Sequence[UUID], *, by: Actor, at: datetime) -> Gathered:
    """Everything that a handover needs; nothing is stored. Call it outside transactions.

    Raises Invalid, NoSuchInvoice, NothingToHandOver, RenderFailed.
    """
    by.require("reminder.send")
    wanted = list(dict.fromkeys(invoice_ids))
    if not 0 < len(wanted) <= MOST:
        detail = f"Name at least one invoice and at most {MOST}."
        raise Invalid(problems=[Problem("/invoices", "handover.count", detail)])
    records = judged(wanted, by=by)
    letters = sent_letters(wanted, by=by)
    papers = [dispatch.print_paper(one, by=by, at=at) for one in wanted]
    papers += [letter_file(one.id, by=by) for one in letters if one.file_id is not None]
    return Gathered(tuple(records), tuple(letters), tuple(papers))


def hand_over_prepared(gathered: Gathered, *, by: Actor, on: date, at: datetime) -> HandoverRecord:
    """Hand over what was gathered. Raises NothingToHandOver where it moved meanwhile."""
    by.require("reminder.send")
    records, letters = gathered.records, gathered.letters
    wanted = [one.id for one in records]
    with transaction(by.organization_id):
        invoices.lock_debts(wanted, by=by)
        if [one.open_amount for one in judged(wanted, by=by)] != [x.open_amount for x in records]:
            raise NothingToHandOver("Something was paid in the meantime. Look again.")
        data = packed(listed(records, letters, by=by, on=on), gathered.papers)
        return store(records, letters, data, by=by, on=on, at=at)


def judged(invoice_ids: Sequence[UUID], *, by: Actor) -> list[InvoiceRecord]:
    """The invoices, which are open, of one client and in one currency."""
    with transaction(by.organization_id):
        records = [invoicing.get_invoice(one, by=by) for one in invoice_ids]
        gone = HandedInvoice.objects.of(by.organization_id).filter(invoice_id__in=invoice_ids)
        if gone.exists() or not all(one.open_amount for one in records):
            raise NothingToHandOver(
                "Nothing is open on one of these, or it was handed over before."
            )
    if len({(one.partner_id, one.currency) for one in records}) > 1:
        detail = "Hand over the invoices of one client and one currency at once."
        raise Invalid(problems=[Problem("/invoices", "handover.mixed", detail)])
    return records


def sent_letters(invoice_ids: Sequence[UUID], *, by: Actor) -> list[ReminderRecord]:
    """Every letter about these invoices, each once, oldest first."""
    found = {
        one.id: one
        for invoice_id in invoice_ids
        for one in list_reminders(by=by, invoice_id=invoice_id, state="sent", limit=50)
    }
    return [found[key] for key in sorted(found)]


def last_interest(invoice_id: UUID, letters: Sequence[ReminderRecord]) -> int:
    """The interest that the last letter asked for an invoice."""
    asked = [
        part.interest_amount
        for one in letters
        for part in one.invoices
        if part.invoice_id == invoice_id
    ]
    return asked[-1] if asked else 0


def listed(
    records: Sequence[InvoiceRecord], letters: Sequence[ReminderRecord], *, by: Actor, on: date
) -> bytes:
    """The list as CSV in UTF-8; what a sheet would take for a formula is text."""
    context = parties.invoicing_context(by.organization_id, records[0].partner_id)
    partner = parties.get_partner(by.organization_id, records[0].partner_id)
    buyer = context.buyer
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for one in records:
        about = [x for x in letters if any(y.invoice_id == one.id for y in x.invoices)]
        late = max((on - one.due_on).days, 0) if one.due_on else 0
        cells = (
            one.number, one.kind, one.issued_on, one.due_on, late, one.currency,
            one.money(one.payable_amount).amount, one.money(one.open_amount).amount,
            one.money(last_interest(one.id, letters)).amount,
            len(about), about[-1].made_on if about else "", buyer.name, partner.code,
            buyer.address.line1, buyer.address.postal_code, buyer.address.city,
            buyer.address.country, buyer.contact.email, buyer.vat_id,
        )  # fmt: skip
        writer.writerow([safe(str(cell if cell is not None else "")) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def safe(cell: str) -> str:
    """A cell that no sheet reads as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def packed(listing: bytes, papers: Sequence[Printed]) -> bytes:
    """The list and the papers in one ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("list.csv", listing)
        for one in papers:
            archive.writestr(one.filename, one.pdf)
    return out.getvalue()


def store(
    records: Sequence[InvoiceRecord],
    letters: Sequence[ReminderRecord],
    data: bytes,
    *,
    by: Actor,
    on: date,
    at: datetime,
) -> HandoverRecord:
    """Keep the file and what it is about, audit and tell."""
    first = records[0]
    stored = files.store(data, by=by, filename=f"collection-{on.isoformat()}.zip", media_type=ZIP)
    fees = max((one.fee_amount + one.lump_amount for one in letters), default=0)
    row = Handover.objects.create(
        organization_id=by.organization_id,
        id=uuid7(),
        partner_id=first.partner_id,
        currency=first.currency,
        open_amount=sum(one.open_amount for one in records),
        interest_amount=sum(last_interest(one.id, letters) for one in records),
        fee_amount=fees,
        made_on=on,
        file_id=stored.id,
        created_by_id=by.user_id,
        created_at=at,
    )
    HandedInvoice.objects.bulk_create(
        HandedInvoice(
            organization_id=by.organization_id,
            id=uuid7(),
            handover_id=row.id,
            invoice_id=one.id,
            open_amount=one.open_amount,
            interest_amount=last_interest(one.id, letters),
        )
        for one in records
    )
    ids = [one.id for one in records]
    for invoice_id in ids:
        audit.record(
            by=by,
            action="invoice.hand_over",
            table="invoicing_invoice",
            row_id=invoice_id,
            before=None,
            after={"handover": str(row.id), "on": on.isoformat()},
        )
    amount = str(Money(row.open_amount, row.currency))
    bus.publish(
        HandedOver(handover_id=row.id, partner_id=row.partner_id, invoice_ids=ids,
                   amount=amount, currency=row.currency),
        by=by,
    )  # fmt: skip
    return get_handover(row.id, by=by)[0]


def handover_file(handover_id: UUID, *, by: Actor) -> tuple[bytes, str]:
    """The ZIP that was handed over, and its name. Raises NoSuchHandover, FileDamaged."""
    record, name = get_handover(handover_id, by=by)
    with transaction(by.organization_id):
        return stored_files.read(record.file_id, by=by), name
