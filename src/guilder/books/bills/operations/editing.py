"""Bills that are typed: from raw values to a paper, changed and thrown away as drafts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.books.bills.events import BillChanged, BillDeleted
from guilder.books.bills.models import Bill, BillLine
from guilder.books.bills.operations.booking import NotDraft
from guilder.books.bills.operations.locking import locked_bill
from guilder.books.bills.operations.reading import BillInput, paper_of, read_bill
from guilder.books.bills.operations.recording import (
    InvalidBill,
    fill,
    record_bill,
    refuse_faults,
    refuse_twice,
    write_parts,
)
from guilder.books.bills.operations.telling import note, tell, told
from guilder.books.bills.queries import get_bill
from guilder.books.ledger import queries as ledger
from guilder.books.workflow import operations as workflow
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Problem
from guilder.registers.parties import queries as parties

FREE = frozenset(("due_on", "notes", "order_reference", "accounts", "iban", "bic", "remittance"))


class FiguresStay(Conflict):
    """The figures are those of an e-invoice."""

    code = "bill.figures_stay"


def create_bill(
    *, by: Actor, data: Mapping[str, Any], at: datetime, file_id: UUID | None = None,
    sha256: str = "", place: int = 0,
) -> Bill:  # fmt: skip
    """Enter a bill by hand from raw values: supplier, number, issued_on, lines and more.

    Raises InvalidBill with every fault, AlreadyEntered, PaperUsed, NoSuchPartner.
    """
    by.require("bill.edit")
    with transaction(by.organization_id):
        read = judged(data, by=by, at=at)
        return record_bill(
            paper_of(read, by=by),
            supplier_id=read.supplier_id,
            by=by,
            at=at,
            file_id=file_id,
            sha256=sha256,
            place=place,
            accounts=read.accounts,
            notes=read.notes,
        )


def judged(data: Mapping[str, Any], *, by: Actor, at: datetime) -> BillInput:
    """The raw values, read; InvalidBill with every fault."""
    read = read_bill(data, by=by, at=at)
    refuse_strange_accounts(read, by=by)
    if read.problems:
        raise InvalidBill(problems=read.problems)
    return read


def refuse_strange_accounts(read: BillInput, *, by: Actor) -> None:
    """Note each account that is not in the chart, or no longer used."""
    if not read.accounts:
        return
    known = {one.id for one in ledger.list_accounts(by.organization_id) if one.is_active}
    for place, account_id in read.accounts.items():
        if account_id not in known:
            told = "Choose an account of the chart."
            read.problems.append(Problem(f"/lines/{place - 1}/account", "bill.no_account", told))


def update_bill(
    bill_id: UUID, *, by: Actor, data: Mapping[str, Any], at: datetime, version: int | None = None
) -> Bill:
    """Change a draft; what is not sent stays. An approval that was asked for is taken back.

    Of a bill whose figures were read in an e-invoice only due day, notes, order, the way to pay and
    the accounts of its lines may change. Raises InvalidBill, FiguresStay, NotDraft, Stale.
    """
    by.require("bill.edit")
    with transaction(by.organization_id):
        row = draft(bill_id, by=by, version=version)
        before = told(row)
        wanted = {**raw_of(row), **data}
        if row.is_read and (fixed := [name for name in data if name not in {*FREE, "lines"}]):
            raise FiguresStay(
                f"The e-invoice says this: {', '.join(sorted(fixed))}. Ask the supplier for a"
                " correction, or enter the bill by hand."
            )
        read = judged(wanted, by=by, at=at)
        supplier = parties.get_partner(by.organization_id, read.supplier_id, side="supplier")
        if row.is_read:
            set_free(row, read)
            put_accounts(row, read.accounts, by=by)
        else:
            document = paper_of(read, by=by)
            refuse_faults(document)
            refuse_twice(document, supplier, sha256="", place=0, by=by, but=row.id)
            row.partner_id = supplier.id
            fill(row, document, supplier, at=at)
            write_parts(row, document, by=by, accounts=read.accounts)
        row.notes = read.notes
        saved(row, by=by, at=at)
        note("bill.update", row, by=by, before=before)
        tell(BillChanged, row, by=by)
    return get_bill(bill_id, by=by)


def set_free(row: Bill, read: BillInput) -> None:
    """What may change of a bill that was read."""
    row.due_on = read.due_on or row.due_on
    row.order_reference = read.order_reference
    row.iban, row.bic, row.remittance = read.iban, read.bic, read.remittance


def saved(row: Bill, *, by: Actor, at: datetime) -> None:
    """Save a changed draft; what was asked about the old one is asked no more."""
    row.version += 1
    row.updated_at = at
    row.save()
    workflow.withdraw(row.id, by=by, at=at)


def set_accounts(
    bill_id: UUID, accounts: Mapping[int, UUID], *, by: Actor, at: datetime,
    version: int | None = None,
) -> Bill:  # fmt: skip
    """Say where lines go, by position. Raises InvalidBill, NotDraft, Stale."""
    by.require("bill.edit")
    with transaction(by.organization_id):
        row = draft(bill_id, by=by, version=version)
        read = replace_accounts(accounts)
        refuse_strange_accounts(read, by=by)
        if read.problems:
            raise InvalidBill(problems=read.problems)
        before = told(row)
        put_accounts(row, accounts, by=by)
        saved(row, by=by, at=at)
        note("bill.update", row, by=by, before=before)
    return get_bill(bill_id, by=by)


def replace_accounts(accounts: Mapping[int, UUID]) -> BillInput:
    """An input with accounts alone."""
    return replace(BillInput(), accounts=dict(accounts))


def put_accounts(row: Bill, accounts: Mapping[int, UUID], *, by: Actor) -> None:
    """Write the accounts of lines."""
    for place, account_id in accounts.items():
        lines = BillLine.objects.of(by.organization_id).filter(bill_id=row.id, position=place)
        lines.update(account_id=account_id)


def delete_bill(bill_id: UUID, *, by: Actor, at: datetime) -> None:
    """Throw a draft away. Raises NoSuchBill, NotDraft."""
    with transaction(by.organization_id):
        row = draft(bill_id, by=by, version=None, permission="bill.delete")
        note("bill.delete", row, by=by)
        tell(BillDeleted, row, by=by)
        row.delete()
        workflow.withdraw(bill_id, by=by, at=at)  # after the lines, as a change of them does


def draft(bill_id: UUID, *, by: Actor, version: int | None, permission: str = "bill.edit") -> Bill:
    """A draft under lock; NotDraft where it is booked or cancelled."""
    row = locked_bill(bill_id, by=by, version=version, permission=permission)
    if row.status != Bill.Status.DRAFT:
        raise NotDraft("This bill is booked and stays as it is. Cancel it to enter it anew.")
    return row


def raw_of(row: Bill) -> dict[str, Any]:
    """A draft as the raw values that would enter it, lines included."""
    lines = sorted(row.lines.all(), key=lambda one: one.position)
    return {
        "supplier": row.partner_id,
        "kind": row.kind,
        "number": row.number,
        "issued_on": row.issued_on.isoformat(),
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "supplied_on": row.supplied_on.isoformat() if row.supplied_on else None,
        "currency": row.currency,
        "iban": row.iban,
        "bic": row.bic,
        "remittance": row.remittance,
        "order_reference": row.order_reference,
        "notes": row.notes,
        "lines": [raw_line(one) for one in lines],
    }


def raw_line(line: BillLine) -> dict[str, Any]:
    """A line as raw values."""
    return {
        "name": line.name,
        "description": line.description,
        "quantity": plain(line.quantity),
        "unit": line.unit,
        "unit_price": plain(line.unit_price if line.kind != "allowance" else -line.unit_price),
        "tax_category": line.tax_category,
        "tax_rate": None if line.tax_rate is None else plain(line.tax_rate),
        "account": line.account_id,
    }


def plain(value: Decimal) -> str:
    """A decimal as it is typed."""
    return f"{value.normalize():f}"
