"""Asking services about ways to pay that clients are leaving, until it is decided."""

from datetime import datetime, timedelta
from uuid import UUID

from guilder.books.charging.gateways.base import Refused, Report
from guilder.books.charging.models import MethodSetup, State
from guilder.books.charging.operations.services import mover, service_of
from guilder.books.charging.operations.setting_up import begun, setup_of
from guilder.books.charging.operations.setups import DECIDED, apply_setup
from guilder.books.charging.operations.starting import REMEMBERED, InsideTransaction
from guilder.books.charging.queries.setups import SetupRecord, get_setup
from guilder.foundation.edges.outbound import Unreachable
from guilder.foundation.edges.secrets import CannotOpen
from guilder.foundation.tenancy.transaction import current_organization, transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid

# A page at a service that nobody finished in so long will not be finished.
LASTS = timedelta(days=30)
LATE = timedelta(hours=1)


def check_setup(setup_id: UUID, *, by: Actor, at: datetime, base_url: str = "") -> SetupRecord:
    """Ask the service how a setup stands and keep what it says; open ones are asked about again.

    Raises NoSuchSetup. Calls the service: never inside a transaction.
    """
    by.require("payment.view")
    if current_organization() is not None:
        raise InsideTransaction("Never call a payment service inside a transaction.")
    system = mover(by)
    with transaction(by.organization_id):
        get_setup(setup_id, by=by)  # whoever asks must see it
        rows = MethodSetup.objects.of(by.organization_id).select_related("gateway")
        row = rows.get(id=setup_id)
        setup = setup_of(row, by=system, base_url=base_url)
    if row.state not in DECIDED:
        try:
            report = service_of(row.gateway).ask_setup(setup)
        except (Unreachable, Refused, CannotOpen, Conflict, Invalid):
            report = Report(state="unknown")
        else:
            report = report or missing(row, at=at) or begun(row, setup)
        if report.state in {"pending", "unknown"} and at - row.created_at > LASTS:
            report = Report(state="failed", failure="expired")
        apply_setup(row.id, report, by=by, at=at, is_check=True)
    return get_setup(setup_id, by=system)


def missing(row: MethodSetup, *, at: datetime) -> Report | None:
    """What it means that the service knows nothing of it; None where it is simply begun again,
    while the service is sure to remember the key."""
    if row.provider_id:
        return Report(state="failed", failure="expired")
    if at - row.created_at >= REMEMBERED:
        return Report(state="failed", failure="no_answer")
    return None


def overdue_setups(*, by: Actor, at: datetime) -> list[UUID]:
    """Setups whose question is late by an hour: their job was lost."""
    by.require("payment.record")
    with transaction(by.organization_id):
        rows = MethodSetup.objects.of(by.organization_id).filter(
            state__in=(State.PENDING, State.UNKNOWN), next_check_at__lte=at - LATE
        )
        return list(rows.order_by("id").values_list("id", flat=True)[:500])
