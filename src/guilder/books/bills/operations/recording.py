"""A bill from a paper: its parts, its taxes, and the accounts that they usually go to."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import cast
from uuid import UUID

from guilder.books.bills import calc
from guilder.books.bills.events import BillCreated
from guilder.books.bills.models import Bill, BillLine, BillTax
from guilder.books.bills.operations.telling import note, tell
from guilder.books.bills.queries import bill_of_paper, get_bill, same_bill, usual_accounts
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import canonical, identifiers
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document, PaymentMeans, Totals
from guilder.kernel.errors import Conflict, Invalid, Problem
from guilder.kernel.period import due_on, terms_of
from guilder.registers.parties import queries as parties
from guilder.registers.parties.models import Partner
from guilder.registers.tax import queries as taxes


class InvalidBill(Invalid):
    """What was sent is no bill yet; `problems` has every fault."""

    code = "bill.invalid"


class AlreadyEntered(Conflict):
    """The supplier's number is on another bill."""

    code = "bill.already_entered"


class PaperUsed(Conflict):
    """The same bytes are another bill's paper."""

    code = "bill.paper_used"


def record_bill(
    document: Document,
    *,
    supplier_id: UUID,
    by: Actor,
    at: datetime,
    file_id: UUID | None = None,
    sha256: str = "",
    place: int = 0,
    is_read: bool = False,
    accounts: Mapping[int, UUID] | None = None,
    notes: str = "",
) -> Bill:
    """The draft of a bill from a paper with its totals; `accounts` by position override the usual.

    Raises InvalidBill, AlreadyEntered, PaperUsed, parties' NoSuchPartner.
    """
    by.require("bill.edit")
    with transaction(by.organization_id):
        supplier = parties.get_partner(by.organization_id, supplier_id, side="supplier")
        refuse_faults(document)
        refuse_twice(document, supplier, sha256=sha256, place=place, by=by)
        row = Bill(
            organization_id=by.organization_id,
            partner_id=supplier.id,
            base_currency=identity.get_organization(by.organization_id).base_currency,
            file_id=file_id,
            sha256=sha256,
            place=place,
            is_read=is_read,
            notes=notes,
            created_by_id=by.user_id,
            created_at=at,
        )
        fill(row, document, supplier, at=at)
        row.save(force_insert=True)
        write_parts(row, document, by=by, accounts=accounts or {})
        note("bill.create", row, by=by)
        tell(BillCreated, row, by=by)
        return get_bill(row.id, by=by)


def refuse_faults(document: Document) -> None:
    """Raise InvalidBill where something is missing that each bill has."""
    problems: list[Problem] = []
    if not document.number.strip():
        problems.append(Problem("/number", "required", "Enter the supplier's number."))
    if document.issued_on is None:
        problems.append(Problem("/issued_on", "required", "Enter the day of the bill."))
    if document.totals is None or not document.lines:
        problems.append(Problem("/lines", "required", "Enter at least one line."))
    elif document.totals.gross.minor * document.totals.due.minor < 0:
        told = "More was paid before than this asks for. Enter it as a credit note."
        problems.append(Problem("/prepaid", "bill.prepaid_more", told))
    if problems:
        raise InvalidBill(problems=problems)


def refuse_twice(
    document: Document, supplier: Partner, *, sha256: str, place: int, by: Actor,
    but: UUID | None = None,
) -> None:  # fmt: skip
    """Raise AlreadyEntered or PaperUsed."""
    kind = calc.kind_of(document)
    same = same_bill(by, supplier_id=supplier.id, number=document.number, kind=kind, but=but)
    if same is not None:
        raise AlreadyEntered(
            f"{supplier.name} sent {same.number} before: it is a bill of {same.issued_on}."
            " Look at that one, or cancel it first."
        )
    if sha256 and (used := bill_of_paper(by, sha256=sha256, place=place)) and used.id != but:
        raise PaperUsed(f"This very file is the paper of bill {used.number} already.")


def fill(row: Bill, document: Document, supplier: Partner, *, at: datetime) -> None:
    """What the columns of a bill take from its paper."""
    sign, totals = calc.sign_of(document), cast("Totals", document.totals)
    issued_on = cast("date", document.issued_on)
    row.kind = calc.kind_of(document)
    row.number, row.number_key = document.number[:120], calc.number_key(document.number)
    row.issued_on = issued_on
    row.due_on = document.due_on or due_of(supplier, issued_on)
    row.supplied_on = document.delivery.delivered_on if document.delivery is not None else None
    row.currency = document.currency
    row.net_amount, row.tax_amount = sign * totals.net.minor, sign * totals.tax.minor
    row.gross_amount, row.prepaid_amount = sign * totals.gross.minor, sign * totals.prepaid.minor
    row.rounding_amount, row.payable_amount = sign * totals.rounding.minor, sign * totals.due.minor
    row.supplier_name = supplier.name
    row.iban, row.bic, row.remittance = way_to_pay(document.payment)
    row.order_reference = document.order_reference[:120]
    bare = tuple(replace(one, content=None) for one in document.attachments)
    row.document = canonical.to_dict(replace(document, attachments=bare))
    row.updated_at = at


def due_of(supplier: Partner, issued_on: date) -> date | None:
    """The due day by what is agreed with the supplier."""
    agreed = next((one for one in supplier.partnerships.all() if one.side == "supplier"), None)
    return due_on(terms_of(agreed.terms or {}), issued_on=issued_on) if agreed else None


def way_to_pay(means: tuple[PaymentMeans, ...]) -> tuple[str, str, str]:
    """(account, bank, words for the transfer) of the first account that is named."""
    for one in means:
        for transfer in one.transfers:
            try:
                account = identifiers.iban(transfer.account)
            except identifiers.InvalidIdentifier:
                account = transfer.account.strip()
            return account[:60], transfer.bank[:11], one.remittance[:140]
    return "", "", means[0].remittance[:140] if means else ""


def write_parts(row: Bill, document: Document, *, by: Actor, accounts: Mapping[int, UUID]) -> None:
    """The lines with their accounts, and the taxes; what stood there before goes."""
    parts = calc.parts_of(document)
    usual = usual_accounts(by, supplier_id=row.partner_id, names=[one.name for one in parts])
    BillLine.objects.of(by.organization_id).filter(bill_id=row.id).delete()
    BillTax.objects.of(by.organization_id).filter(bill_id=row.id).delete()
    BillLine.objects.bulk_create(
        BillLine(
            organization_id=by.organization_id,
            bill_id=row.id,
            position=place,
            kind=one.kind,
            name=one.name,
            description=one.description,
            quantity=one.quantity,
            unit=one.unit,
            unit_price=one.unit_price,
            net_amount=one.net,
            tax_category=one.category,
            tax_rate=one.rate,
            account_id=accounts.get(place) or usual.get(one.name) or usual.get(""),
        )
        for place, one in enumerate(parts, start=1)
    )
    BillTax.objects.bulk_create(
        BillTax(
            organization_id=by.organization_id,
            bill_id=row.id,
            category=one.category,
            rate=one.rate,
            taxable_amount=one.taxable,
            tax_amount=one.tax,
            own_rate=one.own_rate,
            own_amount=one.own,
        )
        for one in calc.taxes_of(document, own_rate=own_rate(by, on=row.issued_on))
    )


def own_rate(by: Actor, *, on: date):
    """The organization's standard rate on a day: what it owes under reverse charge."""
    table = taxes.table_on(by.organization_id, on)
    return table.tax("standard").rate if "standard" in table else None
