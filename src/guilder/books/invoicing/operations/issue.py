"""Issuing: number, freeze, post, tell; in one statement, the last before commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from guilder.books.invoicing import calc, paper
from guilder.books.invoicing.building import SIDES_COLUMNS, Lookup, context_of
from guilder.books.invoicing.calc import DepositShare
from guilder.books.invoicing.events import InvoiceIssued
from guilder.books.invoicing.operations.drafts import NotDraft, create_draft
from guilder.books.invoicing.queries.records import InvoiceRecord, NoSuchInvoice, owner_of
from guilder.books.invoicing.writes import APPLIED, ISSUED, amounts
from guilder.books.ledger import operations as ledger
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import canonical
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document, Kind, Totals
from guilder.kernel.errors import Conflict, GuilderError, Invalid, Problem, Stale
from guilder.kernel.money import Money
from guilder.kernel.period import due_dates, due_on, terms_of
from guilder.kernel.totals import calculate
from guilder.registers.currencies import queries as currencies
from guilder.registers.numbering import operations as numbering
from guilder.registers.numbering.queries import SeriesChoice, no_series
from guilder.registers.parties import queries as parties
from guilder.registers.parties.queries import InvoicingContext

TABLE = "invoicing_invoice"
ONE = Decimal(1)

# The draft under lock, the series that numbers it, and the accounts that it is booked to.
LOCK = """
SELECT i.status, i.kind, i.partner_id, i.currency, i.base_currency, i.terms, i.content, i.version,
  i.updated_at, i.quote_id, i.corrects_id, i.draft_reference, i.created_by_id, i.created_at,
  p.name,
  s.id, s.code, s.pattern, s.period, s.start_at, s.branch,
  (SELECT jsonb_object_agg(a.role, a.id) FROM ledger_account a
    WHERE a.organization_id = i.organization_id AND a.role <> '') AS accounts,
  EXISTS (SELECT FROM invoicing_deduction d
    WHERE d.organization_id = i.organization_id AND d.final_id = i.id) AS deducts,
  l.items, l.reasons, {columns}
FROM invoicing_invoice i
JOIN parties_partner p ON p.organization_id = i.organization_id AND p.id = i.partner_id
LEFT JOIN LATERAL (
  SELECT * FROM numbering_series x WHERE x.organization_id = i.organization_id
    AND x.kind = i.kind AND x.is_active
    AND (x.id = i.series_id OR (i.series_id IS NULL AND x.is_default AND x.branch = ''))
  LIMIT 1) s ON true
LEFT JOIN LATERAL (
  SELECT array_agg(x.item_id ORDER BY x.position) AS items,
    array_agg(x.tax_reason ORDER BY x.position) AS reasons
  FROM invoicing_invoiceline x
  WHERE x.organization_id = i.organization_id AND x.invoice_id = i.id AND x.position > 0) l ON true
JOIN LATERAL ({context}) AS c ON true
WHERE i.organization_id = %(organization)s AND i.id = %(id)s
  AND (%(owner)s::uuid IS NULL OR i.created_by_id = %(owner)s::uuid)
FOR NO KEY UPDATE OF i
""".replace("{columns}", SIDES_COLUMNS).replace(
    "{context}", parties.CONTEXT.replace("%(partner)s", "i.partner_id")
)
CORRECTED = """
SELECT i.id, i.payable_amount, i.open_amount, i.base_payable_amount, i.currency,
  i.gross_amount + i.rounding_amount,
  (SELECT coalesce(sum(c.gross_amount + c.rounding_amount), 0)::bigint FROM invoicing_invoice c
    WHERE c.organization_id = i.organization_id AND c.corrects_id = i.id
      AND c.kind = 'credit_note' AND c.status = 'issued')
