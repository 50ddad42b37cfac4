"""Papers from files become drafts: of invoices where the organization is the seller, of bills where
it is the buyer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from guilder.books.invoicing import operations as invoicing
from guilder.flows.intake import operations as intake
from guilder.flows.intake.models import ReceivedDocument
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Allowance, Document, Item
from guilder.kernel.errors import GuilderError, Invalid, Problem
from guilder.office.importing.clients import client_of, one_line, side_of
from guilder.papers.exchange import check as checking
from guilder.papers.exchange import leeway
from guilder.papers.exchange import reading as papers
from guilder.papers.exchange.reading import Reading

LONGEST_NAME = 400  # of an item on a draft's line


class WhoseSide(Invalid):
    """Neither side's tax id is the organization's."""

    code = "import.whose_side"


class Disagrees(Invalid):
    """The file states other figures than its lines give."""

    code = "import.disagrees"


@dataclass(frozen=True, slots=True)
class Importer:
    """Makes drafts in one organization, each paper in a transaction of its own."""

    by: Actor
    today: date
    at: datetime
    side: str
    accept_differences: bool

    def papers(self, data: bytes, filename: str) -> Iterator[dict[str, Any]]:
        """What became of each paper in a file, as plain objects."""
        if self.side == "bill":
            yield from self.bills(data, filename)
            return
        try:
            readings = papers.read_all(data, filename)
        except Invalid as error:
            yield failed(filename, error)
            return
        if not self.side and any(side_of(one.document, by=self.by) == "bill" for one in readings):
            yield from self.bills(data, filename)
            return
        for reading in readings:
            try:
                yield self.paper(reading, filename)
            except GuilderError as error:
                yield {**failed(filename, error), "number": reading.document.number}

    def paper(self, reading: Reading, filename: str) -> dict[str, Any]:
        """The draft of one paper. Raises WhoseSide, Disagrees, InvalidDraft."""
        self.refuse_strange(reading.document)
        verdict = checking.verdict(reading, filename)
        if verdict.problems and not self.accept_differences:
            raise Disagrees(problems=verdict.problems)
        document, remarks = self.up_to_date(tidied(leeway.settled(reading).document))
        at = self.at
        with transaction(self.by.organization_id):
            client_id, is_new, doubts = client_of(
                document.buyer, document.language, by=self.by, at=at
            )
            draft = invoicing.draft_of_document(document, client_id=client_id, by=self.by, at=at)
        return {
            "file": filename,
            "ok": True,
            "number": reading.document.number,
            "kind": draft.kind,
            "id": str(draft.id),
            "draft": draft.draft_reference,
            "client": draft.partner_name,
            "client_id": str(client_id),
            "client_is_new": is_new,
            "currency": draft.currency,
            "totals": verdict.totals,
            "problems": [one_problem(one) for one in verdict.problems],
            "remarks": [one_problem(one) for one in (*verdict.remarks, *remarks, *doubts)],
        }

    def bills(self, data: bytes, filename: str) -> Iterator[dict[str, Any]]:
        """The papers of a supplier's file, kept as they came, each with the draft of its bill."""
        try:
            receipt = intake.receive(
                data, name=PurePath(filename).name, channel="import", by=self.by, at=self.at
            )
        except GuilderError as error:
            yield failed(filename, error)
            return
        for row in receipt.documents:
            try:
                yield self.bill(row, filename)
            except GuilderError as error:
                yield {**failed(filename, error), "number": row.number}

    def bill(self, row: ReceivedDocument, filename: str) -> dict[str, Any]:
        """The bill of one paper, its supplier made at need; raises as intake's `make_bill`."""
        made = intake.make_bill(
            row.id,
            by=self.by,
            at=self.at,
            is_new_supplier=row.partner_id is None,
            accept_differences=self.accept_differences,
        )
        return {
            "file": filename,
            "ok": True,
            "number": made.number,
            "kind": "bill" if made.kind == "bill" else "supplier_credit_note",
            "id": str(made.id),
            "document": str(row.id),
            "draft": made.number,
            "client": made.supplier_name,
            "client_id": str(made.partner_id),
            "client_is_new": row.partner_id is None,
            "currency": made.currency,
            "totals": row.reading.get("stated"),
            "problems": row.problems,
            "remarks": row.reading.get("remarks", []),
        }

    def refuse_strange(self, document: Document) -> None:
        """Raise WhoseSide where nothing tells on whose side the organization is."""
        if not (self.side or side_of(document, by=self.by)):
            raise WhoseSide(
                "Neither side of this paper has your tax id. Say --as invoice if you sent it"
                " (you take the seller's place), or --as bill if you got it."
            )

    def up_to_date(self, document: Document) -> tuple[Document, list[Problem]]:
        """The paper as it can be issued today, and a remark on each thing that it lost."""
        remarks = []
        if document.due_on is not None and document.due_on < self.today:
            told = f"The due date {document.due_on} is past; your terms give a new one at issue."
            remarks.append(Problem("/due_on", "import.due_date_past", told))
            document = replace(document, due_on=None)
        document, lost = without_unrated_tax(document)
        return document, remarks + lost


def without_unrated_tax(document: Document) -> tuple[Document, list[Problem]]:
    """The paper without the tax in another currency (BT-6) where it does not give the rate."""
    if not document.tax_currency or document.tax_rate_to_tax_currency:
        return document, []
    told = f"Tax in {document.tax_currency} is left out: the file does not give the rate."
    return replace(document, tax_currency=""), [
        Problem("/tax_currency", "import.tax_currency", told)
    ]


def tidied(document: Document) -> Document:
    """The paper without line breaks in the reasons of allowances and charges, and with item names
    of at most 400 characters; a longer one goes on in the description."""
    return replace(
        document,
        allowances=tidied_levels(document.allowances),
        charges=tidied_levels(document.charges),
        lines=tuple(
            replace(
                line,
                item=tidied_item(line.item),
                allowances=tidied_levels(line.allowances),
                charges=tidied_levels(line.charges),
            )
            for line in document.lines
        ),
    )


def tidied_levels(levels: tuple[Allowance, ...]) -> tuple[Allowance, ...]:
    """Allowances or charges with their reasons on one line."""
    return tuple(replace(one, reason=one_line(one.reason)) for one in levels)


def tidied_item(item: Item) -> Item:
    """An item whose name fits a line of a draft."""
    if len(item.name) <= LONGEST_NAME:
        return item
    rest = f"…{item.name[LONGEST_NAME - 1 :]}\n{item.description}".strip()
    return replace(item, name=f"{item.name[: LONGEST_NAME - 1]}…", description=rest)


def failed(filename: str, error: GuilderError) -> dict[str, Any]:
    """What to say of a paper that was not imported."""
    problems = error.problems or (Problem("", error.code, error.detail),)
    return {"file": filename, "ok": False, "problems": [one_problem(one) for one in problems]}


def one_problem(problem: Problem) -> dict[str, str]:
    """A problem as a plain object."""
    return {"pointer": problem.pointer, "code": problem.code, "detail": problem.detail}
