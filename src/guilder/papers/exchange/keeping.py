"""Keeping official verdicts beside the papers that they are on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.papers.exchange.models import Judgement
from guilder.papers.exchange.queries import last_verdict
from guilder.papers.exchange.rules.verdict import Verdict


def keep_verdict(
    verdict: Verdict, *, subject_id: UUID, name: str, by: Actor, at: datetime
) -> Judgement:
    """Keep a verdict on the paper `subject_id` in a format; the same twice is kept once."""
    by.require("invoice.view")
    with transaction(by.organization_id):
        last = last_verdict(subject_id, name=name, by=by)
        if last is not None and _says(last) == _told(verdict):
            return last
        return Judgement.objects.create(
            organization_id=by.organization_id,
            subject_id=subject_id,
            format=name,
            judged_at=at,
            **_told(verdict),
        )


def _told(verdict: Verdict) -> dict[str, object]:
    return {
        "sha256": verdict.sha256,
        "scenario": verdict.scenario,
        "is_valid": verdict.valid,
        "packs": list(verdict.packs),
        "missing": list(verdict.missing),
        "fired": [one.as_plain() for one in verdict.fired],
    }


def _says(row: Judgement) -> dict[str, object]:
    names = ("sha256", "scenario", "is_valid", "packs", "missing", "fired")
    return {name: getattr(row, name) for name in names}
