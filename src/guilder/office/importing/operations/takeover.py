"""What an earlier system leaves behind: its issued papers as locked history with what is open of
them, and what its accounts stood at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any
from uuid import UUID

from guilder.books.invoicing import operations as invoicing
from guilder.books.ledger import operations as ledger
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.kernel.errors import GuilderError, Invalid, Problem
from guilder.kernel.money import Money
from guilder.office.desk import operations as desk
from guilder.office.importing import tables
from guilder.office.importing.clients import client_of, side_of
from guilder.office.importing.operations.drafting import (
    Disagrees,
    failed,
    one_problem,
    tidied,
    without_unrated_tax,
)
from guilder.papers.exchange import check as checking
from guilder.papers.exchange import leeway
from guilder.papers.exchange import reading as papers
from guilder.papers.exchange.reading import Reading


class NotOurs(Invalid):
    """A paper of the past whose seller is somebody else."""

    code = "import.not_ours"


class TaxUnknown(Invalid):
    """A paper of the past that does not say what tax its lines bear."""

    code = "import.tax_unknown"


@dataclass(slots=True)
class StillOpen:
    """What is open of old papers: all that was to be paid, nothing, or what a list says by number.

    `listed` is amounts in the paper's currency; a paper that it does not name is paid.
    """

    everything: bool = False
    listed: Mapping[str, Decimal] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)

    def of(self, document: Document) -> Money | None:
        """What is open of one paper; None is all of it. Raises ValueError for too many decimals."""
        if self.everything:
            return None
        if document.number not in self.listed:
            return Money.zero(document.currency)
        self.met.add(document.number)
        return Money.of(self.listed[document.number], document.currency)

    @property
    def unmet(self) -> list[str]:
        """The numbers on the list that no paper had."""
        return [number for number in self.listed if number not in self.met]


def still_open(rule: str, *, listed: bytes = b"") -> StillOpen:
    """What is open, as it is asked for: "due" (all), "none", or "list" with a CSV of number and
    amount. Raises UnreadableList."""
    if rule == "list":
        return StillOpen(listed=tables.amounts(listed, name="number"))
    return StillOpen(everything=rule == "due")


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeover:
    """Takes papers of an earlier system over in one organization, each in a transaction of its own.

    What is open of them is booked on `on`, the day of the change.
    """

    by: Actor
    on: date
    at: datetime
    still_open: StillOpen
    accept_differences: bool = False

    def papers(self, data: bytes, filename: str) -> Iterator[dict[str, Any]]:
        """What became of each paper in a file, as plain objects."""
        try:
            readings = papers.read_all(data, filename)
        except Invalid as error:
            yield failed(filename, error)
            return
        for reading in readings:
            try:
                told = self.paper(reading, filename)
            except GuilderError as error:
                yield {**failed(filename, error), "number": reading.document.number}
                continue
            if len(readings) == 1 and told["ok"]:
                told["remarks"] += self.kept(UUID(told["id"]), data, filename)
            yield told

    def kept(self, invoice_id: UUID, data: bytes, filename: str) -> list[dict[str, str]]:
        """Lay the file that a paper came in to its invoice; a remark where it cannot be."""
        name = PurePath(filename).name or "original"
        try:
            desk.add_attachment(
                "invoice", invoice_id, by=self.by, content=data, filename=name, at=self.at
            )
        except GuilderError as error:
            told = f"The file itself is not kept with the invoice: {error.detail}"
            return [one_problem(Problem("", "import.file_not_kept", told))]
        return []

    def paper(self, reading: Reading, filename: str) -> dict[str, Any]:
        """The history of one paper. Raises NotOurs, Disagrees, TaxUnknown, NotHistory, NoRate."""
        verdict = self.judged(reading, filename)
        document, lost = without_unrated_tax(tidied(leeway.settled(reading).document))
        with transaction(self.by.organization_id):
            client_id, is_new, doubts = client_of(
                document.buyer, document.language, by=self.by, at=self.at
            )
            invoice_id = self.taken(document, client_id)
        return {
            "file": filename,
            "ok": True,
            "number": document.number,
            "kind": document.kind.value,
            "id": str(invoice_id),
            "draft": "",
            "client": document.buyer.name,
            "client_id": str(client_id),
            "client_is_new": is_new,
            "currency": document.currency,
            "totals": verdict.totals,
            "problems": [one_problem(one) for one in verdict.problems],
            "remarks": [one_problem(one) for one in (*verdict.remarks, *lost, *doubts)],
        }

    def judged(self, reading: Reading, filename: str) -> checking.Check:
        """The verdict on a paper that may be taken over."""
        document = reading.document
        numbered = document.seller.vat_id or document.seller.tax_registration
        if numbered and side_of(document, by=self.by) != "invoice":
            raise NotOurs("Its seller has not your tax id. Take over papers of your own.")
        verdict = checking.verdict(reading, filename)
        if verdict.problems and not self.accept_differences:
            raise Disagrees(problems=verdict.problems)
        if document.lines and checking.tax_is_unknown(document):
            raise TaxUnknown("Give the tax category and rate of each line.")
        return verdict

    def taken(self, document: Document, client_id: UUID) -> UUID:
        """One paper, locked; its faults told without its place among others."""
        try:
            old = invoicing.OldDocument(document, client_id, self.still_open.of(document))
        except ValueError as error:
            fault = Problem("/open", "invoicing.open", str(error))
            raise invoicing.NotHistory(problems=[fault]) from None
        try:
            (invoice_id,) = invoicing.import_history([old], by=self.by, on=self.on, at=self.at)
        except invoicing.NotHistory as error:
            faults = [
                Problem(one.pointer.removeprefix("/0"), one.code, one.detail)
                for one in error.problems
            ]
            raise invoicing.NotHistory(problems=faults) from None
        return invoice_id

    def unmet(self, filename: str) -> Iterator[dict[str, Any]]:
        """A refusal for each number on the list of open amounts that no paper had."""
        for number in self.still_open.unmet:
            fault = Problem("", "import.no_such_paper", f"No paper has the number {number[:80]}.")
            yield {**failed(filename, Invalid(problems=[fault])), "number": number}


def open_books(
    balances: Mapping[str, Decimal], *, by: Actor, on: date, at: datetime
) -> UUID | None:
    """Book what the accounts stood at in the system before, by code, in the base currency; debit is
    above zero. Raises AlreadyOpened, Invalid, PeriodIsLocked."""
    base = identity.get_organization(by.organization_id).base_currency
    minor: dict[str, int] = {}
    faults: list[Problem] = []
    for code, amount in balances.items():
        try:
            minor[code] = Money.of(amount, base).minor
        except ValueError as error:
            faults.append(Problem(f"/balances/{code}", "ledger.bad_amount", str(error)))
    if faults:
        raise Invalid(problems=faults)
    return ledger.post_opening_balances(minor, by=by, on=on, at=at, base_currency=base)
