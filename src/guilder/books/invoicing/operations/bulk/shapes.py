"""What many invoices have in common: judged, calculated and hashed once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

import msgspec

from guilder.books.invoicing import calc, requirements
from guilder.books.invoicing.building import Built, InvalidDraft, build
from guilder.books.invoicing.lookup import Lookup
from guilder.books.invoicing.operations.freezing import posted
from guilder.books.invoicing.operations.issue import (
    NotIssuable,
    check_issuable,
    check_rates,
    completed,
)
from guilder.books.invoicing.operations.locking import ONE, Draft
from guilder.books.invoicing.writes import reference_of
from guilder.books.ledger import operations as ledger
from guilder.books.workflow.queries import get_rule
from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel import canonical
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document, Totals
from guilder.kernel.errors import NotFound, Problem
from guilder.registers.currencies import queries as currencies
from guilder.registers.numbering.queries import SeriesChoice, default_series
from guilder.registers.parties.queries import InvoicingContext

encoded = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Shape:
    """A judged and calculated paper without its parties, shared by all invoices that ask for it."""

    place: int
    built: Built
    document: Document  # complete, with the parties of the first client
    data: dict[str, Any]  # its canonical data, parts that all share encoded already
    legs: tuple[ledger.Leg, ...]
    bases: tuple[int, int, int]
    rate: Decimal
    rate_source: str
    due: str


@dataclass(slots=True)
class Paper:
    """The frozen bytes of a shape for one client."""

    place: int
    content: bytes
    content_hash: bytes


@dataclass(slots=True)
class Ready:
    """One invoice of a bulk run, waiting for its number."""

    id: UUID
    partner_id: UUID
    shape: Shape
    paper: Paper
    text: str  # the id and the client's as they are bound
    client: str


class Run:
    """What a chunk has judged already: shapes by what asks for them, papers by shape and client."""

    def __init__(self, *, by: Actor, at: datetime, on: date | None) -> None:
        self.by, self.at, self.on = by, at, on
        self.lookup = Lookup(by.organization_id)
        rule = get_rule(by.organization_id)
        self.above = rule.amount if rule.is_active else None
        self.series = default_series(by.organization_id, kind="invoice")
        self.shapes: dict[tuple[Any, ...], Shape] = {}
        self.papers: dict[tuple[int, UUID], Paper] = {}
        self.day: date | None = on

    def ready(self, data: Mapping[str, Any]) -> Ready:
        """One invoice, judged; GuilderError with what is wrong."""
        if data.get("deducts") or data.get("corrects") or data.get("kind", "invoice") != "invoice":
            problem = Problem("/kind", "invoicing.not_in_bulk", "Make this one by itself.")
            raise InvalidDraft(problems=[problem])
        client_id = as_id(data.get("client"))
        if client_id is None:
            build(data, lookup=self.lookup, at=self.at)  # says what is wrong with it
            raise InvalidDraft(problems=[Problem("/client", "required", "Enter an id.")])
        context = self.context(client_id)
        shape = self.shape(data, context)
        if self.above is not None and shape.bases[2] > self.above:
            text = "This wants an approval first. Draft it and submit it."
            raise InvalidDraft(problems=[Problem("", "invoice.approval_due", text)])
        own_id = uuid7()
        return Ready(
            own_id, client_id, shape, self.paper(shape, context), own_id.hex, client_id.hex
        )

    def context(self, client_id: UUID) -> InvoicingContext:
        """Both sides; a client that is not there is a fault of the draft."""
        try:
            return self.lookup.context(client_id, at=self.at)
        except NotFound as error:
            raise InvalidDraft(problems=[Problem("/client", error.code, error.detail)]) from None

    def shape(self, data: Mapping[str, Any], context: InvoicingContext) -> Shape:
        """The shape that `data` asks for; the same words for a like client give the same one."""
        words = in_words({name: data[name] for name in data if name != "client"})
        key = (words, likeness(context))
        found = self.shapes.get(key)
        if found is None:
            found = self.shapes[key] = self.made_shape(data, context)
        return found

    def made_shape(self, data: Mapping[str, Any], context: InvoicingContext) -> Shape:
        """Judge, calculate and book one paper."""
        built = build(data, lookup=self.lookup, at=self.at)
        day = self.on or built.on
        if self.day is None:
            self.day = day
        rate, source = ONE, ""
        if built.document.currency != context.base_currency:
            found = currencies.rate_on(
                self.by.organization_id,
                base=built.document.currency,
                quote=context.base_currency,
                on=day,
            )
            rate, source = found.rate, f"{found.source} {found.on}"[:80]
        draft = draft_of(built, context, by=self.by, at=self.at, series=self.series)
        document = completed(draft, context, day=day, rate=rate)
        check_issuable(document, draft=draft, corrected=None, deposits=())
        requirements.require(document, by=self.by)
        check_rates(document, self.lookup, day, resolved_on=built.on)
        booked = posted(draft, document, rate=rate, deposits=(), corrected=None)
        totals = cast("Totals", document.totals)
        return Shape(
            place=len(self.shapes),
            built=built,
            document=document,
            data={
                name: msgspec.Raw(encoded(part))
                for name, part in canonical.to_dict(document).items()
            },
            legs=tuple(leg for leg in booked.legs if leg.amount or leg.base_amount),
            bases=(booked.base_net, booked.base_tax, booked.base_payable),
            rate=rate,
            rate_source=source,
            due=str(totals.receivable or totals.due),
        )

    def paper(self, shape: Shape, context: InvoicingContext) -> Paper:
        """The frozen bytes of a shape for one client; NotIssuable for what this client lacks."""
        key = (shape.place, context.partner_id)
        found = self.papers.get(key)
        if found is None:
            document = replace(shape.document, buyer=context.buyer)
            problems = calc.issue_problems(document)
            if problems:
                raise NotIssuable(problems=problems)
            bare = Document(
                kind=document.kind,
                currency=document.currency,
                seller=document.seller,
                buyer=document.buyer,
            )
            buyer = msgspec.Raw(encoded(canonical.to_dict(bare)["buyer"]))
            content = encoded({**shape.data, "buyer": buyer})
            found = Paper(len(self.papers), content, sha256(content).digest())
            self.papers[key] = found
        return found


def in_words(data: Mapping[str, Any]) -> Any:
    """Something equal for what was said alike; what JSON does not know is only like itself."""
    try:
        return encoded(data)
    except TypeError:
        return object()


def as_id(value: Any) -> UUID | None:
    """A UUID where it is one."""
    try:
        return value if isinstance(value, UUID) else UUID(value)
    except (ValueError, TypeError, AttributeError):
        return None


def likeness(context: InvoicingContext) -> tuple[Any, ...]:
    """All of a client that shapes a paper, but for the name and address that stand on it."""
    return (
        context.partner_is_archived,
        context.partner_is_business,
        context.buyer.address.country,
        context.vat_id,
        context.vat_id_is_valid,
        context.tax_treatment,
        context.price_list,
        context.currency,
        context.language,
        context.buyer_reference,
        context.terms,
    )


def draft_of(
    built: Built, context: InvoicingContext, *, by: Actor, at: datetime, series: SeriesChoice
) -> Draft:
    """What the steps of issue.py look at."""
    draft_id = uuid7()
    return Draft(
        id=draft_id,
        kind="invoice",
        partner_id=context.partner_id,
        partner_name=context.buyer.name,
        currency=built.document.currency,
        base_currency=context.base_currency,
        terms=built.terms,
        document=built.document,
        version=1,
        updated_at=at,
        quote_id=None,
        corrects_id=None,
        reference=reference_of(draft_id),
        created_by_id=by.user_id,
        created_at=at,
        series=series,
        accounts={},
        deducts=False,
    )
