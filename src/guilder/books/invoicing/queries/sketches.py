"""Papers of unsaved values: what a draft would be, without storing it; and what keeps one back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guilder.books.invoicing import calc, paper
from guilder.books.invoicing.building import build
from guilder.books.invoicing.lookup import Lookup
from guilder.books.invoicing.queries.records import InvoiceRecord
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import canonical
from guilder.kernel.actor import Actor
from guilder.kernel.document import Address, Document, Party
from guilder.kernel.errors import Problem
from guilder.kernel.period import Terms, due_on, terms_of
from guilder.registers.parties import queries as parties
from guilder.registers.parties.queries import InvoicingContext

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Sketch:
    """A calculated paper of unsaved values, with parties and dates as if issued on `on`."""

    document: Document
    on: date
    warnings: tuple[str, ...] = ()


def sketch(data: Mapping[str, Any], *, by: Actor, at: datetime) -> Sketch:
    """The paper that a draft of these raw values would be; nothing is stored.

    Without a client it is reckoned for somebody at home. Raises InvalidDraft with every fault.
    """
    by.require("invoice.create")
    with transaction(by.organization_id):
        lookup = Lookup(by.organization_id)
        values = dict(data)
        if not values.get("client"):
            lookup.contexts[NOBODY] = somebody_at_home(by.organization_id)
            values["client"] = str(NOBODY)
        built = build(values, lookup=lookup, at=at)
        context = built.context
    document = replace(
        built.document,
        seller=context.seller,
        buyer=context.buyer,
        payment=built.document.payment or context.payment,
        issued_on=built.on,
        due_on=built.document.due_on or due_on(terms_of(built.terms), issued_on=built.on),
    )
    return Sketch(document, built.on, tuple(built.warnings))


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
