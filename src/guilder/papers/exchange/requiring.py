"""What the official rules say of a document in a format, before it is issued or sent."""

from dataclasses import replace
from datetime import date

from guilder.kernel.document import Document
from guilder.kernel.errors import Invalid, Problem
from guilder.papers.exchange import judging
from guilder.papers.exchange.formats.targets import TARGETS, target_of
from guilder.papers.exchange.formats.writing import write
from guilder.papers.exchange.rules import explain
from guilder.papers.exchange.rules.explain import Translate
from guilder.papers.exchange.rules.verdict import Verdict

# A draft has no number yet, and rules want one.
PROVISIONAL = "DRAFT"
JUDGED = frozenset({"ubl", "cii", "fatturapa", "ksef"})  # syntaxes that official rules judge


class NotAnEInvoice(Invalid):
    """The client's format does not take the paper as it is: the official rules refuse it."""

    code = "einvoice.refused"


class NotJudged(Invalid):
    """The format has no official rules."""

    code = "einvoice.not_judged"


def judge_document(document: Document, *, name: str, on: date) -> Verdict:
    """The official verdict on a document in the format `name`, a draft as if issued on `on`.

    Raises UnknownFormat, NotJudged, the refusals of the writers, and judging.NotJudged. Call it
    outside transactions.
    """
    target = target_of(name)
    if target.syntax not in JUDGED:
        raise NotJudged(f"There are no official rules for {target.title} at hand.")
    if not document.number:
        document = replace(document, number=PROVISIONAL)
    if document.issued_on is None:
        document = replace(document, issued_on=on)
    return judging.judge(write(document, name), on=on)


def verdict_wanted(document: Document, *, name: str, on: date) -> Verdict | None:
    """As `judge_document`; None where `name` is no format of e-invoices, or one without rules."""
    if name not in TARGETS:
        return None
    try:
        return judge_document(document, name=name, on=on)
    except NotJudged:
        return None


def refuse_invalid(verdict: Verdict | None, *, translate: Translate = explain.untranslated) -> None:
    """Raises NotAnEInvoice with every rule and its fix where the verdict is a refusal. What cannot
    be judged, for its rules are not at hand, is let go."""
    if verdict is not None and verdict.valid is False:
        raise NotAnEInvoice(problems=problems_of(verdict, translate=translate))


def problems_of(verdict: Verdict, *, translate: Translate = explain.untranslated) -> list[Problem]:
    """What makes a verdict a refusal, each with its fix, once for each rule."""
    found: dict[str, Problem] = {}
    for one in verdict.grave:
        told = explain.told(one, translate=translate)
        detail = f"{told['text']} {told['fix']}".strip()
        found.setdefault(one.rule, Problem("", f"einvoice.{one.rule}", f"{detail} ({one.rule})"))
    return list(found.values())
