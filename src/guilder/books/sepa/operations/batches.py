"""Putting orders together: collections of invoices, transfers for bills; and taking out again."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from guilder.books.bills import operations as bills
from guilder.books.charging.operations.collecting import is_under_way
from guilder.books.invoicing import operations as invoicing
from guilder.books.payments.models import Refund
from guilder.books.payments.queries.refunds import refund_policy
from guilder.books.sepa import calc, queries
from guilder.books.sepa.events import BatchCreated
from guilder.books.sepa.models import Batch, Item, Mandate
from guilder.books.sepa.operations.mandates import creditor_id, today_of
from guilder.books.sepa.operations.telling import facts_of, note, tell
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import identifiers
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, Problem
from guilder.kernel.wire import Wire
from guilder.registers.parties import queries as parties

CURRENCY = "EUR"
MOST = 5_000
MARKS = {"debit": "DD", "transfer": "CT"}


class InvalidOrder(Invalid):
    """What was sent is no payment order; `problems` has every fault."""

    code = "sepa.invalid_order"


class NotADraft(Conflict):
    """It is closed: what the bank is told stays as it is."""

    code = "sepa.not_a_draft"


def earliest(today: date) -> date:
    """The first day for which a file of today is in time: the bank wants it a settling day
    before."""
    return calc.open_days_after(today, calc.LEAD_DAYS["CORE"])


def create_collection(*, by: Actor, data: Mapping[str, Any], at: datetime) -> Any:
    """Put due invoices of clients with a mandate into a batch of direct debits.

    Raw values: due_on (the first day in time where it is missing), account (an own one, else the
    shown one), invoices (ids, else all that can be collected on that day). Raises InvalidOrder with
    every fault.
    """
    by.require("sepa.edit")
    wire = Wire(data)
    wire.known(("due_on", "account", "invoices"))
    with transaction(by.organization_id):
        today = today_of(by, at)
        due_on = read_day(wire, today)
        row = own_side(wire, Batch.Kind.DEBIT, due_on, by=by, at=at)
        row.creditor_id = read_creditor(wire, by=by)
        ids = read_ids(wire, "invoices")
        notice = queries.notice_days(by=by)
        found = queries.collectable(
            by=by, due_on=due_on, today=today, notice_days=notice, ids=ids, limit=MOST
        )
        free = [one for one in found if not is_under_way(one.invoice_id, by=by)]
        refuse_missing(wire, "invoices", ids, {one.invoice_id for one in free})
        judge(wire, free)
        row.save(force_insert=True)
        add_debits(row, free, by=by)
        return made(row, by=by)


def create_transfer(*, by: Actor, data: Mapping[str, Any], at: datetime) -> Any:
    """Put booked bills and refunds into a batch of credit transfers.

    Raw values: due_on, account, bills (ids), refunds (ids of those that were asked for by order).
    Above the limit of refunds somebody else approves it. Raises InvalidOrder with every fault.
    """
    by.require("sepa.edit")
    wire = Wire(data)
    wire.known(("due_on", "account", "bills", "refunds"))
    with transaction(by.organization_id):
        today = today_of(by, at)
        due_on = read_day(wire, today, is_transfer=True)
        row = own_side(wire, Batch.Kind.TRANSFER, due_on, by=by, at=at)
        ids = read_ids(wire, "bills")
        refund_ids = read_ids(wire, "refunds")
        if not ids and not refund_ids:
            wire.fault("bills", "required", "Name the bills or refunds to pay.")
        found = queries.payable(by=by, ids=ids or [], limit=MOST)
        refuse_missing(wire, "bills", ids, {one.bill_id for one in found})
        given = locked_refunds(refund_ids or [], by=by)
        refuse_missing(wire, "refunds", refund_ids, {one.refund_id for one in given})
        judge(wire, [*found, *given])
        limit, _ = refund_policy(by=by)
        total = sum(one.amount for one in (*found, *given))
        row.is_over_limit = limit is not None and total > limit
        row.save(force_insert=True)
        add_transfers(row, found, by=by)
        add_refunds(row, given, by=by)
        return made(row, by=by)


def read_day(wire: Wire, today: date, *, is_transfer: bool = False) -> date:
    """When the money is to move: a settling day that the bank can still keep."""
    first = calc.open_from(today) if is_transfer else earliest(today)
    due_on = cast("date", wire.day("due_on", default=first))
    if due_on < first:
        wire.fault("due_on", "sepa.too_early", f"The bank needs time until {first.isoformat()}.")
    elif not calc.is_open(due_on):
        next_on = calc.open_from(due_on)
        wire.fault(
            "due_on", "sepa.closed_day", f"Banks are closed then. Choose {next_on.isoformat()}."
        )
    return due_on


def own_side(wire: Wire, kind: str, due_on: date, *, by: Actor, at: datetime) -> Batch:
    """A batch of that day with the own account: the named one, else the one on documents."""
    account_id = wire.identity("account")
    accounts = parties.own_accounts(by.organization_id)
    chosen = next(
        (one for one in accounts if one.id == account_id) if account_id else iter(accounts), None
    )
    profile = parties.seller_profile(by.organization_id)
    if chosen is None:
        detail = "Enter the organization's own bank account first."
        wire.fault("account", "sepa.no_account", detail)
    id_ = uuid7()
    holder = chosen.holder if chosen and chosen.holder else profile.legal_name if profile else ""
    return Batch(
        id=id_,
        organization_id=by.organization_id,
        kind=kind,
        message_id=f"{MARKS[kind]}-{at:%Y%m%d}-{id_.hex[-12:].upper()}",
        due_on=due_on,
        currency=CURRENCY,
        name=calc.latin(holder, most=70),
        iban=chosen.iban if chosen else "",
        bic=chosen.bic if chosen else "",
        created_by_id=by.user_id,
        created_at=at,
        updated_at=at,
    )


def read_creditor(wire: Wire, *, by: Actor) -> str:
    """The organization's creditor identifier, checked."""
    found = creditor_id(by)
    if not found:
        wire.fault("", "sepa.no_creditor_id", "Enter your creditor identifier first.")
        return ""
    try:
        return identifiers.creditor_id(found)
    except Invalid as error:
        wire.fault("", error.code, error.detail)
        return found


