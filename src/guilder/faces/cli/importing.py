"""Papers from files become drafts: the seller is the organization, the buyer a client."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.invoicing import operations as invoicing
from guilder.faces.cli.whose import organization_of
from guilder.foundation.identity import operations as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document, Party
from guilder.kernel.errors import GuilderError, Invalid, Problem
from guilder.papers.exchange import check as checking
from guilder.papers.exchange import reading as papers
from guilder.papers.exchange.reading import Reading
from guilder.registers.parties import operations as parties
from guilder.registers.parties import queries as partners


class WhoseSide(Invalid):
    """Neither side's tax id is the organization's."""

    code = "import.whose_side"


class NoBillsYet(Invalid):
    """Bills of suppliers are not kept by this release."""

    code = "import.no_bills"


class Disagrees(Invalid):
    """The file states other figures than its lines give."""

    code = "import.disagrees"


@dataclass(frozen=True, slots=True)
class Importer:
    """Makes drafts in one organization, each paper in a transaction of its own."""

    by: Actor
    today: date
    side: str
    accept_differences: bool

    @classmethod
    def of(cls, organization: str, *, side: str, accept_differences: bool) -> "Importer":
        """For the organization of that name or id; see whose.organization_of for what it raises."""
        found = organization_of(organization)
        by = replace(identity.system_actor(found.id, source="cli"), name="guilder import")
        today = datetime.now(UTC).astimezone(ZoneInfo(found.time_zone)).date()
        return cls(by, today, side, accept_differences)

    def papers(self, data: bytes, filename: str) -> Iterator[dict[str, Any]]:
        """What became of each paper in a file, as plain objects."""
        try:
            readings = papers.read_all(data, filename)
        except Invalid as error:
            yield failed(filename, error)
            return
        for reading in readings:
            try:
                yield self.paper(reading, filename)
            except GuilderError as error:
                yield {**failed(filename, error), "number": reading.document.number}

    def paper(self, reading: Reading, filename: str) -> dict[str, Any]:
        """The draft of one paper. Raises WhoseSide, NoBillsYet, Disagrees, InvalidDraft."""
        self.refuse_bill(reading.document)
        verdict = checking.verdict(reading, filename)
        if verdict.problems and not self.accept_differences:
            raise Disagrees(problems=verdict.problems)
        document, remarks = self.up_to_date(reading.document)
        at = datetime.now(UTC)
        with transaction(self.by.organization_id):
            client_id, is_new = self.client(document.buyer, document.language, at=at)
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
            "remarks": [one_problem(one) for one in (*verdict.remarks, *remarks)],
        }

    def refuse_bill(self, document: Document) -> None:
        """Raise unless the paper is one that the organization sends."""
        side = self.side or self.side_of(document)
        if not side:
            raise WhoseSide(
                "Neither side of this paper has your tax id. Say --as invoice if you sent it"
                " (you take the seller's place)."
            )
        if side == "bill":
            raise NoBillsYet("This is a supplier's bill, and those are not kept here yet.")

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
        """The paper without a due date that has gone by, which could not be issued any more."""
        if document.due_on is None or document.due_on >= self.today:
            return document, []
        told = f"The due date {document.due_on} is past; your terms give a new one at issue."
        return replace(document, due_on=None), [Problem("/due_on", "import.due_date_past", told)]

    def client(self, buyer: Party, language: str, *, at: datetime) -> tuple[UUID, bool]:
        """The client that the buyer is, by VAT id, else by name and postal code; made at need."""
        found = partners.find_partner(
            self.by.organization_id,
            vat_id=buyer.vat_id,
            name=buyer.name,
            postal_code=buyer.address.postal_code,
        )
        if found is None:
            data = client_data(buyer, language)
            return parties.create_partner(by=self.by, side="customer", data=data, at=at).id, True
        if not found.partnerships.filter(
            organization_id=self.by.organization_id, side="customer"
        ).exists():
            parties.update_partner(found.id, by=self.by, side="customer", data={}, at=at)
        return found.id, False


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
        "name": buyer.contact.name,
        "phone": buyer.contact.phone,
        "email": buyer.contact.email,
    }
    address = buyer.address
    return {
        "kind": "company",
        "name": buyer.name,
        "trading_name": buyer.trading_name,
        "legal_registration": buyer.legal_registration.value if buyer.legal_registration else "",
        "website": buyer.website,
        "language": language,
        "email": buyer.contact.email,
        "address": {
            "line1": address.line1,
            "line2": address.line2,
            "line3": address.line3,
            "postal_code": address.postal_code,
            "city": address.city,
            "region": address.region,
            "country": address.country,
        },
        "contacts": [contact] if contact["name"] else [],
        "tax_ids": [
            {"scheme": scheme, "value": value, "code": code}
            for scheme, value, code in dict.fromkeys(numbers)
            if value
        ],
    }


def failed(filename: str, error: GuilderError) -> dict[str, Any]:
    """What to say of a paper that was not imported."""
    problems = error.problems or (Problem("", error.code, error.detail),)
    return {"file": filename, "ok": False, "problems": [one_problem(one) for one in problems]}


def one_problem(problem: Problem) -> dict[str, str]:
    """A problem as a plain object."""
    return {"pointer": problem.pointer, "code": problem.code, "detail": problem.detail}
