"""Papers of unsaved values: what a draft would be, without storing it; and what keeps one back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from guilder.books.invoicing import calc, paper
from guilder.books.invoicing.building import build
from guilder.books.invoicing.lookup import Lookup
from guilder.books.invoicing.queries.records import InvoiceRecord
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import canonical
from guilder.kernel.actor import Actor
from guilder.kernel.document import Address, Document, Kind, Party, Totals
from guilder.kernel.errors import GuilderError, Problem
from guilder.kernel.period import Terms, due_dates, due_on, terms_of
from guilder.kernel.totals import calculate
from guilder.registers.currencies import queries as currencies
from guilder.registers.parties import queries as parties
from guilder.registers.parties.queries import InvoicingContext

NOBODY = UUID(int=0)
NOT_DUE = frozenset((Kind.CREDIT_NOTE, Kind.PRO_FORMA, Kind.QUOTE))


@dataclass(frozen=True, slots=True)
class Sketch:
    """A calculated paper of unsaved values, with parties and dates as if issued on `on`.

    `reasons` says of each line why it has its tax ("" where one was chosen); `rate_problem` why
    its currency has no rate to the base currency, where it needs one.
    """

    document: Document
    on: date
    warnings: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    rate_problem: str = ""


def sketch(
    data: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    on: date | None = None,
    kind: Kind | None = None,
) -> Sketch:
    """The paper that a draft of these raw values would be, issued `on` (today by default); nothing
    is stored. `kind` is for quotes, whose values name none.

    Without a client it is reckoned for somebody at home. Raises InvalidDraft with every fault.
    """
    by.require("quote.edit" if kind is Kind.QUOTE else "invoice.create")
    with transaction(by.organization_id):
        lookup = Lookup(by.organization_id)
        values = dict(data)
        if not values.get("client"):
            lookup.contexts[NOBODY] = somebody_at_home(by.organization_id)
            values["client"] = str(NOBODY)
        built = build(values, lookup=lookup, at=at, kind=kind)
        context = built.context
        day = on or built.on
        terms = terms_of(built.terms)
        taxed, rate_problem = in_base_currency(
            built.document, context, organization_id=by.organization_id, on=day
        )
    document = replace(
        taxed,
        seller=context.seller,
        buyer=context.buyer,
        payment=context.payment_of(built.document, day),
        issued_on=day,
        early_discounts=built.document.early_discounts or terms.discounts,
    )
    if document.kind not in NOT_DUE and document.due_on is None:
        document = with_due_dates(document, terms, issued_on=day)
    return Sketch(
        document, day, tuple(built.warnings), tuple(built.reasons), rate_problem=rate_problem
    )


def in_base_currency(
    document: Document, context: InvoicingContext, *, organization_id: UUID, on: date
) -> tuple[Document, str]:
    """The paper with its tax in the base currency as issuing states it (BT-111), and why not."""
    base = context.base_currency
    if document.currency == base or document.tax_currency or document.kind is Kind.QUOTE:
        return document, ""
    try:
        quoted = currencies.rate_on(organization_id, base=document.currency, quote=base, on=on)
    except GuilderError as error:
        return document, error.detail
    changed = replace(document, tax_currency=base, tax_rate_to_tax_currency=quoted.rate)
    return calculate(changed), ""


def with_due_dates(document: Document, terms: Terms, *, issued_on: date) -> Document:
    """The paper with the due date and instalments that issuing gives it."""
    document = replace(document, due_on=due_on(terms, issued_on=issued_on))
    if not terms.parts or document.instalments:
        return document
    totals = cast("Totals", document.totals)
    try:
        parts = due_dates(terms, issued_on=issued_on, total=totals.receivable or totals.due)
    except GuilderError:
        return document  # issuing says what is wrong with them
    return replace(document, instalments=parts)


def somebody_at_home(organization_id: UUID) -> InvoicingContext:
    """The context of a client of whom nothing is known yet: a company of the seller's country."""
    organization = identity.get_organization(organization_id)
    profile = parties.seller_profile(organization_id)
    columns = (
        {}
        if profile is None
        else {field.name: getattr(profile, field.name) for field in profile._meta.concrete_fields}
    )
    country = columns.get("country") or organization.country
    return InvoicingContext(
        partner_id=NOBODY,
        partner_is_archived=False,
        partner_is_business=True,
        base_currency=organization.base_currency,
        time_zone=organization.time_zone,
        tax_rounding=organization.tax_rounding,
        country=country,
        currency=organization.base_currency,
        language=organization.language,
        terms=terms_of(columns.get("terms") or {}) if columns else Terms(),
        tax_treatment="automatic",
        price_list="",
        buyer_reference="",
        vat_id="",
        vat_id_is_valid=None,
        seller=parties.seller_party(columns),
        buyer=Party(address=Address(country=country)),
        delivery_address=None,
        payment=parties.payment_means(columns),
    )


def raw_values(record: InvoiceRecord) -> dict[str, Any]:
    """The raw values that would make a draft again, as create_draft takes them: for its editor."""
    wire = paper.wire_of(
        canonical.from_dict(record.paper or {}),
        items={i: str(item) for i, item in enumerate(record.items) if item is not None},
        chosen={i: not reason for i, reason in enumerate(record.tax_reasons)},
    )
    wire["client"] = str(record.partner_id)
    wire["terms"] = record.terms or {}
    return wire


def obstacles(document: Document) -> list[Problem]:
    """What keeps a calculated paper with both parties from being issued."""
    return calc.issue_problems(document)
