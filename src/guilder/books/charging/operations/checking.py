"""Asking services about what is open or unknown, until it is decided; never guessing."""

from datetime import datetime
from uuid import UUID

from guilder.books.charging.gateways.base import NotOffered, Refused, Report
from guilder.books.charging.gateways.known import GATEWAYS
from guilder.books.charging.models import Charge, State
from guilder.books.charging.operations.applying import NoSuchCharge, apply
from guilder.books.charging.operations.services import mover, ref_of, service_of
from guilder.books.charging.operations.starting import (
    REMEMBERED,
    InsideTransaction,
    asked,
    order_of,
)
from guilder.books.charging.queries.charges import ChargeRecord, get_charge
from guilder.foundation.audit import operations as audit
from guilder.foundation.edges.outbound import Unreachable
from guilder.foundation.edges.secrets import CannotOpen
from guilder.foundation.tenancy.transaction import current_organization, transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid

DECIDED = {State.SUCCEEDED, State.FAILED}


def check_charge(charge_id: UUID, *, by: Actor, at: datetime, base_url: str = "") -> ChargeRecord:
    """Ask the service how a charge stands and book what it says; open ones are asked about again.

    Raises NoSuchCharge. Calls the service: never inside a transaction.
    """
    by.require("payment.view")
    if current_organization() is not None:
        raise InsideTransaction("Never call a payment service inside a transaction.")
    system = mover(by)
    with transaction(by.organization_id):
        get_charge(charge_id, by=by)  # whoever asks must see it
        rows = Charge.objects.of(by.organization_id).select_related("gateway", "saved")
        row = rows.get(id=charge_id)
        order = order_of(row, by=system, base_url=base_url) if not row.provider_id else None
    if row.state != State.SUCCEEDED and GATEWAYS[row.gateway.kind].asks:
        report = told_of(row)
        if report is None and order is not None:
            is_sure = row.saved is None or at - row.created_at < REMEMBERED
            report = asked(row, order) if is_sure else Report(state="unknown", failure="no_answer")
        apply(row.id, report or Report(state="unknown"), by=by, at=at, is_check=True)
    with transaction(by.organization_id):
        return get_charge(charge_id, by=system)


def told_of(row: Charge) -> Report | None:
    """What the service says; no clear answer is unknown, None where it knows nothing of it."""
    try:
        return service_of(row.gateway).ask(ref_of(row))
    except (Unreachable, Refused, CannotOpen, Invalid):
        return Report(state="unknown")


def confirm_charge(
    charge_id: UUID, *, by: Actor, outcome: str, at: datetime, note: str = ""
) -> ChargeRecord:
    """Say how a charge ended that no service tells of: outcome succeeded or failed.

    Raises NoSuchCharge, NotOffered where the gateway tells by itself, Invalid.
    """
    by.require("payment.record")
    if outcome not in DECIDED:
        raise Invalid("Say succeeded or failed.")
    with transaction(by.organization_id):
        rows = Charge.objects.of(by.organization_id).select_related("gateway")
        row = rows.filter(id=charge_id).first()
        if row is None:
            raise NoSuchCharge("There is no such charge.")
        if row.gateway.kind != "manual":
            raise NotOffered("This gateway says by itself how a charge ended.")
        if row.state in DECIDED and row.state != outcome:
            raise Conflict("It was decided otherwise before.")
        audit.record(
            by=by,
            action="charge.confirm",
            table="charging_charge",
            row_id=row.id,
            before={"state": row.state},
            after={"state": outcome, "note": note},
        )
        apply(row.id, Report(state=outcome, failure=note[:80]), by=by, at=at)
        return get_charge(charge_id, by=mover(by))
