"""A SEPA direct debit mandate as a paper that the client signs, in the organization's own look."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from guilder.kernel.document import Party
from guilder.kernel.identifiers import format_iban
from guilder.papers.rendering.accounts import column, frame, printed, wording_of
from guilder.papers.rendering.look import Look
from guilder.papers.rendering.parties import address_lines
from guilder.papers.rendering.wording import Wording

SCHEMES = {"CORE": "core", "B2B": "b2b"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MandatePaper:
    """A client's leave to collect, as the rulebooks of SEPA want it in writing: both sides, the
    creditor identifier, the mandate's reference, the account, and whether it is for one collection.

    Without `signed_on` there is a place for day and signature.
    """

    seller: Party
    buyer: Party
    language: str
    creditor_id: str
    reference: str
    scheme: str
    is_recurrent: bool
    holder: str
    iban: str
    bic: str
    signed_on: date | None
    made_on: date


def render_mandate(paper: MandatePaper, *, look: Look | None = None) -> bytes:
    """The mandate as PDF/A-3a and PDF/UA-1. Raises as `render_pdf` does."""
    look = look or Look()
    wording = wording_of(paper.seller, paper.language or look.language)
    scheme = SCHEMES[paper.scheme]
    data = frame(paper.seller, paper.buyer, look, wording) | {
        "title": wording.say(f"mandate_title_{scheme}"),
        "details": details_of(paper, wording),
        "headline": {
            "label": wording.say("mandate_reference"),
            "amount": paper.reference,
            "note": "",
        },
        "words": wording.say("mandate_words", creditor=paper.seller.name),
        "sections": [
            creditor_of(paper, wording),
            account_of(paper, wording) | {"note": wording.say(f"mandate_right_{scheme}")},
        ],
        "signature": [
            [wording.say("mandate_place"), signed(paper, wording)],
            [wording.say("mandate_signature"), ""],
        ],
    }
    return printed(data, look, on=paper.made_on)


def details_of(paper: MandatePaper, wording: Wording) -> list[list[str]]:
    """What stands beside the address."""
    kind = "mandate_recurrent" if paper.is_recurrent else "mandate_single"
    return [
        [wording.say("mandate_kind"), wording.say(kind)],
        [wording.say("made_on"), wording.day(paper.made_on)],
    ]


def creditor_of(paper: MandatePaper, wording: Wording) -> dict[str, Any]:
    """Who collects: name, address, identifier."""
    lines = (paper.seller.name, *address_lines(paper.seller.address, wording))
    return table_of(
        (wording.say("mandate_creditor"), ", ".join(lines)),
        (wording.say("mandate_creditor_id"), paper.creditor_id),
    )


def account_of(paper: MandatePaper, wording: Wording) -> dict[str, Any]:
    """From what account, and whose it is."""
    labels, values = [wording.say("iban")], [format_iban(paper.iban)]
    if paper.bic:
        labels.append(wording.say("bic"))
        values.append(paper.bic)
    return table_of(
        (wording.say("mandate_holder"), paper.holder), (" · ".join(labels), " · ".join(values))
    )


def table_of(first: tuple[str, str], second: tuple[str, str]) -> dict[str, Any]:
    """Two labelled values beside each other, as a table of the design."""
    columns = [column(first[0]), column(second[0], end=True)]
    rows = [[first[1], second[1]]]
    return {"title": "", "columns": columns, "rows": rows, "first": [], "total": [], "note": ""}


def signed(paper: MandatePaper, wording: Wording) -> str:
    """The day of the signature, where it is known already."""
    return wording.day(paper.signed_on) if paper.signed_on else ""
