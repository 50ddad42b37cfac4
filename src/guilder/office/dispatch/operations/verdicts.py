"""The official verdict on a paper in a format: of one that is issued, and before it is."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.queries.wanted import format_wanted
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.kernel.errors import Invalid, Problem
from guilder.papers.exchange import judging
from guilder.papers.exchange import operations as exchange
from guilder.papers.exchange.formats.targets import TARGETS, target_of
from guilder.papers.exchange.formats.writing import write
from guilder.papers.exchange.rules import explain
from guilder.papers.exchange.rules.explain import Translate
from guilder.papers.exchange.rules.verdict import Verdict
from guilder.registers.parties import queries as parties

# A draft has no number yet, and rules want one.
PROVISIONAL = "DRAFT"
JUDGED = frozenset({"ubl", "cii"})  # syntaxes that official rules judge


class NotAnEInvoice(Invalid):
    """The client's format does not take the paper as it is: the official rules refuse it."""

    code = "einvoice.refused"


class NotJudged(Invalid):
    """The format has no official rules."""

    code = "einvoice.not_judged"


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


def judge_document(document: Document, *, name: str, on: date) -> Verdict:
    """The official verdict on a document in the format `name`; raises as `judge_paper` does."""
    target = target_of(name)
    if target.syntax not in JUDGED:
        raise NotJudged(f"There are no official rules for {target.title} at hand.")
    if not document.number:
        document = replace(document, number=PROVISIONAL)
    if document.issued_on is None:
        document = replace(document, issued_on=on)
    return judging.judge(write(document, name), on=on)


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
    try:
        verdict = judge_document(document, name=name, on=on or today)
    except NotJudged:
        return None
    exchange.keep_verdict(verdict, subject_id=invoice_id, name=name, by=by, at=at)
    if verdict.valid is False:
        raise NotAnEInvoice(problems=problems_of(verdict, translate=translate))
    return verdict


def format_of(partner_id: UUID | None, *, by: Actor) -> str:
    """The format in which a client wants invoices; "pdf" for a plain PDF."""
    if partner_id is None:
        return "pdf"
    partner = parties.get_partner(by.organization_id, partner_id, side="customer")
    agreed = (one for one in partner.partnerships.all() if one.side == "customer")
    found = next(agreed, None)
    return found.delivery_format if found else "pdf"


def problems_of(verdict: Verdict, *, translate: Translate = explain.untranslated) -> list[Problem]:
    """What makes a verdict a refusal, each with its fix, once for each rule."""
    found: dict[str, Problem] = {}
    for one in verdict.grave:
        told = explain.told(one, translate=translate)
        detail = f"{told['text']} {told['fix']}".strip()
        found.setdefault(one.rule, Problem("", f"einvoice.{one.rule}", f"{detail} ({one.rule})"))
    return list(found.values())
