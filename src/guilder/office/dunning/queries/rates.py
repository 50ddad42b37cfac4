"""The rates that interest is reckoned by: what we know, and what was typed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.office.dunning.calc import REFERENCES
from guilder.office.dunning.models import ReferenceRate


class NoSuchRate(NotFound):
    """No rate of that id was typed here."""

    code = "reference_rate.not_found"


@dataclass(frozen=True, slots=True)
class KnownRate:
    """A reference rate of a half-year; `id` is None for one that comes with Guilder."""

    id: UUID | None
    reference: str
    reference_name: str
    valid_from: date
    percent: Decimal
    source: str


def typed_rates(organization_id: UUID, reference: str) -> list[tuple[date, Decimal]]:
    """What an organization typed for a reference; inside a transaction."""
    rows = ReferenceRate.objects.of(organization_id).filter(reference=reference)
    return list(rows.values_list("valid_from", "percent"))


def get_rate(rate_id: UUID, *, by: Actor) -> KnownRate:
    """One rate that was typed; NoSuchRate."""
    by.require("reminder.view")
    with transaction(by.organization_id):
        row = ReferenceRate.objects.of(by.organization_id).filter(id=rate_id).first()
    if row is None:
        raise NoSuchRate("No rate of that id was typed here.")
    name = REFERENCES[row.reference].name
    return KnownRate(row.id, row.reference, name, row.valid_from, row.percent, row.source)


def known_rates(*, by: Actor) -> list[KnownRate]:
    """Every rate, newest first; what was typed stands in the place of ours."""
    by.require("reminder.view")
    with transaction(by.organization_id):
        typed = list(ReferenceRate.objects.of(by.organization_id))
    found = {
        (code, day): KnownRate(None, code, one.name, day, Decimal(rate), one.source)
        for code, one in REFERENCES.items()
        for day, rate in one.rows
    }
    for row in typed:
        name = REFERENCES[row.reference].name
        found[row.reference, row.valid_from] = KnownRate(
            row.id, row.reference, name, row.valid_from, row.percent, row.source
        )
    return sorted(found.values(), key=lambda one: (-one.valid_from.toordinal(), one.reference))
