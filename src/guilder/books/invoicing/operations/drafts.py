"""Drafts: made, changed, copied, thrown away."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg

from guilder.books.invoicing import paper, queries
from guilder.books.invoicing.building import Built, InvalidDraft, build
from guilder.books.invoicing.events import InvoiceChanged, InvoiceCreated, InvoiceDeleted
from guilder.books.invoicing.lookup import Lookup
from guilder.books.invoicing.models import Deduction, Invoice, InvoiceLine
from guilder.books.invoicing.operations.deductions import (
    checked_correction,
    deducted,
    deductions_of,
    put_deductions,
)
from guilder.books.invoicing.operations.patterns import pattern_of
from guilder.books.invoicing.operations.quoted import give_back
from guilder.books.invoicing.queries.records import InvoiceRecord, NoSuchInvoice
from guilder.books.invoicing.writes import AMOUNT_OF, CHANGE, CLEAR, CREATE, amounts, draft_values
from guilder.books.ledger import operations as ledger
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity.permissions import require_own
from guilder.foundation.tenancy.hot import cursor, send_along
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import canonical
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.kernel.errors import Conflict, Problem, Stale
from guilder.kernel.money import Money
from guilder.registers.parties.queries import seen_by

CREATE_DRAFT = CREATE.replace("{trail}", ledger.trail_sql("made"))
CHANGE_DRAFT = CHANGE.replace("{trail}", ledger.trail_sql("made"))
TABLE = "invoicing_invoice"


class NotDraft(Conflict):
    """It is issued; what is issued never changes."""

    code = "invoice.not_draft"


def create_draft(
    *,
    by: Actor,
    data: Mapping[str, Any],
    at: datetime,
    lookup: Lookup | None = None,
    quote_id: UUID | None = None,
    sources: list[int | None] | None = None,
) -> InvoiceRecord:
    """Make a draft from raw values (docs/rooms/invoicing.md lists them). `at` is now.

    `sources` are the positions of a quote's lines that its lines stand for.
    Raises InvalidDraft with every fault, NotDeductible.
    """
    by.require("invoice.create")
    with transaction(by.organization_id):
        found = lookup or Lookup(by.organization_id)
        prepaid, deposits = deducted(data, by=by, draft_id=None)
        built = build(data, lookup=found, at=at, prepaid=prepaid)
        checked_correction(built, by=by)
        return store_new(
            built, by=by, at=at, quote_id=quote_id, corrected=sources, deposits=deposits
        )


def store_new(
    built: Built,
    *,
    by: Actor,
    at: datetime,
    quote_id: UUID | None = None,
    corrects_id: UUID | None = None,
    corrected: list[int | None] | None = None,
    deposits: Sequence[tuple[UUID, int]] = (),
) -> InvoiceRecord:
    """Write a built draft, its lines, taxes, event and audit row: one statement."""
    invoice_id = uuid7()
    document = built.document
    values = draft_values(
        built,
        organization_id=by.organization_id,
        invoice_id=invoice_id,
        by_id=by.user_id,
        at=at,
        quote_id=quote_id,
        corrects_id=corrects_id,
        corrected=corrected,
    )
    event = InvoiceCreated(
        invoice_id=invoice_id, kind=document.kind.value, partner_id=built.context.partner_id
    )
    trail = ledger.trail_parameters(
        by=by,
        events=[event],
        audited=("invoice.create", TABLE, invoice_id, None, summary(document, built.content)),
    )
    write_new({**values, **trail})
    put_deductions(deposits, by=by, invoice_id=invoice_id)
    return record_of(built, values, at=at, by=by)


def write_new(values: dict[str, Any]) -> None:
    """Run CREATE_DRAFT. Where nothing was named that may not be there, nobody waits for it: it goes
    with the next statement or with COMMIT."""
    if values["series"] is None and values["corrects"] is None and values["quote"] is None:
        send_along(CREATE_DRAFT, values)
        return
    try:
        cursor().execute(CREATE_DRAFT, values, prepare=True)
    except psycopg.errors.ForeignKeyViolation as error:
        raise unknown_reference(error) from None


def unknown_reference(error: psycopg.errors.ForeignKeyViolation) -> InvalidDraft:
    """A series or invoice that was named and is not there."""
    name = "series" if "series" in (error.diag.constraint_name or "") else "corrects"
    return InvalidDraft(
        problems=[Problem(f"/{name}", f"invoicing.no_such_{name}", "There is no such thing.")]
    )


def record_of(built: Built, values: Mapping[str, Any], *, at: datetime, by: Actor) -> InvoiceRecord:
    """The record of a draft that was just written, without reading it again."""
    document = built.document
    return InvoiceRecord(
        id=values["id"],
        kind=values["kind"],
        status="draft",
        draft_reference=values["reference"],
        number=None,
        issued_on=None,
        due_on=document.due_on,
        partner_id=built.context.partner_id,
        partner_name=built.context.buyer.name,
        currency=document.currency,
        base_currency=built.context.base_currency,
        base_rate=None,
        language=document.language,
        tax_rounding=document.rounding.value,
        **{column: values[name] for column, name in AMOUNT_OF.items()},
        base_payable_amount=None,
        allocated_amount=0,
        credited_amount=0,
        written_off_amount=0,
        open_amount=0,
        settled_on=None,
        sent_at=None,
        viewed_at=None,
        disputed_at=None,
        quote_id=values["quote"],
        corrects_id=values["corrects"],
        is_history=False,
        created_by_id=by.user_id,
        created_at=at,
        updated_at=at,
        version=values.get("version", 1),
        paper=paper.data_of(built.content),
        items=tuple(built.items),
        tax_reasons=tuple(built.reasons),
        terms=built.terms,
        warnings=tuple(built.warnings),
    )


def update_draft(
    invoice_id: UUID,
    *,
    by: Actor,
    data: Mapping[str, Any],
    at: datetime,
    version: int | None = None,
) -> InvoiceRecord:
    """Change what `data` names of a draft; lists are replaced whole. `version` is what was read.

    Raises NoSuchInvoice, NotDraft, Stale, InvalidDraft with every fault, NotDeductible.
    """
    by.require("invoice.edit")
    with transaction(by.organization_id):
        row = locked_draft(invoice_id, by=by, version=version, permission="invoice.edit")
        before = queries.get_invoice(invoice_id, by=by)
        old = paper.document_of(bytes(row.content or b""))
        whole = merged(before, old, data, deductions_of(invoice_id, by=by))
        prepaid, deposits = deducted(whole, by=by, draft_id=invoice_id)
        built = build(whole, lookup=Lookup(by.organization_id), at=at, prepaid=prepaid)
        checked_correction(built, by=by)
        sources = kept_sources(row, by=by, replaced="lines" in data)
        clear(invoice_id, by=by)
        values = draft_values(
            built,
            organization_id=by.organization_id,
            invoice_id=invoice_id,
            by_id=by.user_id,
            at=at,
            quote_id=row.quote_id,
            corrects_id=row.corrects_id,
            corrected=sources,
        )
        event = InvoiceChanged(
            invoice_id=invoice_id, kind=values["kind"], partner_id=built.context.partner_id
        )
        change = (
            "invoice.update",
            TABLE,
            invoice_id,
            {"paper": canonical.to_dict(old)},
            {"paper": paper.data_of(built.content)},
        )
        trail = ledger.trail_parameters(by=by, events=[event], audited=change)
        try:
            cursor().execute(CHANGE_DRAFT, {**values, **trail}, prepare=True)
        except psycopg.errors.ForeignKeyViolation as error:
            raise unknown_reference(error) from None
        put_deductions(deposits, by=by, invoice_id=invoice_id)
        made = record_of(built, values, at=at, by=by)
        return replace(
            made,
            version=before.version + 1,
            created_at=before.created_at,
            created_by_id=before.created_by_id,
        )


def clear(invoice_id: UUID, *, by: Actor) -> None:
    """Take away the lines, taxes and deductions of a draft."""
    for statement in CLEAR:
        cursor().execute(statement, {"organization": by.organization_id, "id": invoice_id})
    Deduction.objects.of(by.organization_id).filter(final_id=invoice_id).delete()


def kept_sources(row: Invoice, *, by: Actor, replaced: bool) -> list[int | None] | None:
    """The lines of a quote or invoice that the draft's lines stand for, while these stay the same.

    Lines that are replaced stand for nothing; what they took of a quote is given back.
    """
    if replaced:
        give_back(row, by=by)
        return None
    lines = InvoiceLine.objects.of(by.organization_id).filter(invoice_id=row.id)
    return list(lines.order_by("position").values_list("source_position", flat=True)) or None


def merged(
    before: InvoiceRecord,
    old: Document,
    data: Mapping[str, Any],
    deposits: Sequence[tuple[UUID, int]],
) -> dict[str, Any]:
    """The raw values of the whole draft: what it was, with what `data` names put over it."""
    wire = paper.wire_of(
        old,
        items={i: str(item) for i, item in enumerate(before.items) if item is not None},
        chosen={i: not reason for i, reason in enumerate(before.tax_reasons)},
        with_new_lines="lines" in data or data.get("currency", old.currency) != old.currency,
    )
    wire["client"] = str(before.partner_id)
    wire["terms"] = before.terms
    if before.corrects_id is not None:
        wire["corrects"] = str(before.corrects_id)
    if old.prepaid is not None:
        own = old.prepaid.minor - sum(amount for _, amount in deposits)
        wire["prepaid"] = str(Money(own, old.currency))
    wire["deducts"] = [str(deposit_id) for deposit_id, _ in deposits]
    if "kind" in data and data["kind"] != wire["kind"] and before.corrects_id is not None:
        raise InvalidDraft(
            problems=[Problem("/kind", "invoicing.kind_fixed", "A correction keeps its kind.")]
        )
    if data.get("currency", old.currency) != old.currency:
        wire = {name: value for name, value in wire.items() if name not in AMOUNTS}
    return {**wire, **data}


AMOUNTS = frozenset(("prepaid", "rounding_amount", "cash_rounding", "deducts"))


def locked_draft(invoice_id: UUID, *, by: Actor, version: int | None, permission: str) -> Invoice:
    """The draft under lock; NoSuchInvoice, NotYours, NotDraft, Stale."""
    rows = Invoice.objects.of(by.organization_id).filter(seen_by(by))
    row = rows.lock().filter(id=invoice_id).first()
    if row is None:
        raise NoSuchInvoice("There is no such invoice.")
    require_own(by, permission, created_by_id=row.created_by_id)
    if row.status != "draft":
        raise NotDraft("It is issued and never changes. Correct it by a credit note.")
    if version is not None and version != row.version:
        raise Stale("This draft was changed in the meantime. Read it again.")
    return row


def delete_draft(invoice_id: UUID, *, by: Actor, version: int | None = None) -> None:
    """Throw a draft away. Raises NoSuchInvoice, NotDraft, Stale."""
    by.require("invoice.delete")
    with transaction(by.organization_id):
        row = locked_draft(invoice_id, by=by, version=version, permission="invoice.delete")
        give_back(row, by=by)
        clear(invoice_id, by=by)
        Invoice.objects.of(by.organization_id).filter(id=invoice_id).delete()
        audit.record(
            by=by,
            action="invoice.delete",
            table=TABLE,
            row_id=invoice_id,
            before={"paper": paper.data_of(bytes(row.content or b""))},
            after=None,
        )
        bus.publish(
            InvoiceDeleted(invoice_id=invoice_id, kind=row.kind, partner_id=row.partner_id), by=by
        )


def duplicate_invoice(invoice_id: UUID, *, by: Actor, at: datetime) -> InvoiceRecord:
    """A new draft like an old invoice or draft: same client, lines and terms, today's prices as
    they stood, no dates of its own, nothing deducted. Raises NoSuchInvoice, InvalidDraft."""
    by.require("invoice.create")
    with transaction(by.organization_id):
        return create_draft(by=by, data=pattern_of(invoice_id, by=by), at=at)


def draft_of_document(
    document: Document, *, client_id: UUID, by: Actor, at: datetime
) -> InvoiceRecord:
    """A draft from a whole paper (an imported e-invoice): every term of it is kept.

    Taxes are taken as they stand on the paper; number and parties are not: they are given at issue.
    Raises InvalidDraft.
    """
    by.require("invoice.create")
    wire = paper.wire_of(document, items={}, chosen={})
    kind = wire["kind"] if wire["kind"] != "quote" else "invoice"
    wire = {name: value for name, value in wire.items() if value not in (None, "", [], {})}
    wire.update(client=str(client_id), kind=kind)
    return create_draft(by=by, data=wire, at=at)


def summary(document: Document, content: bytes) -> dict[str, Any]:
    """What the audit trail keeps of a new draft: enough to know it by; changes keep all of it."""
    values = amounts(document)
    return {
        "kind": document.kind.value,
        "currency": document.currency,
        "lines": len(document.lines),
        "due": str(Money(values["due"], document.currency)),
        "content_hash": sha256(content).hexdigest(),
    }
