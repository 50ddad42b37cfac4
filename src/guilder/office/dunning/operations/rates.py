"""Reference rates typed by hand, where Guilder knows none."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.wire import Wire
from guilder.office.dunning.calc import REFERENCES
from guilder.office.dunning.models import ReferenceRate
from guilder.office.dunning.queries.rates import KnownRate, NoSuchRate

TABLE = "dunning_referencerate"


def set_rate(*, by: Actor, data: Mapping[str, Any], at: datetime) -> KnownRate:
    """Enter the reference rate of a half-year, or another in its place: raw values reference,
    valid_from (1 January or 1 July), percent, source. Raises Invalid."""
    by.require("reminder.edit")
    wire = Wire(data)
    wire.known(("reference", "valid_from", "percent", "source"))
    reference = wire.choice("reference", REFERENCES, required=True)
    valid_from = wire.day("valid_from", required=True) or date.min
    percent = wire.decimal(
        "percent", required=True, digits=9, least=Decimal(-20), most=Decimal(100)
    )
    source = wire.text("source", most=200, required=True)
    if (valid_from.month, valid_from.day) not in ((1, 1), (7, 1)) and valid_from != date.min:
        wire.fault("valid_from", "reference_rate.half_year", "Choose 1 January or 1 July.")
    wire.done()
    percent = percent or Decimal(0)
    with transaction(by.organization_id):
        rows = ReferenceRate.objects.of(by.organization_id)
        row = rows.lock().filter(reference=reference, valid_from=valid_from).first()
        before = {"percent": f"{row.percent:f}", "source": row.source} if row else None
        if row is None:
            row = ReferenceRate(organization_id=by.organization_id, id=uuid7(),
                                reference=reference, valid_from=valid_from)  # fmt: skip
        row.percent, row.source = percent, source
        row.created_by_id, row.created_at = by.user_id, at
        row.save()
        after = {
            "reference": reference,
            "valid_from": valid_from.isoformat(),
            "percent": f"{percent:f}",
            "source": source,
        }
        audit.record(by=by, action="reference_rate.set", table=TABLE, row_id=row.id,
                     before=before, after=after)  # fmt: skip
        name = REFERENCES[reference].name
        return KnownRate(row.id, reference, name, valid_from, percent, source)


def remove_rate(rate_id: UUID, *, by: Actor) -> None:
    """Take a typed rate away; ours, where there is one, holds again. Raises NoSuchRate."""
    by.require("reminder.edit")
    with transaction(by.organization_id):
        row = ReferenceRate.objects.of(by.organization_id).lock().filter(id=rate_id).first()
        if row is None:
            raise NoSuchRate("No rate of that id was typed here.")
        before = {"reference": row.reference, "percent": f"{row.percent:f}"}
        row.delete()
        audit.record(by=by, action="reference_rate.remove", table=TABLE, row_id=rate_id,
                     before=before, after=None)  # fmt: skip