FROM invoicing_invoice i
WHERE i.organization_id = %(organization)s AND i.id = %(id)s
FOR NO KEY UPDATE OF i
"""
DEPOSITS = """
SELECT d.deposit_id, i.net_amount, i.base_rate, t.category, t.rate, t.tax_amount, t.taxable_amount
FROM invoicing_deduction d
JOIN invoicing_invoice i ON i.organization_id = d.organization_id AND i.id = d.deposit_id
JOIN invoicing_invoicetax t ON t.organization_id = i.organization_id AND t.invoice_id = i.id
WHERE d.organization_id = %(organization)s AND d.final_id = %(id)s
ORDER BY d.deposit_id, t.position
"""
TRAIL = ledger.trail_sql("numbered", payload="jsonb_build_object('number', numbered.number)")
ENTRY = ledger.entry_sql("numbered", memo="numbered.number")
RESULT = (
    "numbered.number, numbered.sequence, numbered.chain_hash, issued.version FROM numbered, issued"
)


class NotIssuable(Invalid):
    """The draft cannot be issued as it is; `problems` says what to do."""

    code = "invoice.not_issuable"


class NumberTaken(Conflict):
    """The number that the series would give exists already."""

    code = "numbering.number_taken"


@dataclass(slots=True)
class Draft:
    """A locked draft with what issuing it needs."""

    id: UUID
    kind: str
    partner_id: UUID
    partner_name: str
    currency: str
    base_currency: str
    terms: dict[str, Any]
    document: Document
    version: int
    updated_at: datetime
    quote_id: UUID | None
    corrects_id: UUID | None
    reference: str
    created_by_id: UUID | None
    created_at: datetime
    series: SeriesChoice
    accounts: dict[str, UUID]
    deducts: bool
    items: tuple[UUID | None, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Corrected:
    """The invoice that a credit note corrects, under lock; `gross` with the rounding amount."""

    id: UUID
    payable: int
    left: int
    base_payable: int
    currency: str
    gross: int
    credited_gross: int


def create_and_issue(
    *, by: Actor, data: Mapping[str, Any], at: datetime, on: date | None = None
) -> InvoiceRecord:
    """Make a draft of raw values and issue it, in one transaction."""
    by.require("invoice.issue")
    with transaction(by.organization_id):
        lookup = Lookup(by.organization_id)
        draft = create_draft(by=by, data=data, at=at, lookup=lookup)
        return issue_invoice(draft.id, by=by, at=at, on=on, lookup=lookup)


def issue_invoice(
    invoice_id: UUID,
    *,
    by: Actor,
    at: datetime,
    on: date | None = None,
    version: int | None = None,
    lookup: Lookup | None = None,
) -> InvoiceRecord:
    """Give a draft its number and freeze it. `on` is the issue date, by default today.

    Raises NoSuchInvoice, NotDraft, Stale, NotIssuable with every problem, NoRate (a foreign
    currency without a rate), numbering's NoSeries and IssuedBeforeLast, ledger's PeriodIsLocked.
    """
    by.require("invoice.issue")
    with transaction(by.organization_id):
        found = lookup or Lookup(by.organization_id)
        draft, context = locked(invoice_id, by=by, version=version)
        zone = ZoneInfo(context.time_zone)
        day = on or at.astimezone(zone).date()
        corrected = lock_corrected(draft, by=by)
        rate, source = base_rate(draft, day, by=by)
        deposits = deposit_shares(draft, by=by)
        document = completed(draft, context, day=day, rate=rate)
        check_issuable(document, draft=draft, corrected=corrected, deposits=deposits)
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
        )


def locked(invoice_id: UUID, *, by: Actor, version: int | None) -> tuple[Draft, InvoicingContext]:
    """The draft under lock and both its sides; NoSuchInvoice, NotDraft, Stale, NoSeries."""
    row = (
        cursor(binary=True)
        .execute(
            LOCK,
            {"organization": by.organization_id, "id": invoice_id, "owner": owner_of(by)},
            prepare=True,
        )
        .fetchone()
    )
    if row is None:
        raise NoSuchInvoice("There is no such invoice.")
    if row[0] != "draft":
        raise NotDraft("It is issued already. A correction is a new document.")
    if version is not None and version != row[7]:
        raise Stale("This draft was changed in the meantime. Read it again.")
    if row[15] is None:
        raise no_series(row[1])
    context = context_of(row[2], row[25:])
    draft = Draft(
        id=invoice_id,
        kind=row[1],
        partner_id=row[2],
        partner_name=row[14],
        currency=row[3],
        base_currency=row[4],
        terms=row[5],
        document=paper.document_of(row[6]),
        version=row[7],
        updated_at=row[8],
        quote_id=row[9],
        corrects_id=row[10],
        reference=row[11],
        created_by_id=row[12],
        created_at=row[13],
        series=SeriesChoice(*row[15:21]),
        accounts={role: UUID(one) for role, one in (row[21] or {}).items()},
        deducts=row[22],
        items=tuple(row[23] or ()),
        reasons=tuple(row[24] or ()),
    )
    return draft, context


def lock_corrected(draft: Draft, *, by: Actor) -> Corrected | None:
    """The invoice that a credit note corrects, under lock."""
    if draft.corrects_id is None or draft.kind != "credit_note":
        return None
    row = (
        cursor()
        .execute(CORRECTED, {"organization": by.organization_id, "id": draft.corrects_id})
        .fetchone()
    )
    return None if row is None else Corrected(*row)


def base_rate(draft: Draft, day: date, *, by: Actor) -> tuple[Decimal, str]:
    """What one unit of the document's currency is in the base currency, and who says so; NoRate."""
    if draft.currency == draft.base_currency:
        return ONE, ""
    found = currencies.rate_on(
        by.organization_id, base=draft.currency, quote=draft.base_currency, on=day
    )
    return found.rate, f"{found.source} {found.on}"[:80]