def read_ids(wire: Wire, name: str) -> list[UUID] | None:
    """A list of ids; None where it is missing."""
    if not wire.has(name):
        return None
    value = wire.data.get(name)
    if not isinstance(value, list) or len(value) > MOST:
        wire.fault(name, "not_a_list", f"Send a list of at most {MOST} ids.")
        return []
    inner = Wire({str(place): one for place, one in enumerate(value)}, at=f"{wire.at}/{name}",
                 problems=wire.problems)  # fmt: skip
    found = (inner.identity(str(place), required=True) for place in range(len(value)))
    return list(dict.fromkeys(one for one in found if one is not None))


def refuse_missing(wire: Wire, name: str, ids: list[UUID] | None, found: set[UUID]) -> None:
    """Note each paper that was named and cannot be in the batch."""
    told = {
        "invoices": "This invoice cannot be collected then: it wants to be open, in euro, due and"
        " told early enough, with a signed mandate, and in no other payment order.",
        "bills": "This bill cannot be transferred: it wants to be booked, open, in euro, with an"
        " IBAN of the supplier, and in no other payment order.",
        "refunds": "This refund cannot be transferred: it wants to be asked for by payment order,"
        " approved, with an IBAN of the client, and in no other payment order.",
    }
    for place, one in enumerate(ids or ()):
        if one not in found:
            wire.problems.append(Problem(f"{wire.at}/{name}/{place}", "sepa.not_ready", told[name]))


def judge(wire: Wire, found: Sequence[Any]) -> None:
    """Raise InvalidOrder for what was noted, or where nothing is to be done."""
    if not found and not wire.problems:
        wire.fault("", "sepa.nothing_due", "Nothing can be put into a payment order of that day.")
    if wire.problems:
        raise InvalidOrder(problems=wire.problems)


def add_debits(row: Batch, found: Sequence[queries.Collectable], *, by: Actor) -> None:
    """The orders of a collection, invoices locked first; alike ones are booked as one."""
    debts = invoicing.lock_debts([one.invoice_id for one in found], by=by)
    rows = Mandate.objects.of(by.organization_id).select_related("partner").lock()
    ids = {one.mandate_id for one in found}
    mandates = {one.id: one for one in rows.filter(id__in=ids).order_by("id")}
    begun: set[UUID] = set()
    made_ones: list[Item] = []
    for one in found:
        mandate, debt = mandates[one.mandate_id], debts[one.invoice_id]
        is_first = mandate.last_used_on is None and mandate.id not in begun
        begun.add(mandate.id)
        sequence = calc.sequence(
            is_recurrent=mandate.is_recurrent, is_first=is_first, is_last=mandate.is_last
        )
        item = item_of(row, mandate.partner, one.number, debt.left)
        item.mandate, item.invoice_id = mandate, one.invoice_id
        item.scheme, item.sequence = mandate.scheme, sequence
        item.group = f"{row.message_id}-{mandate.scheme[0]}{sequence[:2]}"
        item.name = calc.latin(mandate.holder, most=70)
        item.iban, item.bic = mandate.iban, mandate.bic
        item.mandate_reference, item.signed_on = mandate.reference, mandate.signed_on
        item.original_reference = mandate.original_reference
        item.has_new_account = mandate.has_new_account
        if mandate.creditor_id not in {"", row.creditor_id}:
            item.original_creditor_id = mandate.creditor_id
        made_ones.append(item)
    Item.objects.bulk_create(made_ones)


