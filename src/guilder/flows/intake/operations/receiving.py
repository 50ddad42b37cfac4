"""The one way in: bytes from any door are looked into, judged, kept, and told of."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from guilder.flows.intake import looking
from guilder.flows.intake.calc import Doubt
from guilder.flows.intake.events import DocumentReceived
from guilder.flows.intake.models import ReceivedDocument
from guilder.flows.intake.suppliers import matched, unlike_before
from guilder.foundation.audit import operations as audit
from guilder.foundation.edges import uploads
from guilder.foundation.events import bus
from guilder.foundation.files import operations as files
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import canonical
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.kernel.errors import Invalid
from guilder.papers.exchange import judging
from guilder.papers.exchange.rules.verdict import Verdict
from guilder.registers.parties import queries as parties

State = ReceivedDocument.State
CHANNELS = tuple(ReceivedDocument.Channel.values)
LARGEST = 64 << 20  # bytes
# What has no ending that is known, by how it begins.
ENDINGS = ((b"%PDF-", ".pdf"), (b"\x89PNG", ".png"), (b"\xff\xd8\xff", ".jpg"))


class TooLarge(Invalid):
    """The file is larger than any paper."""

    code = "document.too_large"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The papers of one file; `is_new` is false where the same bytes came before."""

    documents: tuple[ReceivedDocument, ...]
    is_new: bool


@dataclass(frozen=True, slots=True)
class Came:
    """What a door hands over."""

    data: bytes
    sha256: str
    name: str
    media_type: str
    channel: str
    sender: str


def receive(
    data: bytes,
    *,
    name: str,
    channel: str,
    by: Actor,
    at: datetime,
    sender: str = "",
    media_type: str = "",
) -> Receipt:
    """Take one file in: its papers are read, judged by the official rules, and kept as they came.

    Call it outside transactions: reading and judging run in limited processes. The same bytes twice
    are one paper. When this returns, bytes and papers are on disk; when it raises, nothing is kept.
    Raises TooLarge, uploads.BadUpload, uploads.ArchiveBomb, scanner.Infected, ScannerDown,
    NotTaken, TooHard, ChildBusy. `media_type` is nobody's word: it follows from the bytes.
    """
    by.require("document.upload")
    del media_type
    if len(data) > LARGEST:
        raise TooLarge(f"This file has {len(data):,} bytes; {LARGEST:,} are taken. Send its parts.")
    digest = hashlib.sha256(data).hexdigest()
    if known := received_before(digest, by=by):
        return Receipt(known, is_new=False)
    shown = named_for(data, name)
    kind = uploads.admit(data, filename=shown)
    papers = looking.look_into(data, name=shown)
    today = at.astimezone(
        ZoneInfo(identities.get_organization(by.organization_id).time_zone)
    ).date()
    verdict = judged(data, papers, on=today)
    came = Came(data, digest, shown, kind, channel, sender.strip()[:254])
    return kept(came, papers, verdict, by=by, at=at)


def received_before(digest: str, *, by: Actor) -> tuple[ReceivedDocument, ...]:
    """The papers of these very bytes."""
    with transaction(by.organization_id):
        rows = ReceivedDocument.objects.of(by.organization_id).filter(sha256=digest)
        return tuple(rows.order_by("place"))


def named_for(data: bytes, name: str) -> str:
    """A name whose ending is known; the bytes say which where it has none."""
    shown = files.clean_name(name or "paper")
    if PurePosixPath(shown).suffix.lower().lstrip(".") in uploads.KINDS:
        return shown
    for start, ending in ENDINGS:
        if data.startswith(start):
            return files.clean_name(shown + ending)
    head = data[:200].lstrip(b"\xef\xbb\xbf\xfe\xff\0 \t\r\n")[:1]
    ending = {b"<": ".xml", b"{": ".json", b"[": ".json"}.get(head, "")
    return files.clean_name(shown + ending)


def judged(data: bytes, papers: Sequence[dict[str, Any]], *, on: date) -> Verdict | None:
    """The official verdict on an XML or hybrid; None where there are no rules to ask."""
    if len(papers) != 1 or papers[0]["format"] in {"json", "csv"}:
        return None
    try:
        return judging.judge(data, on=on)
    except judging.NotJudged:
        return None


