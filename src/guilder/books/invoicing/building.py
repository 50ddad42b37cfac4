"""From judged values to a calculated paper: client, items, prices, taxes and terms filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.invoicing import paper
from guilder.books.invoicing.lines import Taxes, line_tax, make_levels, make_line
from guilder.books.invoicing.lookup import Lookup
from guilder.books.invoicing.reading import (
    DraftInput,
    read_draft,
    wire_pointer,
)
from guilder.kernel.document import (
    Allowance,
    Document,
    Kind,
    Line,
    Party,
    Rounding,
)
from guilder.kernel.errors import GuilderError, Invalid, NotFound, Problem
from guilder.kernel.money import Money
from guilder.kernel.period import terms_dict
from guilder.kernel.totals import calculate, check
from guilder.registers.catalogue import queries as catalogue
from guilder.registers.catalogue.queries import ItemForLine
from guilder.registers.parties.queries import InvoicingContext

NOBODY = Party()


class InvalidDraft(Invalid):
    """What was sent cannot be a draft; `problems` has every fault."""

    code = "invoicing.invalid_draft"


@dataclass(slots=True)
class Built:
    """A draft ready to be stored."""

    document: Document
    content: bytes
    context: InvoicingContext
    on: date
    items: list[UUID | None]
    reasons: list[str]
    terms: dict[str, Any]
    read: DraftInput
    warnings: list[str] = field(default_factory=list)


def build(
    data: Mapping[str, Any],
    *,
    lookup: Lookup,
    at: datetime,
    kind: Kind | None = None,
    prepaid: Money | None = None,
) -> Built:
    """The paper that `data` asks for, calculated; InvalidDraft with every fault.

    `prepaid` is what deposits add to the amount already paid.
    """
    read = read_draft(data)
    context = client_context(read, lookup, at=at)
    if context is None:
        raise InvalidDraft(problems=read.problems)
    if not read.currency and "currency" not in data:
        read = read_draft({**data, "currency": context.currency})
    on = at.astimezone(ZoneInfo(context.time_zone)).date()
    if read.problems:
        note_lookups(read, lookup, context, on)
        raise InvalidDraft(problems=read.problems)
    return assemble(read, lookup=lookup, context=context, on=on, kind=kind, prepaid=prepaid)


def client_context(read: DraftInput, lookup: Lookup, *, at: datetime) -> InvoicingContext | None:
    """The client's side of things; a client that is not there is a fault like any other."""
    if read.client_id is None:
        return None
    try:
        context = lookup.context(read.client_id, at=at)
    except NotFound as error:
        read.problems.append(Problem("/client", error.code, error.detail))
        return None
    if context.partner_is_archived:
        read.problems.append(
            Problem("/client", "invoicing.client_archived", "This client is archived. Restore it.")
        )
    return context


def note_lookups(read: DraftInput, lookup: Lookup, context: InvoicingContext, on: date) -> None:
    """Add the faults that only the registers know: items and tax codes that are not there."""
    items = find_items(read, lookup, context, on)
    table = lookup.table(tax_day(read, on))
    for index, line in enumerate(read.lines):
        if line.item_id is not None and line.item_id not in items:
            read.problems.append(no_item(index))
        if isinstance(line.tax, str) and line.tax and line.tax not in table:
            try:
                table.tax(line.tax)
            except GuilderError as error:
                read.problems.append(Problem(f"/lines/{index}/tax", error.code, error.detail))


def no_item(index: int) -> Problem:
    return Problem(f"/lines/{index}/item", "item.not_found", "There is no such item.")


def find_items(
    read: DraftInput, lookup: Lookup, context: InvoicingContext, on: date
) -> dict[UUID, ItemForLine]:
    """The items that lines name, with their prices."""
    wanted = [(line.item_id, line.quantity) for line in read.lines if line.item_id is not None]
    if not wanted:
        return {}
    return catalogue.items_for_lines(
        lookup.organization_id,
        wanted,
        currency=read.currency,
        price_list=context.price_list,
        on=on,
    )


