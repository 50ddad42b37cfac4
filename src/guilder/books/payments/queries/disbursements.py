"""Reading what suppliers were paid."""

from typing import Any
from uuid import UUID

from guilder.books.payments.models import Allocation, Disbursement
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound


class NoSuchDisbursement(NotFound):
    """No payment to a supplier of that id in this organization."""

    code = "disbursement.not_found"


def visible(by: Actor) -> Any:
    """What an actor may see: a client of the portal sees payments, but none to suppliers."""
    by.require("payment.view")
    by.require("bill.view")
    rows = Disbursement.objects.of(by.organization_id)
    if by.row_rule != "all":
        rows = rows.filter(created_by_id=by.user_id)
    return rows


def get_disbursement(disbursement_id: UUID, *, by: Actor) -> Disbursement:
    """One payment to a supplier, with the bills that it paid. Raises NoSuchDisbursement."""
    with transaction(by.organization_id):
        rows = visible(by).select_related("partner", "account")
        found = rows.prefetch_related("allocations__bill").filter(id=disbursement_id).first()
    if found is None:
        raise NoSuchDisbursement("There is no such payment to a supplier.")
    return found


def paid_of_bill(bill_id: UUID, *, by: Actor) -> list[Allocation]:
    """The shares of payments that a bill got, reversed ones too, newest first."""
    with transaction(by.organization_id):
        rows = Allocation.objects.of(by.organization_id).filter(bill_id=bill_id)
        return list(rows.select_related("disbursement").order_by("-id"))


def list_disbursements(
    *, by: Actor, supplier_id: UUID | None = None, limit: int = 50, before: UUID | None = None
) -> list[Disbursement]:
    """Payments to suppliers, newest first; `before` is the last one of the page before."""
    with transaction(by.organization_id):
        rows = visible(by).select_related("partner")
        rows = rows.prefetch_related("allocations__bill")
        if supplier_id is not None:
            rows = rows.filter(partner_id=supplier_id)
        if before is not None:
            rows = rows.filter(id__lt=before)
        return list(rows.order_by("-id")[:limit])
