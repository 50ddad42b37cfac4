"""Proving one issued document: its hashes are reckoned anew, and its place in the chain checked."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from guilder.books.invoicing.queries.reads import Frozen, get_invoice, get_issued
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import canonical
from guilder.kernel.actor import Actor

NEIGHBOURS = """
SELECT d.sequence, d.number, d.previous_hash, d.chain_hash
FROM invoicing_issueddocument d
JOIN invoicing_issueddocument m ON m.organization_id = d.organization_id
  AND m.series_id = d.series_id AND m.period = d.period
WHERE m.organization_id = %(organization)s::uuid AND m.invoice_id = %(id)s::uuid
  AND d.sequence IN (m.sequence - 1, m.sequence + 1)
"""


@dataclass(frozen=True, slots=True)
class ProofStep:
    """One thing that was checked: a name, whether it holds, and the document it is about."""

    name: str
    holds: bool
    number: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was checked of one document. History of an earlier system has no chain."""

    frozen: Frozen
    steps: tuple[ProofStep, ...]

    @property
    def holds(self) -> bool:
        """Whether all of it does."""
        return all(step.holds for step in self.steps)

    def as_data(self) -> dict[str, Any]:
        """The proof as plain data: with it anybody can reckon the hashes again."""
        frozen = self.frozen
        return {
            "number": frozen.number,
            "issued_on": frozen.issued_on.isoformat(),
            "series": frozen.series_code,
            "period": frozen.period,
            "sequence": frozen.sequence,
            "content_hash": frozen.content_hash.hex(),
            "previous_hash": hexed(frozen.previous_hash),
            "chain_hash": hexed(frozen.chain_hash),
            "document": bytes(frozen.document).decode(),
            "checks": [
                {"name": step.name, "holds": step.holds, "number": step.number}
                for step in self.steps
            ],
            "method": {
                "content_hash": "SHA-256 of `document` in UTF-8: canonical JSON (RFC 8785)"
                " without the number",
                "chain_hash": "SHA-256 of: the bytes of 'guilder-chain-1' and a line feed;"
                " previous_hash (32 bytes); length of series (4, big-endian); series; length of"
                " number (4); number; issued_on; content_hash (32 bytes)",
            },
        }


def hexed(value: bytes | None) -> str | None:
    """Bytes as hexadecimal digits."""
    return bytes(value).hex() if value is not None else None


def prove(invoice_id: UUID, *, by: Actor) -> Proof:
    """Reckon everything about an issued document anew. Raises NoSuchInvoice for a draft too.

    The steps: "content" its own bytes, "register" what the invoice's row says, "chain" its link,
    "previous" and "next" that its neighbours hang on it, "first" that the series begins with it.
    """
    record = get_invoice(invoice_id, by=by)
    frozen = get_issued(invoice_id, by=by)
    content = bytes(frozen.content_hash)
    steps = [
        ProofStep("content", sha256(bytes(frozen.document)).digest() == content, frozen.number),
        ProofStep("register", agrees(record.number, record.issued_on, frozen), frozen.number),
    ]
    if frozen.chain_hash is not None and frozen.previous_hash is not None:
        steps += chained(invoice_id, frozen, by=by)
    return Proof(frozen, tuple(steps))


def agrees(number: str | None, issued_on: date | None, frozen: Frozen) -> bool:
    """Whether the row and the frozen paper name the same number and day."""
    return number == frozen.number and issued_on == frozen.issued_on


def chained(invoice_id: UUID, frozen: Frozen, *, by: Actor) -> list[ProofStep]:
    """The link itself, and that its neighbours hang on it."""
    previous, own = bytes(frozen.previous_hash or b""), bytes(frozen.chain_hash or b"")
    link = canonical.chain_hash(
        previous,
        series=frozen.series_code,
        number=frozen.number,
        issued_on=frozen.issued_on,
        content_hash=bytes(frozen.content_hash),
    )
    with transaction(by.organization_id):
        values = {"organization": by.organization_id, "id": invoice_id}
        rows = cursor().execute(NEIGHBOURS, values, prepare=True).fetchall()
    steps = [ProofStep("chain", link == own, frozen.number)]
    for sequence, number, before, after in sorted(rows):
        if sequence < (frozen.sequence or 0):
            steps.append(ProofStep("previous", bytes(after) == previous, number))
        else:
            steps.append(ProofStep("next", bytes(before) == own, number))
    if not any(step.name == "previous" for step in steps):
        steps.append(ProofStep("first", previous == canonical.GENESIS, frozen.number))
    return steps