def tax_day(read: DraftInput, on: date) -> date:
    """The day whose rates a draft of `on` takes."""
    rest = read.rest
    if rest is None:
        return on
    if rest.tax_point_on is not None:
        return rest.tax_point_on
    if rest.delivery is not None and rest.delivery.delivered_on is not None:
        return rest.delivery.delivered_on
    if rest.period is not None and rest.period.end_on is not None:
        return min(rest.period.end_on, on)
    return on


def assemble(
    read: DraftInput,
    *,
    lookup: Lookup,
    context: InvoicingContext,
    on: date,
    kind: Kind | None,
    prepaid: Money | None,
) -> Built:
    """The paper of sound values; InvalidDraft for what the registers or the sums refuse."""
    items = find_items(read, lookup, context, on)
    taxes = Taxes(lookup.table(tax_day(read, on)), context)
    problems: list[Problem] = []
    lines: list[Line] = []
    reasons: list[str] = []
    warnings: list[str] = []
    for index, one in enumerate(read.lines):
        item = items.get(one.item_id) if one.item_id is not None else None
        if one.item_id is not None and item is None:
            problems.append(no_item(index))
            continue
        try:
            resolved = line_tax(one, item, taxes)
        except GuilderError as error:
            problems.append(Problem(f"/lines/{index}/tax", error.code, error.detail))
            continue
        if resolved.warning and resolved.warning not in warnings:
            warnings.append(resolved.warning)
        reasons.append("" if one.tax else resolved.reason)
        price = one.price if one.price is not None or item is None else item.price
        if price is None:
            detail = "The item has no price in this currency. Enter one."
            problems.append(Problem(f"/lines/{index}/unit_price", "invoicing.no_price", detail))
            continue
        lines.append(make_line(one, index, price=price, item=item, tax=resolved.tax))
    levels = {
        name: make_levels(getattr(read, name), name, taxes, problems)
        for name in ("allowances", "charges")
    }
    if problems:
        raise InvalidDraft(problems=problems)
    document = make_document(
        read, context=context, lines=tuple(lines), levels=levels, kind=kind, prepaid=prepaid
    )
    document = judged(calculate(document))
    return Built(
        document=document,
        content=paper.content_of(document),
        context=context,
        on=on,
        items=[line.item_id for line in read.lines],
        reasons=reasons,
        terms=terms_dict(context.terms) if read.terms is None else read.terms,
        read=read,
        warnings=warnings,
    )


def judged(document: Document) -> Document:
    """`document` itself; InvalidDraft when its figures break a rule of the standard."""
    problems = check(document)
    if problems:
        raise InvalidDraft(
            problems=[Problem(wire_pointer(one.pointer), one.code, one.detail) for one in problems]
        )
    return document


def make_document(
    read: DraftInput,
    *,
    context: InvoicingContext,
    lines: tuple[Line, ...],
    levels: dict[str, tuple[Allowance, ...]],
    kind: Kind | None,
    prepaid: Money | None,
) -> Document:
    """The kernel's document, without parties: they are copied into it when it is issued."""
    rounding = Rounding(read.tax_rounding or context.tax_rounding)
    document = Document(
        kind=kind or Kind(read.kind),
        currency=read.currency,
        seller=NOBODY,
        buyer=NOBODY,
        lines=lines,
        due_on=read.due_on,
        language=read.language or context.language,
        rounding=rounding,
        custom_fields=tuple(read.custom_fields.items()),
        allowances=levels["allowances"],
        charges=levels["charges"],
        buyer_reference=context.buyer_reference,
        prepaid=prepaid,
    )
    rest = read.rest
    if rest is None:
        return document
    together = rest.prepaid if prepaid is None else prepaid + (rest.prepaid or prepaid * 0)
    return replace(
        rest,
        kind=document.kind,
        seller=NOBODY,
        buyer=NOBODY,
        lines=lines,
        due_on=document.due_on,
        language=document.language,
        rounding=rounding,
        custom_fields=document.custom_fields,
        allowances=document.allowances,
        charges=document.charges,
        buyer_reference=rest.buyer_reference or context.buyer_reference,
        prepaid=together,
    )
