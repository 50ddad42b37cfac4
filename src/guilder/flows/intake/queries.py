"""Reading papers that came in."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from guilder.flows.intake.models import ReceivedDocument
from guilder.flows.intake.proofs import PROOFS
from guilder.foundation.files import queries as files
from guilder.foundation.identity.permissions import own_only
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import canonical
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.kernel.errors import NotFound
from guilder.papers.exchange.rules.verdict import Verdict, of_plain

WAITING = ("read", "manual", "duplicate")


class NoSuchDocument(NotFound):
    """No paper of that id that this actor may see."""

    code = "document.not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilter:
    """What a list of papers is narrowed to; `state` may be "waiting" for all that wait."""

    q: str = ""
    state: str = ""
    channel: str = ""
    supplier_id: UUID | None = None


def visible(by: Actor) -> Any:
    """The papers that an actor may see: all, or those that they brought in themselves."""
    by.require("bill.view")
    rows = ReceivedDocument.objects.of(by.organization_id)
    if by.row_rule != "all" or own_only(by, "bill.view"):
        rows = rows.filter(created_by_id=by.user_id)
    return rows


def get_received(document_id: UUID, *, by: Actor) -> ReceivedDocument:
    """One paper. Raises NoSuchDocument."""
    with transaction(by.organization_id):
        rows = visible(by).select_related("partner", "bill", "duplicate_of")
        found = rows.filter(id=document_id).first()
    if found is None:
        raise NoSuchDocument("There is no such document.")
    return found


def bytes_of(document_id: UUID, *, by: Actor) -> bytes:
    """The bytes of a paper as they came. Raises NoSuchDocument, FileDamaged."""
    return files.read_bytes(get_received(document_id, by=by).sha256)


def paper_in(row: ReceivedDocument) -> Document | None:
    """The paper that was read in it; None where it is for people only."""
    told = row.reading.get("document")
    return canonical.from_dict(told) if told else None


def verdict_on(row: ReceivedDocument) -> Verdict | None:
    """What the official rules said; None where none were asked."""
    return of_plain(row.verdict) if row.verdict else None


def of_bill(bill_id: UUID, *, by: Actor) -> ReceivedDocument | None:
    """The paper that a bill was made of."""
    with transaction(by.organization_id):
        return visible(by).filter(bill_id=bill_id).first()


def list_received(
    wanted: DocumentFilter, *, by: Actor, limit: int = 50, before: UUID | None = None
) -> list[ReceivedDocument]:
    """Papers, newest first; `before` is the id of the last one on the page before."""
    with transaction(by.organization_id):
        rows = visible(by).defer("reading", "verdict")
        if wanted.state == "waiting":
            rows = rows.filter(state__in=WAITING)
        elif wanted.state:
            rows = rows.filter(state=wanted.state)
        if wanted.channel:
            rows = rows.filter(channel=wanted.channel)
        if wanted.supplier_id is not None:
            rows = rows.filter(partner_id=wanted.supplier_id)
        for word in wanted.q.split()[:5]:
            rows = rows.filter(
                Q(filename__icontains=word)
                | Q(number__icontains=word)
                | Q(supplier_name__icontains=word)
                | Q(sender__icontains=word)
            )
        if before is not None:
            rows = rows.filter(id__lt=before)
        return list(rows.order_by("-id")[:limit])


def waiting_count(by: Actor) -> int:
    """How many papers wait for somebody, up to a hundred."""
    if not by.may("bill.view"):
        return 0
    with transaction(by.organization_id):
        return visible(by).filter(state__in=WAITING)[:100].count()


def has_any(by: Actor) -> bool:
    """Whether there is any paper that the actor may see."""
    with transaction(by.organization_id):
        return visible(by).exists()


def proofs() -> tuple[tuple[str, str, str], ...]:
    """(invariant, what holds, SQL that gives the rows breaking it)."""
    return PROOFS