def add_transfers(row: Batch, found: Sequence[queries.Payable], *, by: Actor) -> None:
    """The orders of a transfer, bills locked first."""
    held = bills.lock_payables([one.bill_id for one in found], by=by)
    partners = {
        one.partner_id: parties.get_partner(by.organization_id, one.partner_id) for one in found
    }
    made_ones: list[Item] = []
    for one in found:
        item = item_of(row, partners[one.partner_id], one.number, held[one.bill_id].left)
        item.bill_id, item.group = one.bill_id, f"{row.message_id}-T"
        item.name = calc.latin(one.holder or one.partner_name, most=70)
        item.iban, item.bic = one.iban, one.bic
        made_ones.append(item)
    Item.objects.bulk_create(made_ones)


def locked_refunds(ids: Sequence[UUID], *, by: Actor) -> list[queries.Refundable]:
    """Those of these refunds that can be transferred, under lock."""
    if not ids:
        return []
    rows = Refund.objects.of(by.organization_id).lock().filter(id__in=ids)
    held = list(rows.order_by("id").values_list("id", flat=True))
    return [one for one in queries.refundable(by=by, ids=held) if one.is_ready]


def add_refunds(row: Batch, found: Sequence[queries.Refundable], *, by: Actor) -> None:
    """The orders of refunds, beside those of bills."""
    made_ones: list[Item] = []
    for one in found:
        partner = parties.get_partner(by.organization_id, one.partner_id)
        item = item_of(row, partner, one.number, one.amount)
        item.refund_id, item.group = one.refund_id, f"{row.message_id}-T"
        item.name = calc.latin(one.holder, most=70)
        item.iban, item.bic = one.iban, one.bic
        made_ones.append(item)
    Item.objects.bulk_create(made_ones)


def item_of(row: Batch, partner: Any, number: str, amount: int) -> Item:
    """An order for one paper, named by its number and an end of its own."""
    id_ = uuid7()
    address = partner.addresses.order_by("-use", "id").first()
    named = calc.identifier(number, most=22)
    return Item(
        id=id_,
        organization_id=row.organization_id,
        batch_id=row.id,
        partner_id=partner.id,
        end_to_end=f"{named}-{id_.hex[-12:]}".lstrip("-"),
        amount=amount,
        country=address.country if address else "",
        town=calc.latin(address.city, most=35) if address else "",
        remittance=calc.latin(number, most=140),
    )


def made(row: Batch, *, by: Actor) -> Any:
    """Write down and tell what was put together."""
    note(row, "payment_order.create", by=by)
    record = queries.get_batch(row.id, by=by)
    tell(BatchCreated(is_over_limit=row.is_over_limit, **facts_of(record)), by=by)
    return record


def drop_order(batch_id: UUID, item_id: UUID, *, by: Actor, at: datetime) -> Any:
    """Take an order out of a draft: its paper is free again. Raises NoSuchBatch, NotADraft."""
    by.require("sepa.edit")
    with transaction(by.organization_id):
        row = locked_draft(batch_id, by=by)
        items = Item.objects.of(by.organization_id).lock().filter(batch_id=row.id, state="open")
        item = items.filter(id=item_id).first()
        if item is None:
            raise queries.NoSuchBatch("There is no such order in it.")
        item.state = Item.State.DROPPED
        item.save(update_fields=["state"])
        row.updated_at, row.version = at, row.version + 1
        row.save(update_fields=["updated_at", "version"])
        note(row, "payment_order.drop", by=by, dropped=item.end_to_end)
        return queries.get_batch(batch_id, by=by)


def redate(batch_id: UUID, *, by: Actor, at: datetime, due_on: date) -> Any:
    """Have a draft's money move on another day. Raises NoSuchBatch, NotADraft, InvalidOrder."""
    by.require("sepa.edit")
    with transaction(by.organization_id):
        row = locked_draft(batch_id, by=by)
        wire = Wire({"due_on": due_on.isoformat()})
        row.due_on = read_day(wire, today_of(by, at), is_transfer=row.kind == Batch.Kind.TRANSFER)
        if wire.problems:
            raise InvalidOrder(problems=wire.problems)
        row.updated_at, row.version = at, row.version + 1
        row.save()
        note(row, "payment_order.redate", by=by)
        return queries.get_batch(batch_id, by=by)


def locked(batch_id: UUID, *, by: Actor) -> Batch:
    """A batch under lock; NoSuchBatch."""
    row = Batch.objects.of(by.organization_id).lock().filter(id=batch_id).first()
    if row is None:
        raise queries.NoSuchBatch("There is no such payment order.")
    return row


def locked_draft(batch_id: UUID, *, by: Actor) -> Batch:
    """A draft under lock. Raises NoSuchBatch, NotADraft."""
    row = locked(batch_id, by=by)
    if row.status != Batch.Status.DRAFT:
        raise NotADraft("This payment order is closed. Cancel it and make another one.")
    return row
