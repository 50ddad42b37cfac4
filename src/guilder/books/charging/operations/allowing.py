"""Which ways of paying a client is offered, and a client who withdraws one that was kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.books.charging.models import ClientMethods
from guilder.books.charging.operations.collecting import end_saved_method
from guilder.books.charging.operations.services import mover
from guilder.books.charging.queries.allowed import METHODS, Allowed, client_methods
from guilder.books.charging.queries.saved import SavedRecord, get_saved
from guilder.foundation.audit import operations as audit
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Stale
from guilder.kernel.wire import Wire
from guilder.registers.parties import queries as parties


def set_client_methods(
    partner_id: UUID, *, by: Actor, data: Mapping[str, Any], version: int | None = None
) -> Allowed:
    """Say how a client may pay on their page: raw values methods (none for all) and most, in major
    units of whatever is asked for. Raises Invalid, Stale, parties' NoSuchPartner."""
    by.require("partner.edit")
    wire = Wire(data)
    wire.known(("methods", "most"))
    methods = [one for one in data.get("methods") or [] if isinstance(one, str)]
    if set(methods) - set(METHODS):
        wire.fault("methods", "charging.no_method", f"Choose among {', '.join(METHODS)}.")
    most = wire.decimal("most", places=4)
    if most is not None and most <= 0:
        wire.fault("most", "too_small", "Enter an amount above 0.")
    wire.done()
    with transaction(by.organization_id):
        parties.get_partner(by.organization_id, partner_id)
        first = ClientMethods(
            id=uuid7(), organization_id=by.organization_id, partner_id=partner_id, version=0
        )
        ClientMethods.objects.bulk_create([first], ignore_conflicts=True)
        row = ClientMethods.objects.of(by.organization_id).lock().get(partner_id=partner_id)
        if version is not None and version != row.version:
            raise Stale("This was changed in the meantime. Read it again.")
        before = {"methods": row.methods, "most": row.most and str(row.most)}
        row.methods = [one for one in METHODS if one in methods]
        row.most, row.version = most, row.version + 1
        row.save()
        after = {"methods": row.methods, "most": most and str(most)}
        audit.record(by=by, action="client.methods", table="parties_partner", row_id=partner_id,
                     before=before, after=after)  # fmt: skip
        return client_methods(partner_id, by=mover(by))


def withdraw_method(saved_id: UUID, *, by: Actor, at: datetime) -> SavedRecord:
    """A client takes back that a way of paying is kept: it is never charged again. Raises
    NoSuchSavedMethod for those of others."""
    by.require("charge.start")
    with transaction(by.organization_id):
        get_saved(saved_id, by=by)  # whoever asks must see it
        end_saved_method(saved_id, by=mover(by), at=at, reason="Withdrawn by the client")
        return get_saved(saved_id, by=by)
