"""Credit notes: made of what is left of an invoice, applied to invoices, taken off again."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from guilder.books.invoicing import calc, paper
from guilder.books.invoicing.building import Built
from guilder.books.invoicing.calc import CreditRequest, LineLeft
from guilder.books.invoicing.lookup import Lookup
from guilder.books.invoicing.models import Invoice, InvoiceLine
from guilder.books.invoicing.operations.discounts import take_back
from guilder.books.invoicing.operations.drafts import store_new
from guilder.books.invoicing.operations.issue import issue_invoice
from guilder.books.invoicing.queries import get_issued
from guilder.books.invoicing.queries.records import InvoiceRecord, NoSuchInvoice
from guilder.books.invoicing.reading import DraftInput
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document, Kind, Line, Note, PrecedingInvoice, Totals
from guilder.kernel.errors import Conflict, Invalid, Problem
from guilder.kernel.money import WIDE, Money
from guilder.kernel.totals import calculate
from guilder.kernel.wire import Wire

ROW = "invoicing_invoice"


class NotCreditable(Conflict):
    """Only an issued invoice, debit note or deposit can be credited."""

    code = "invoice.not_creditable"


class NothingLeft(Conflict):
    """All of the invoice has been credited already."""

    code = "invoice.nothing_left"


class TooMuchCredit(Invalid):
    """More than is left of a line."""

    code = "invoice.too_much_credit"


def credit_invoice(
    invoice_id: UUID,
    *,
    by: Actor,
    at: datetime,
    on: date | None = None,
    lines: Sequence[Mapping[str, Any]] | None = None,
    reason: str = "",
    issue: bool = True,
    unjudged: Container[str] = (),
) -> InvoiceRecord:
    """Credit an issued invoice: all that is left of it, or some lines.

    A line is {"line": its position from 1, "quantity": …} or {"line": …, "amount": net}, or only
    its position for all that is left of it. The credit note is issued at once (`issue`), applied
    to the invoice as far as that is open, and what remains is the client's open credit.
    `unjudged` is issue_invoice's.
    Raises NoSuchInvoice, NotCreditable, NothingLeft, TooMuchCredit, and what issue_invoice raises.
    """
    by.require("invoice.credit")
    with transaction(by.organization_id):
        row = Invoice.objects.of(by.organization_id).lock().filter(id=invoice_id).first()
        if row is None:
            raise NoSuchInvoice("There is no such invoice.")
        if issue and lines is None:
            # All of it is credited: what was kept back of it for paying early is part of that.
            take_back([row.id], by=by, on=on or at.date(), at=at)
        if row.status != "issued" or row.kind not in calc.RECEIVABLE:
            raise NotCreditable("Only an issued invoice, debit note or deposit can be credited.")
        if row.is_history:
            raise NotCreditable("It comes from an earlier system. Make a credit note by hand.")
        frozen = get_issued(invoice_id, by=by)
        original = paper.document_of(frozen.document)
        left = lines_left(row, original, by=by)
        requests = read_requests(lines, original, left)
        built, corrected = built_credit(
            row, original, number=frozen.number, left=left, requests=requests, reason=reason, by=by,
            at=at,
        )  # fmt: skip
        made = store_new(built, by=by, at=at, corrects_id=row.id, corrected=corrected)
        if not issue:
            return made
        return issue_invoice(made.id, by=by, at=at, on=on, unjudged=unjudged)


def lines_left(row: Invoice, original: Document, *, by: Actor) -> list[LineLeft]:
    """What is left of each line after the credit notes that were issued before."""
    left = [LineLeft(line.quantity, cast("Money", line.net).minor) for line in original.lines]
    credited = InvoiceLine.objects.of(by.organization_id).filter(
        invoice__corrects_id=row.id,
        invoice__kind="credit_note",
        invoice__status="issued",
        source_position__isnull=False,
    )
    for position, quantity, price, net in credited.values_list(
        "source_position", "quantity", "unit_price", "net_amount"
    ):
        index = position - 1
        # A line credited by amount has that amount for a price: it takes money, no quantity.
        counts = price == original.lines[index].price.amount
        left[index] = LineLeft(
            left[index].quantity - (quantity if counts else 0), left[index].net - net
        )
    return left


def read_requests(
    lines: Sequence[Mapping[str, Any]] | None, original: Document, left: Sequence[LineLeft]
) -> list[CreditRequest]:
    """What is to be credited; Invalid with every fault, NothingLeft, TooMuchCredit."""
    if lines is None:
        found = [CreditRequest(index) for index, one in enumerate(left) if one.net]
        if not found:
            raise NothingLeft("All of this invoice has been credited already.")
        return found
    problems: list[Problem] = []
    requests = []
    for index, raw in enumerate(lines):
        wire = Wire(raw, at=f"/lines/{index}", problems=problems)
        wire.known(("line", "quantity", "amount"))
        position = wire.whole("line", least=1, most=len(left))
        quantity = wire.decimal("quantity")
        amount = wire.decimal("amount", places=4)
        if position is None:
            if wire.data.get("line") is None:
                wire.fault("line", "required", "Say which line, counted from 1.")
            continue
        if quantity is not None and amount is not None:
            wire.fault("amount", "invoicing.quantity_or_amount", "Give one of the two.")
        net = None
        if amount is not None:
            try:
                net = Money.of(amount, original.currency).minor
            except ValueError as error:
                wire.fault("amount", "document.amount", str(error))
                continue
        request = CreditRequest(position - 1, quantity, net)
        judge(request, left[position - 1], wire)
        requests.append(request)
    if len({one.index for one in requests}) < len(requests):
        problems.append(Problem("/lines", "invoicing.line_twice", "Name each line once."))
    if not requests and not problems:
        problems.append(Problem("/lines", "required", "Name at least one line."))
    if problems:
        raise TooMuchCredit(problems=problems)
    return requests


def judge(request: CreditRequest, left: LineLeft, wire: Wire) -> None:
    """Note when more of a line is asked for than is left, or something of the other sign."""
    if not left.net and not left.quantity:
        wire.fault("line", "invoicing.nothing_left", "All of this line has been credited.")
    if request.quantity is not None and not within(request.quantity, left.quantity):
        wire.fault("quantity", "invoicing.too_much", f"At most {left.quantity:f} are left.")
    if request.net is not None and not within(Decimal(request.net), Decimal(left.net)):
        wire.fault("amount", "invoicing.too_much", "That is more than is left of this line.")


def within(part: Decimal, whole: Decimal) -> bool:
    """Whether `part` is something of `whole`: of its sign, not zero, not more."""
    return bool(part) and (part > 0) == (whole > 0) and abs(part) <= abs(whole)


def built_credit(
    row: Invoice,
    original: Document,
    *,
    number: str,
    left: Sequence[LineLeft],
    requests: Sequence[CreditRequest],
    reason: str,
    by: Actor,
    at: datetime,
) -> tuple[Built, list[int | None]]:
    """The credit note as a draft to be stored, and the position that each of its lines corrects."""
    chosen = [(one.index, calc.credit_line(original.lines[one.index], request=one,
                                           left=left[one.index])) for one in requests]  # fmt: skip
    draft = draft_note(
        original,
        [line for _, line in chosen],
        number=number,
        issued_on=row.issued_on,
        reason=reason,
    )
    whole = cast("Totals", original.totals).line_net.minor
    part = cast(
        "Totals", calculate(replace(draft, allowances=(), charges=())).totals
    ).line_net.minor
    ratio = Decimal(1) if part == whole or not whole else WIDE.divide(Decimal(part), Decimal(whole))
    document = calculate(
        replace(
            draft,
            allowances=calc.without_amounts(original.allowances, ratio),
            charges=calc.without_amounts(original.charges, ratio),
        )
    )
    check_lines(document, chosen, left)
    document = rounded_to_rest(document, row, chosen, left, by=by)
    context = Lookup(by.organization_id).context(row.partner_id, at=at)
    items = dict(
        InvoiceLine.objects.of(by.organization_id)
        .filter(invoice_id=row.id)
        .values_list("position", "item_id")
    )
    built = Built(
        document=document,
        content=paper.content_of(document),
        context=context,
        on=at.date(),
        items=[items.get(index + 1) for index, _ in chosen],
        reasons=["" for _ in chosen],
        terms={},
        read=DraftInput(client_id=row.partner_id, kind="credit_note"),
    )
    return built, [index + 1 for index, _ in chosen]


def draft_note(
    original: Document, lines: Sequence[Line], *, number: str, issued_on: date | None, reason: str
) -> Document:
    """The credit note of some lines, its allowances not reckoned yet."""
    numbered = tuple(
        replace(line, id=str(position), net=None) for position, line in enumerate(lines, start=1)
    )
    return replace(
        original,
        kind=Kind.CREDIT_NOTE,
        lines=numbered,
        seller=type(original.seller)(),
        buyer=type(original.buyer)(),
        issued_on=None,
        due_on=None,
        prepaid=None,
        rounding_amount=None,
        instalments=(),
        early_discounts=(),
        tax_currency="",
        tax_rate_to_tax_currency=None,
        preceding=(PrecedingInvoice(number=number, issued_on=issued_on),),
        notes=(Note(reason.strip()),) if reason.strip() else (),
        withholdings=tuple(calc.scaled_withholding(one) for one in original.withholdings),
        taxes=(),
        totals=None,
    )


def check_lines(
    document: Document, chosen: Sequence[tuple[int, Any]], left: Sequence[LineLeft]
) -> None:
    """TooMuchCredit where rounding or an earlier amount makes a line more than is left of it."""
    problems = [
        Problem(f"/lines/{place}", "invoicing.too_much", "That is more than is left of this line.")
        for place, ((index, _), line) in enumerate(zip(chosen, document.lines, strict=True))
        if not within(Decimal(cast("Money", line.net).minor), Decimal(left[index].net))
        and cast("Money", line.net).minor
    ]
    if problems:
        raise TooMuchCredit(problems=problems)


def rounded_to_rest(
    document: Document,
    row: Invoice,
    chosen: Sequence[tuple[int, Any]],
    left: Sequence[LineLeft],
    *,
    by: Actor,
) -> Document:
    """A credit note that takes all that is left ends at the invoice's own amount to the cent: what
    rounding the tax of the parts has moved goes to BT-114."""
    taken = {index: cast("Money", line.net).minor
             for (index, _), line in zip(chosen, document.lines, strict=True)}  # fmt: skip
    if any(one.net != taken.get(index, 0) for index, one in enumerate(left)):
        return document
    before = Invoice.objects.of(by.organization_id).filter(
        corrects_id=row.id, kind="credit_note", status="issued"
    )
    credited = sum(a + b for a, b in before.values_list("gross_amount", "rounding_amount"))
    rest = row.gross_amount + row.rounding_amount - credited
    gap = rest - cast("Totals", document.totals).gross.minor
    if not gap:
        return document
    return calculate(replace(document, rounding_amount=Money(gap, document.currency)))
