"""What a draft hangs on: deposits that it deducts, the invoice that a note corrects."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from guilder.books.invoicing.building import Built, InvalidDraft
from guilder.books.invoicing.models import Deduction, Invoice
from guilder.kernel.actor import Actor
from guilder.kernel.document import Kind
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import Money


class NotDeductible(Invalid):
    """A deposit cannot be deducted here."""

    code = "invoice.not_deductible"


def deducted(
    data: Mapping[str, Any], *, by: Actor, draft_id: UUID | None
) -> tuple[Money | None, list[tuple[UUID, int]]]:
    """What the deposits that `data` deducts come to, and (deposit, amount) of each.

    Raises NotDeductible.
    """
    wanted = data.get("deducts")
    if not wanted or not isinstance(wanted, list | tuple):
        return None, []
    try:
        ids = [one if isinstance(one, UUID) else UUID(str(one)) for one in wanted]
    except ValueError:
        return None, []  # the reader points at it
    rows = {
        row.id: row
        for row in Invoice.objects.of(by.organization_id).filter(id__in=ids).order_by("id").lock()
    }
    taken = set(
        Deduction.objects.of(by.organization_id)
        .filter(deposit_id__in=ids)
        .exclude(final_id=draft_id)
        .values_list("deposit_id", flat=True)
    )
    problems = []
    for index, one in enumerate(ids):
        row = rows.get(one)
        if row is None or row.status != "issued" or row.kind != "deposit":
            text = "There is no such issued deposit invoice."
        elif one in taken or ids.index(one) != index:
            text = "This deposit has been deducted already."
        elif str(row.partner_id) != str(data.get("client")):
            text = "This deposit is another client's."
        elif data.get("currency") not in (None, row.currency):
            text = f"This deposit is in {row.currency}."
        elif row.credited_amount or row.written_off_amount:
            text = "This deposit was credited or written off."
        else:
            continue
        problems.append(Problem(f"/deducts/{index}", "invoicing.not_deductible", text))
    if problems:
        raise NotDeductible(problems=problems)
    found = [(one, rows[one].gross_amount) for one in ids]
    return Money(sum(amount for _, amount in found), rows[ids[0]].currency), found


def deductions_of(invoice_id: UUID, *, by: Actor) -> list[tuple[UUID, int]]:
    """(deposit, amount) of each deposit that a draft deducts."""
    rows = Deduction.objects.of(by.organization_id).filter(final_id=invoice_id)
    return list(rows.order_by("id").values_list("deposit_id", "amount"))


def put_deductions(deposits: Sequence[tuple[UUID, int]], *, by: Actor, invoice_id: UUID) -> None:
    """Store what a final invoice deducts."""
    if deposits:
        Deduction.objects.bulk_create(
            Deduction(
                organization_id=by.organization_id,
                final_id=invoice_id,
                deposit_id=deposit_id,
                amount=amount,
            )
            for deposit_id, amount in deposits
        )


def checked_correction(built: Built, *, by: Actor) -> None:
    """InvalidDraft unless a note corrects an issued document of the same client and currency."""
    corrects = built.read.corrects_id
    if corrects is None:
        return
    row = Invoice.objects.of(by.organization_id).filter(id=corrects).first()
    if built.document.kind not in (Kind.CREDIT_NOTE, Kind.DEBIT_NOTE):
        detail = "Only a credit or debit note corrects another document."
    elif row is None or row.status != "issued" or row.kind in ("credit_note", "pro_forma"):
        detail = "There is no such issued invoice."
    elif row.partner_id != built.context.partner_id:
        detail = "That invoice is another client's."
    elif row.currency != built.document.currency:
        detail = f"That invoice is in {row.currency}."
    else:
        return
    raise InvalidDraft(problems=[Problem("/corrects", "invoicing.not_correctable", detail)])
