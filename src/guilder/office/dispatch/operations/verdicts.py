"""The official verdict on a paper in a format: of one that is issued, and before it is."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.transaction import set_rollback

from guilder.books.invoicing import operations as invoices
from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.queries.wanted import format_wanted
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.papers.exchange import operations as exchange
from guilder.papers.exchange.formats.targets import TARGETS
from guilder.papers.exchange.requiring import judge_document, refuse_invalid, verdict_wanted
from guilder.papers.exchange.rules import explain
from guilder.papers.exchange.rules.explain import Translate
from guilder.papers.exchange.rules.verdict import Verdict
from guilder.registers.parties import queries as parties

# The formats that a client may want and that are judged before an issue.
JUDGED_FORMATS = frozenset(TARGETS)


def judge_paper(paper_id: UUID, *, name: str, by: Actor, at: datetime, on: date) -> Verdict:
    """The official verdict on a paper in the format `name`; it is kept with the packs that gave it.

    A draft is judged as if it were issued on `on`. Raises NoSuchInvoice, UnknownFormat, NotJudged,
    the refusals of the writers, and judging.NotJudged. Call it outside transactions.
    """
    with transaction(by.organization_id):
        document = invoicing.get_document(paper_id, by=by, at=at)
    verdict = judge_document(document, name=name, on=on)
    exchange.keep_verdict(verdict, subject_id=paper_id, name=name, by=by, at=at)
    return verdict


def require_einvoice(
    invoice_id: UUID,
    *,
    by: Actor,
    at: datetime,
    on: date | None,
    today: date,
    translate: Translate = explain.untranslated,
) -> Verdict | None:
    """Refuse a draft whose client wants an e-invoice that the official rules would refuse.

    None where the client wants none. Raises NotAnEInvoice with every rule and its fix. What cannot
    be judged, for its rules are not at hand, is let go. Call it before the transaction that issues.
    """
    by.require("invoice.issue")
    name = format_wanted(invoice_id, by=by)
    if name not in TARGETS:
        return None
    document = invoicing.get_document(invoice_id, by=by, at=at)
    verdict = verdict_wanted(document, name=name, on=on or today)
    if verdict is not None:
        exchange.keep_verdict(verdict, subject_id=invoice_id, name=name, by=by, at=at)
    refuse_invalid(verdict, translate=translate)
    return verdict


def require_einvoice_of_new(
    data: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    on: date | None,
    today: date,
    translate: Translate = explain.untranslated,
) -> None:
    """As `require_einvoice`, of what raw values would become; nothing is kept of it."""
    by.require("invoice.issue")
    with transaction(by.organization_id):
        draft = invoices.create_draft(by=by, data=data, at=at)
        name = format_wanted(draft.id, by=by)
        document = invoicing.get_document(draft.id, by=by, at=at)
        set_rollback(True)
    refuse_invalid(verdict_wanted(document, name=name, on=on or today), translate=translate)


def require_einvoice_of_credit(
    invoice_id: UUID,
    *,
    by: Actor,
    at: datetime,
    on: date | None,
    today: date,
    lines: Sequence[Mapping[str, Any]] | None = None,
    reason: str = "",
    translate: Translate = explain.untranslated,
) -> None:
    """As `require_einvoice`, of the credit note that credit_invoice would make; nothing is kept."""
    by.require("invoice.issue")
    with transaction(by.organization_id):
        note = invoices.credit_invoice(
            invoice_id, by=by, at=at, on=on, lines=lines, reason=reason, issue=False
        )
        name = format_wanted(note.id, by=by)
        document = invoicing.get_document(note.id, by=by, at=at)
        set_rollback(True)
    refuse_invalid(verdict_wanted(document, name=name, on=on or today), translate=translate)


def format_of(partner_id: UUID | None, *, by: Actor) -> str:
    """The format in which a client wants invoices; "pdf" for a plain PDF."""
    if partner_id is None:
        return "pdf"
    partner = parties.get_partner(by.organization_id, partner_id, side="customer")
    agreed = (one for one in partner.partnerships.all() if one.side == "customer")
    found = next(agreed, None)
    return found.delivery_format if found else "pdf"
