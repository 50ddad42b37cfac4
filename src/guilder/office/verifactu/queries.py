"""Reading billing records."""

import io
import zipfile
from uuid import UUID

from django.db.models import QuerySet

from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.office.verifactu.models import Chain, Record
from guilder.office.verifactu.proofs import PROOFS

MOST_IN_A_FILE = 10_000


class NoSuchRecord(NotFound):
    """There is no such record."""

    code = "verifactu.no_record"


def proofs() -> tuple[tuple[str, str, str], ...]:
    """(invariant, what holds, SQL that finds what breaks it) of billing records."""
    return PROOFS


def get_chain(*, by: Actor) -> Chain | None:
    """The organization's chain; None where it never kept records."""
    by.require("settings.view")
    with transaction(by.organization_id):
        return Chain.objects.of(by.organization_id).first()


def list_records(*, by: Actor) -> QuerySet[Record]:
    """Its records; order and slice them in a transaction."""
    by.require("settings.view")
    return Record.objects.of(by.organization_id)


def get_record(record_id: UUID, *, by: Actor) -> Record:
    """One record; NoSuchRecord."""
    with transaction(by.organization_id):
        found = list_records(by=by).filter(id=record_id).first()
    if found is None:
        raise NoSuchRecord("There is no such billing record.")
    return found


def record_of(invoice_id: UUID, *, by: Actor) -> Record | None:
    """The record of an issued document, None where it has none (yet)."""
    with transaction(by.organization_id):
        return list_records(by=by).filter(invoice_id=invoice_id).first()


def archive(*, by: Actor, after: int = 0) -> bytes:
    """A ZIP of the records after a position, at most 10,000, each a file named by its place."""
    out = io.BytesIO()
    with transaction(by.organization_id), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        rows = list_records(by=by).filter(position__gt=after).order_by("position")
        for row in rows[:MOST_IN_A_FILE].iterator(chunk_size=500):
            packed.writestr(f"{row.position:08d}.xml", row.xml)
    return out.getvalue()
