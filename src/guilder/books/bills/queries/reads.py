"""Reading single bills, and what is known of their supplier."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Sum, When

from guilder.books.bills.calc import number_key
from guilder.books.bills.models import Bill, BillCredit, BillLine
from guilder.books.workflow import queries as workflow
from guilder.foundation.identity.permissions import own_only
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.kernel.money import Money

PARTS = ("lines__account", "taxes")


class NoSuchBill(NotFound):
    """No bill of that id that this actor may see."""

    code = "bill.not_found"


def visible(by: Actor) -> Any:
    """The bills that an actor may see: all, or those that they entered."""
    by.require("bill.view")
    rows = Bill.objects.of(by.organization_id)
    if by.row_rule != "all" or own_only(by, "bill.view"):
        rows = rows.filter(created_by_id=by.user_id)
    return rows


def get_bill(bill_id: UUID, *, by: Actor) -> Bill:
    """One bill with its lines, accounts and taxes. Raises NoSuchBill."""
    with transaction(by.organization_id):
        rows = visible(by).select_related("partner", "file").prefetch_related(*PARTS)
        found = rows.filter(id=bill_id).first()
    if found is None:
        raise NoSuchBill("There is no such bill.")
    return found


def same_bill(
    by: Actor, *, supplier_id: UUID, number: str, kind: str, but: UUID | None = None
) -> Bill | None:
    """The bill of that supplier's number which counts, if there is one."""
    rows = Bill.objects.of(by.organization_id).filter(
        partner_id=supplier_id, number_key=number_key(number), kind=kind
    )
    return rows.exclude(status=Bill.Status.CANCELLED).exclude(id=but).first()


def bill_of_paper(by: Actor, *, sha256: str, place: int) -> Bill | None:
    """The bill that was made of these very bytes, if it counts."""
    rows = Bill.objects.of(by.organization_id).filter(sha256=sha256, place=place)
    return rows.exclude(status=Bill.Status.CANCELLED).first()


def usual_accounts(by: Actor, *, supplier_id: UUID, names: Iterable[str]) -> dict[str, UUID]:
    """Name of a line → where the newest booked line of that supplier and name went.

    Under "" is where the supplier's newest line of all went, for names that are new.
    """
    wanted = set(names)
    with transaction(by.organization_id):
        rows = BillLine.objects.of(by.organization_id).filter(
            bill__partner_id=supplier_id, account__isnull=False, account__is_active=True
        )
        newest = rows.exclude(bill__status=Bill.Status.CANCELLED).order_by("-bill_id", "position")
        found: dict[str, UUID] = {}
        for name, account_id in newest.values_list("name", "account_id")[:500]:
            found.setdefault("", account_id)
            if name in wanted:
                found.setdefault(name, account_id)
    return found


def open_of_supplier(supplier_id: UUID, *, by: Actor) -> list[Bill]:
    """Booked bills and credit notes of a supplier with something open, what is due first first."""
    with transaction(by.organization_id):
        rows = visible(by).filter(partner_id=supplier_id, status=Bill.Status.BOOKED)
        return [one for one in rows.order_by("due_on", "id")[:500] if one.open_amount]


def open_by_supplier(supplier_ids: Iterable[UUID], *, by: Actor) -> dict[UUID, list[Money]]:
    """Supplier → what is open with them by currency, credit notes taken off."""
    if not by.may("bill.view"):
        return {}
    left = F("payable_amount") - F("allocated_amount") - F("credited_amount")
    signed = Case(When(kind="credit_note", then=-left), default=left)
    with transaction(by.organization_id):
        rows = visible(by).filter(partner_id__in=list(supplier_ids), status=Bill.Status.BOOKED)
        told = rows.values("partner_id", "currency").annotate(left=Sum(signed))
        found: dict[UUID, list[Money]] = {}
        for one in told.order_by("currency"):
            if one["left"]:
                found.setdefault(one["partner_id"], []).append(Money(one["left"], one["currency"]))
    return found


def credits_of(bill: Bill, *, by: Actor) -> list[BillCredit]:
    """What credit notes paid of a bill, or what a credit note paid, newest first."""
    with transaction(by.organization_id):
        rows = BillCredit.objects.of(by.organization_id).select_related("bill", "credit_note")
        side = "credit_note" if bill.kind == Bill.Kind.CREDIT_NOTE else "bill"
        return list(rows.filter(is_active=True, **{side: bill.id}).order_by("-id"))


def approvals_of(bill_id: UUID, *, by: Actor) -> list[Any]:
    """What was asked and answered about a bill, newest first. Raises NoSuchBill."""
    get_bill(bill_id, by=by)
    return workflow.approvals_of(bill_id, by=by)


def has_bills(by: Actor) -> bool:
    """Whether there is any bill that the actor may see."""
    with transaction(by.organization_id):
        return visible(by).exists()