def deposit_shares(draft: Draft, *, by: Actor) -> list[DepositShare]:
    """What the deposits come to that a final invoice deducts."""
    if not draft.deducts:
        return []
    rows = (
        cursor().execute(DEPOSITS, {"organization": by.organization_id, "id": draft.id}).fetchall()
    )
    shares: dict[UUID, DepositShare] = {}
    for deposit_id, net, _, category, rate, amount, _ in rows:
        before = shares.get(deposit_id)
        taxes = (*(before.taxes if before else ()), (category, rate, amount))
        shares[deposit_id] = DepositShare(net, taxes)
    return list(shares.values())


def completed(draft: Draft, context: InvoicingContext, *, day: date, rate: Decimal) -> Document:
    """The draft's paper with parties, dates and terms, calculated anew."""
    document = draft.document
    terms = terms_of(draft.terms) if draft.terms else context.terms
    changes: dict[str, Any] = {
        "seller": context.seller,
        "buyer": context.buyer,
        "issued_on": day,
        "payment": document.payment or context.payment,
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


@dataclass(slots=True)
class Posted:
    """What issuing moves: the legs, and the base amounts that the invoice keeps."""

    legs: tuple[ledger.Leg, ...]
    base_net: int
    base_tax: int
    base_payable: int
    applied: int
    applied_base: int


def posted(
    draft: Draft,
    document: Document,
    *,
    rate: Decimal,
    deposits: Sequence[DepositShare],
    corrected: Corrected | None,
) -> Posted:
    """The booking of a document. A credit note is applied to what it corrects, as far as that is
    open; the rest stands as the client's credit."""
    totals = cast("Totals", document.totals)
    payable = calc.payable_of(totals)
    sides = {"currency": draft.currency, "base_currency": draft.base_currency, "rate": rate}

    def base(minor: int) -> int:
        return calc.in_base(minor, **sides)

    applied = min(payable, corrected.left) if corrected is not None else 0
    applied_base = 0
    if corrected is not None and applied:
        applied_base = calc.base_step(
            corrected.base_payable,
            payable=corrected.payable,
            before=corrected.payable - corrected.left,
            after=corrected.payable - corrected.left + applied,
        )
    if draft.kind == "pro_forma":
        return Posted((), base(totals.net.minor), base(totals.tax.minor), 0, 0, 0)
    whole = base(payable)
    fixed = None
    if draft.kind == "credit_note":
        own = calc.base_step(whole, payable=payable, before=0, after=applied)
        fixed = {"receivables": -applied_base, "customer_credit": own - whole}
    parts = calc.parts_of(document, deposits=deposits, applied=applied)
    legs = tuple(
        ledger.Leg(role, amount, base_amount, category, tax_rate)
        for (role, amount, category, tax_rate), base_amount in calc.with_base(
            parts, **sides, fixed=fixed
        )
    )
    taxes = base(totals.tax.minor)
    return Posted(legs, base(totals.net.minor), taxes, whole, applied, applied_base)


def freeze(
    draft: Draft,
    document: Document,
    *,
    by: Actor,
    at: datetime,
    day: date,
    rate: Decimal,
    rate_source: str,
    deposits: Sequence[DepositShare],
    corrected: Corrected | None,
) -> InvoiceRecord:
    """The last statement before commit, and the record of what it made."""
    content = canonical.canonical_bytes(document)
    content_hash = sha256(content).digest()
    sums = amounts(document)
    booked = posted(draft, document, rate=rate, deposits=deposits, corrected=corrected)
    is_posted = draft.kind in calc.POSTED
    left = sums["payable"] - booked.applied if is_posted else 0
    event = InvoiceIssued(
        invoice_id=draft.id,
        kind=draft.kind,
        partner_id=draft.partner_id,
        number="",
        issued_on=day,
        due_on=document.due_on,
        currency=draft.currency,
        due=str(cast("Totals", document.totals).due),
    )
    after = {
        "status": "issued",
        "series": draft.series.code,
        "issued_on": day.isoformat(),
        "due_on": document.due_on.isoformat() if document.due_on else None,
        "content_hash": content_hash.hex(),
        "open": str(Money(left, draft.currency)),
    }
    booking = ledger.Booking(
        legs=booked.legs,
        on=day,
        source="invoice.issue",
        source_id=draft.id,
        currency=draft.currency,
        base_currency=draft.base_currency,
        rate=rate,
        rate_source=rate_source,
        partner_id=draft.partner_id,
    )
    writes = [ISSUED, TRAIL]
    values: dict[str, Any] = {
        **ledger.trail_parameters(
            by=by,
            events=[event],
            audited=("invoice.issue", TABLE, draft.id, {"status": "draft"}, after),
        ),
        "id": draft.id,
        "due_on": document.due_on,
        "base_rate": rate,
        "rate_source": rate_source,
        "rounded": sums["rounded"],
        "due": sums["due"],
        "withheld": sums["withheld"],
        "payable": sums["payable"],
        "base_net": booked.base_net,
        "base_tax": booked.base_tax,
        "base_payable": booked.base_payable,
        "applied": booked.applied,
        "open": left,
        "settled_on": day if is_posted and not left else None,
        "frozen_id": uuid7(),
        "document": content,
        "at": at,
        "by": by.user_id,
    }
    if not booking.is_empty:
        writes.append(ENTRY)
        values |= ledger.entry_parameters(booking, accounts=draft.accounts, by_id=by.user_id, at=at)
    if corrected is not None and booked.applied:
        writes.append(APPLIED)
        values |= {
            "allocation": uuid7(),
            "corrected": corrected.id,
            "applied_base": booked.applied_base,
            "applied_credit_base": calc.base_step(
                booked.base_payable, payable=sums["payable"], before=0, after=booked.applied
            ),
        }
    number, version, chain_hash = last_statement(
        draft, by=by, day=day, content_hash=content_hash, writes=writes, values=values
    )
    return record_of(
        draft,
        document,
        content=content,
        content_hash=content_hash,
        chain_hash=chain_hash,
        number=number,
        version=version,
        sums=sums,
        booked=booked,
        left=left,
        rate=rate,
        at=at,
    )


def last_statement(
    draft: Draft,
    *,
    by: Actor,
    day: date,
    content_hash: bytes,
    writes: list[str],
    values: dict[str, Any],
) -> tuple[str, int, bytes]:
    """(number, version, chain hash); NumberTaken, IssuedBeforeLast, PeriodIsLocked."""
    try:
        with ledger.refusals():
            number, _, chain_hash, version = numbering.issue_in_series(
                draft.series,
                organization_id=by.organization_id,
                on=day,
                content_hash=content_hash,
                writes=", ".join(writes),
                result=RESULT,
                parameters=values,
            )
    except psycopg.errors.UniqueViolation as error:
        if error.diag.constraint_name == "invoice_number_once":
            raise NumberTaken(
                f"Series {draft.series.code} would give a number that exists already. Change its "
                "pattern or choose another series."
            ) from None
        raise
    return number, version, chain_hash


def record_of(
    draft: Draft,
    document: Document,
    *,
    content: bytes,
    content_hash: bytes,
    chain_hash: bytes,
    number: str,
    version: int,
    sums: dict[str, int],
    booked: Posted,
    left: int,
    rate: Decimal,
    at: datetime,
) -> InvoiceRecord:
    """The record of what was just issued, without reading it again."""
    return InvoiceRecord(
        id=draft.id,
        kind=draft.kind,
        status="issued",
        draft_reference=draft.reference,
        number=number,
        issued_on=document.issued_on,
        due_on=document.due_on,
        partner_id=draft.partner_id,
        partner_name=draft.partner_name,
        currency=draft.currency,
        base_currency=draft.base_currency,
        base_rate=rate,
        language=document.language,
        tax_rounding=document.rounding.value,
        line_net_amount=sums["line_net"],
        allowances_amount=sums["allowances"],
        charges_amount=sums["charges"],
        net_amount=sums["net"],
        tax_amount=sums["tax"],
        gross_amount=sums["gross"],
        prepaid_amount=sums["prepaid"],
        rounding_amount=sums["rounded"],
        due_amount=sums["due"],
        withheld_amount=sums["withheld"],
        payable_amount=sums["payable"],
        base_payable_amount=booked.base_payable,
        allocated_amount=booked.applied,
        credited_amount=0,
        written_off_amount=0,
        open_amount=left,
        settled_on=document.issued_on if not left and draft.kind != "pro_forma" else None,
        sent_at=None,
        viewed_at=None,
        disputed_at=None,
        quote_id=draft.quote_id,
        corrects_id=draft.corrects_id,
        is_history=False,
        created_by_id=draft.created_by_id,
        created_at=draft.created_at,
        updated_at=at,
        version=version,
        paper=paper.data_of(content),
        items=draft.items,
        tax_reasons=draft.reasons,
        terms=draft.terms,
        content_hash=content_hash,
        chain_hash=chain_hash,
    )
