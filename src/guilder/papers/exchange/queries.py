"""Reading the official verdicts that were kept."""

from __future__ import annotations

from uuid import UUID

from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.papers.exchange.models import Judgement
from guilder.papers.exchange.proofs import PROOFS
from guilder.papers.exchange.rules.verdict import Fired, Verdict


def last_verdict(subject_id: UUID, *, name: str, by: Actor) -> Judgement | None:
    """The newest verdict on a paper in a format; None where it was never judged."""
    by.require("invoice.view")
    with transaction(by.organization_id):
        rows = Judgement.objects.filter(
            organization_id=by.organization_id, subject_id=subject_id, format=name
        )
        return rows.order_by("-judged_at", "-id").first()


def verdict_of(row: Judgement) -> Verdict:
    """A kept verdict as it was given."""
    return Verdict(
        scenario=row.scenario,
        valid=row.is_valid,
        fired=tuple(Fired(**one) for one in row.fired),
        packs=tuple(row.packs),
        missing=tuple(row.missing),
        sha256=row.sha256,
    )


def proofs() -> tuple[tuple[str, str, str], ...]:
    """What always holds of kept verdicts, for `verify`."""
    return PROOFS