def kept(
    came: Came,
    papers: Sequence[dict[str, Any]],
    verdict: Verdict | None,
    *,
    by: Actor,
    at: datetime,
) -> Receipt:
    """Keep bytes and papers in one transaction; who comes second with the same bytes finds them."""
    with transaction(by.organization_id):
        cursor().execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"intake {by.organization_id} {came.sha256}"],
        )
        if known := received_before(came.sha256, by=by):
            return Receipt(known, is_new=False)
        stored = files.store(came.data, by=by, filename=came.name, media_type=came.media_type)
        rows = []
        for place, paper in enumerate(papers or [{}]):
            row = ReceivedDocument(
                organization_id=by.organization_id,
                file_id=stored.id,
                sha256=came.sha256,
                place=place,
                size=len(came.data),
                filename=stored.filename,
                media_type=came.media_type,
                channel=came.channel,
                sender=came.sender,
                state=State.MANUAL,
                received_at=at,
                updated_at=at,
                created_by_id=by.user_id,
            )
            if paper:
                fill(row, paper, verdict, by=by)
            row.save(force_insert=True)
            tell(row, by=by)
            rows.append(row)
    return Receipt(tuple(rows), is_new=True)


def fill(
    row: ReceivedDocument, paper: dict[str, Any], verdict: Verdict | None, *, by: Actor
) -> None:
    """What was read, who it is from, and what is doubtful about it."""
    document = canonical.from_dict(paper["document"])
    row.state, row.format, row.profile = State.READ, paper["format"], paper["profile"][:200]
    row.number, row.currency = document.number[:120], document.currency
    row.issued_on, row.due_on, row.due_amount = document.issued_on, document.due_on, paper["due"]
    row.supplier_name = document.seller.name[:200]
    row.problems = paper["problems"]
    row.reading = {name: paper[name] for name in ("document", "stated", "remarks", "is_whole")}
    if verdict is not None:
        row.verdict, row.is_valid = verdict.as_plain(), verdict.valid
    partner, row.matched_by = matched(document.seller, document, by=by)
    row.partner_id = partner.id if partner else None
    found = [*paper["doubts"], *(one.as_plain() for one in addressed(document, by=by))]
    if partner is not None:
        found += [one.as_plain() for one in unlike_before(document, partner)]
        first = same_paper(row, by=by)
        if first is not None:
            row.state, row.duplicate_of_id = State.DUPLICATE, first.id
    row.doubts = found


def addressed(document: Document, *, by: Actor) -> list[Doubt]:
    """A doubt where the paper names another buyer than the organization."""
    own = parties.seller_profile(by.organization_id)
    theirs = document.buyer.vat_id
    if own is None or not own.vat_id or not theirs or own.vat_id == theirs:
        return []
    return [Doubt(code="buyer", ours=own.vat_id, theirs=f"{document.buyer.name} {theirs}"[:300])]


def same_paper(row: ReceivedDocument, *, by: Actor) -> ReceivedDocument | None:
    """Another paper of the same supplier with the same number that was not refused."""
    rows = ReceivedDocument.objects.of(by.organization_id).filter(
        partner_id=row.partner_id, number__iexact=row.number
    )
    waiting = rows.exclude(state__in=(State.REFUSED, State.DUPLICATE)).exclude(number="")
    return waiting.order_by("id").first()


def tell(row: ReceivedDocument, *, by: Actor) -> None:
    """Write down that a paper came, and tell of it."""
    audit.record(
        by=by,
        action="document.receive",
        table="intake_receiveddocument",
        row_id=row.id,
        before=None,
        after={
            "filename": row.filename,
            "sha256": row.sha256,
            "channel": row.channel,
            "sender": row.sender,
            "state": row.state,
            "number": row.number,
            "supplier": row.supplier_name,
        },
    )
    bus.publish(
        DocumentReceived(
            document_id=row.id,
            channel=row.channel,
            filename=row.filename,
            state=row.state,
            number=row.number,
        ),
        by=by,
    )
