"""Reading billing records."""

import io
import zipfile
from uuid import UUID

from django.db.models import QuerySet

from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy import hot
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.kernel.verifactu import SPAIN
from guilder.office.verifactu.models import Chain, Record, Waiting
from guilder.office.verifactu.proofs import PROOFS

MOST_IN_A_FILE = 10_000


class NoSuchRecord(NotFound):
    """There is no such record."""

    code = "verifactu.no_record"


class NoSuchWaiting(NotFound):
    """No such document waits for its record."""

    code = "verifactu.not_waiting"


KEPT = """
SELECT EXISTS (SELECT FROM verifactu_chain WHERE organization_id = %(organization)s::uuid AND is_on)
"""


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


def list_waiting(*, by: Actor) -> QuerySet[Waiting]:
    """Documents whose record cannot be made yet; order and slice them in a transaction."""
    by.require("settings.view")
    return Waiting.objects.of(by.organization_id)


def get_waiting(waiting_id: UUID, *, by: Actor) -> Waiting:
    """One of them; NoSuchWaiting."""
    with transaction(by.organization_id):
        found = list_waiting(by=by).filter(id=waiting_id).first()
    if found is None:
        raise NoSuchWaiting("No such document waits for its record.")
    return found


def waiting_counts(organization_id: UUID | None = None) -> dict[UUID, int]:
    """How many documents wait for their record, by organization; of all, or of one."""
    rows = identities.organizations().filter(country=SPAIN)
    if organization_id is not None:
        rows = rows.filter(id=organization_id)
    counts = {}
    for one in rows.values_list("id", flat=True):
        with transaction(one):
            counts[one] = Waiting.objects.of(one).count()
    return {one: count for one, count in counts.items() if count}


def is_kept(organization_id: UUID) -> bool:
    """Whether a record is made of every document that is issued now."""
    with transaction(organization_id):
        found = hot.cursor().execute(KEPT, {"organization": organization_id}, prepare=True)
        return found.fetchone()[0]


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
