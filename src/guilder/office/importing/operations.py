"""Papers from files become drafts: of invoices where the organization is the seller, of bills where
it is the buyer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import PurePath
from typing import Any
from uuid import UUID

from guilder.books.invoicing import operations as invoicing
from guilder.flows.intake import operations as intake
from guilder.flows.intake.models import ReceivedDocument
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Allowance, Document, Item, Party
from guilder.kernel.errors import GuilderError, Invalid, Problem
from guilder.papers.exchange import check as checking
from guilder.papers.exchange import leeway
from guilder.papers.exchange import reading as papers
from guilder.papers.exchange.reading import Reading
from guilder.registers.parties import operations as parties
from guilder.registers.parties import queries as partners

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
        if not self.side and any(self.side_of(one.document) == "bill" for one in readings):
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
            client_id, is_new, doubts = self.client(document.buyer, document.language, at=at)
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
        if not (self.side or self.side_of(document)):
            raise WhoseSide(
                "Neither side of this paper has your tax id. Say --as invoice if you sent it"
                " (you take the seller's place), or --as bill if you got it."
            )

    def side_of(self, document: Document) -> str:
        """“invoice” or “bill” by whose tax id the organization's is, "" when it is nobody's."""
        with transaction(self.by.organization_id):
            own = partners.seller_profile(self.by.organization_id)
        numbers = {own.vat_id, own.tax_number} - {""} if own else set[str]()
        if numbers & {document.seller.vat_id, document.seller.tax_registration}:
            return "invoice"
        if numbers & {document.buyer.vat_id, document.buyer.tax_registration}:
            return "bill"
        return ""

    def up_to_date(self, document: Document) -> tuple[Document, list[Problem]]:
        """The paper as it can be issued today, and a remark on each thing that it lost."""
        remarks = []
        if document.due_on is not None and document.due_on < self.today:
            told = f"The due date {document.due_on} is past; your terms give a new one at issue."
            remarks.append(Problem("/due_on", "import.due_date_past", told))
            document = replace(document, due_on=None)
        if document.tax_currency and document.tax_rate_to_tax_currency is None:
            told = f"Tax in {document.tax_currency} is left out: the file does not give the rate."
            remarks.append(Problem("/tax_currency", "import.tax_currency", told))
            document = replace(document, tax_currency="")
        return document, remarks

    def client(
        self, buyer: Party, language: str, *, at: datetime
    ) -> tuple[UUID, bool, list[Problem]]:
        """The client that the buyer is, by VAT id, else by name and postal code; made at need.

        Gives its id, whether it is new, and what was not taken over as it stood.
        """
        found = partners.find_partner(
            self.by.organization_id,
            vat_id=buyer.vat_id,
            name=buyer.name,
            postal_code=buyer.address.postal_code,
        )
        if found is None:
            return self.new_client(client_data(buyer, language), at=at)
        parties.take_on(found.id, by=self.by, side="customer", at=at)
        return found.id, False, []

    def new_client(self, data: dict[str, Any], *, at: datetime) -> tuple[UUID, bool, list[Problem]]:
        """A new client; a number whose form is wrong is kept as what it is: some other number."""
        try:
            made = parties.create_partner(by=self.by, side="customer", data=data, at=at)
        except Invalid as error:
            wrong = {place for one in error.problems if (place := tax_id_place(one)) is not None}
            if not wrong or len(wrong) < len(error.problems):
                raise
            data = {**data, "tax_ids": softened(data["tax_ids"], wrong)}
            made = parties.create_partner(by=self.by, side="customer", data=data, at=at)
            return made.id, True, [doubt(one) for one in error.problems]
        return made.id, True, []


def tax_id_place(problem: Problem) -> int | None:
    """Which of the client's numbers a problem is about."""
    steps = problem.pointer.split("/")
    is_number = len(steps) > 2 and steps[1] == "tax_ids" and steps[2].isdecimal()
    return int(steps[2]) if is_number else None


def softened(numbers: list[dict[str, Any]], wrong: set[int]) -> list[dict[str, Any]]:
    """The numbers, the wrong ones as numbers of no known kind; what is left twice stays once."""
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    for place, one in enumerate(numbers):
        made = one if place not in wrong else {**one, "scheme": "other"}
        kept.setdefault((made["scheme"], made["value"]), made)
    return list(kept.values())


def doubt(problem: Problem) -> Problem:
    """The remark that a number of the client's was kept as another one."""
    detail = f"{problem.detail} It is kept with the client as another number."
    return Problem("/buyer", problem.code, detail)


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


def one_line(text: str) -> str:
    """`text` with single spaces for all that is white."""
    return " ".join(text.split())


def client_data(buyer: Party, language: str) -> dict[str, Any]:
    """BG-7 as the raw values of a new client."""
    numbers = [
        ("vat", buyer.vat_id, ""),
        ("tax", buyer.tax_registration, ""),
        *(("gln", one.value, "") for one in buyer.identifiers if one.scheme == "0088"),
        *(("other", one.value, one.scheme) for one in buyer.identifiers if one.scheme != "0088"),
    ]
    if buyer.endpoint is not None and buyer.endpoint.scheme:
        numbers.append(("endpoint", buyer.endpoint.value, buyer.endpoint.scheme))
    contact = {
        "name": one_line(buyer.contact.name),
        "phone": one_line(buyer.contact.phone),
        "email": one_line(buyer.contact.email),
    }
    names = ("line1", "line2", "line3", "postal_code", "city", "region", "country")
    return {
        "kind": "company",
        "name": one_line(buyer.name),
        "trading_name": one_line(buyer.trading_name),
        "legal_registration": buyer.legal_registration.value if buyer.legal_registration else "",
        "website": buyer.website,
        "language": language,
        "email": contact["email"],
        "address": {name: one_line(getattr(buyer.address, name)) for name in names},
        "contacts": [contact] if contact["name"] else [],
        "tax_ids": [
            {"scheme": scheme, "value": one_line(value), "code": code}
            for scheme, value, code in dict.fromkeys(numbers)
            if value.strip()
        ],
    }


def failed(filename: str, error: GuilderError) -> dict[str, Any]:
    """What to say of a paper that was not imported."""
    problems = error.problems or (Problem("", error.code, error.detail),)
    return {"file": filename, "ok": False, "problems": [one_problem(one) for one in problems]}


def one_problem(problem: Problem) -> dict[str, str]:
    """A problem as a plain object."""
    return {"pointer": problem.pointer, "code": problem.code, "detail": problem.detail}
