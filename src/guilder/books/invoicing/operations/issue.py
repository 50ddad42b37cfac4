"""Issuing: number, freeze, post, tell; in one statement, the last before commit."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.invoicing import calc, requirements
from guilder.books.invoicing.calc import DepositShare
from guilder.books.invoicing.lookup import Lookup
from guilder.books.invoicing.operations.approvals import check_approved
from guilder.books.invoicing.operations.drafts import create_draft
from guilder.books.invoicing.operations.freezing import freeze
from guilder.books.invoicing.operations.locking import (
    Corrected,
    Draft,
    base_rate,
    deposit_shares,
    lock_corrected,
    locked,
)
from guilder.books.invoicing.queries.records import InvoiceRecord
from guilder.foundation.edges.late import Late
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document, Kind, Totals
from guilder.kernel.errors import Conflict, GuilderError, Invalid, Problem
from guilder.kernel.money import Money
from guilder.kernel.period import due_dates, due_on, terms_of
from guilder.kernel.totals import calculate
from guilder.registers.parties.queries import InvoicingContext


class NotIssuable(Invalid):
    """The draft cannot be issued as it is; `problems` says what to do."""

    code = "invoice.not_issuable"


class VerdictWanted(Conflict):
    """The client wants an e-invoice, and nobody asked yet whether the official rules accept it."""

    code = "invoice.verdict_wanted"


def create_and_issue(
    *,
    by: Actor,
    data: Mapping[str, Any],
    at: datetime,
    on: date | None = None,
    unjudged: Container[str] = (),
    late: Late | None = None,
) -> InvoiceRecord:
    """Make a draft of raw values and issue it, in one transaction; `unjudged` and `late` are
    issue_invoice's."""
    by.require("invoice.issue")
    with transaction(by.organization_id):
        lookup = Lookup(by.organization_id)
        draft = create_draft(by=by, data=data, at=at, lookup=lookup)
        return issue_invoice(
            draft.id, by=by, at=at, on=on, lookup=lookup, unjudged=unjudged, late=late
        )


def issue_invoice(
    invoice_id: UUID,
    *,
    by: Actor,
    at: datetime,
    on: date | None = None,
    version: int | None = None,
    lookup: Lookup | None = None,
    unjudged: Container[str] = (),
    late: Late | None = None,
) -> InvoiceRecord:
    """Give a draft its number and freeze it. `on` is the issue date, by default today.

    `unjudged` are formats that a verdict must have been given for: where the client wants one of
    them, VerdictWanted is raised. With `late` the last statement is left there for the door to
    send with COMMIT; number and chain hash of the record are stand-ins then.

    Raises NoSuchInvoice, NotDraft, Stale, ApprovalDue, NotIssuable with every problem, NoRate (a
    foreign currency without a rate), what `requirements` raise, numbering's NoSeries and
    IssuedBeforeLast, ledger's PeriodIsLocked.
    """
    by.require("invoice.issue")
    with transaction(by.organization_id):
        found = lookup or Lookup(by.organization_id)
        draft, context = locked(invoice_id, by=by, version=version)
        if draft.format in unjudged:
            raise VerdictWanted(f"The client wants {draft.format}: ask for its verdict first.")
        zone = ZoneInfo(context.time_zone)
        day = on or at.astimezone(zone).date()
        corrected = lock_corrected(draft, by=by)
        rate, source = base_rate(draft, day, by=by)
        deposits = deposit_shares(draft, by=by)
        document = completed(draft, context, day=day, rate=rate)
        check_issuable(document, draft=draft, corrected=corrected, deposits=deposits)
        requirements.require(document, by=by)
        check_approved(draft, document, rate=rate)
        check_rates(document, found, day, resolved_on=draft.updated_at.astimezone(zone).date())
        return freeze(
            draft,
            document,
            by=by,
            at=at,
            day=day,
            rate=rate,
            rate_source=source,
            deposits=deposits,
            corrected=corrected,
            late=late,
        )


def completed(draft: Draft, context: InvoicingContext, *, day: date, rate: Decimal) -> Document:
    """The draft's paper with parties, dates and terms, calculated anew."""
    document = draft.document
    terms = terms_of(draft.terms) if draft.terms else context.terms
    changes: dict[str, Any] = {
        "seller": context.seller,
        "buyer": context.buyer,
        "issued_on": day,
        "payment": context.payment_of(document, day),
        "early_discounts": document.early_discounts or terms.discounts,
    }
    is_payable = document.kind not in (Kind.CREDIT_NOTE, Kind.PRO_FORMA)
    if document.due_on is None and is_payable:
        changes["due_on"] = due_on(terms, issued_on=day)
    if draft.currency != draft.base_currency and not document.tax_currency:
        changes["tax_currency"] = draft.base_currency
        changes["tax_rate_to_tax_currency"] = rate
    done = calculate(replace(document, **changes))
    totals = cast("Totals", done.totals)
    if document.due_on is None and is_payable and terms.parts and not done.instalments:
        whole = totals.receivable or totals.due
        done = replace(done, instalments=due_dates(terms, issued_on=day, total=whole))
    return done


def check_issuable(
    document: Document,
    *,
    draft: Draft,
    corrected: Corrected | None,
    deposits: Sequence[DepositShare],
) -> None:
    """NotIssuable with everything that is missing or wrong."""
    problems = calc.issue_problems(document)
    totals = cast("Totals", document.totals)
    if [line.net for line in document.lines] != [line.net for line in draft.document.lines] or (
        document.taxes != draft.document.taxes
    ):
        text = "The sums come out differently than when it was saved. Save the draft again."
        problems.append(Problem("", "invoicing.sums_moved", text))
    if corrected is not None:
        left = corrected.gross - corrected.credited_gross
        if totals.gross.minor + totals.rounding.minor > left:
            whole = Money(left, draft.currency)
            text = f"At most {whole} {draft.currency} of that invoice is left to be credited."
            problems.append(Problem("/corrects", "invoicing.too_much_credit", text))
    deducted = sum(one.net + sum(tax for _, _, tax in one.taxes) for one in deposits)
    if deducted > totals.prepaid.minor:
        text = "The deposits come to more than is taken off. Save the draft again."
        problems.append(Problem("/deducts", "invoicing.deposits_moved", text))
    if problems:
        raise NotIssuable(problems=problems)


def check_rates(document: Document, lookup: Lookup, day: date, *, resolved_on: date) -> None:
    """NotIssuable when a tax code means something else on the tax day than when it was resolved."""
    tax_day = calc.tax_day(document, issued_on=day)
    if tax_day == resolved_on:
        return
    table = lookup.table(tax_day)
    problems = []
    for index, line in enumerate(document.lines):
        if not line.tax.code:
            continue
        try:
            now = table.tax(line.tax.code)
        except GuilderError as error:
            problems.append(Problem(f"/lines/{index}/tax", error.code, error.detail))
            continue
        if (now.category, now.rate) != (line.tax.category, line.tax.rate):
            text = (
                f"Tax code {line.tax.code} has another rate on {tax_day}. Save the draft again, "
                "with that day as the tax point, to take it."
            )
            problems.append(Problem(f"/lines/{index}/tax", "invoicing.rate_moved", text))
    if problems:
        raise NotIssuable(problems=problems)
