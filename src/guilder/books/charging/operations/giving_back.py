"""Refunds through the gateway: booked when decided, then carried out, taken back if that fails."""

from datetime import datetime, timedelta
from uuid import UUID

from guilder.books.charging.calc import wait_before
from guilder.books.charging.gateways.base import Back, NotOffered, Refused, Report
from guilder.books.charging.gateways.known import GATEWAYS
from guilder.books.charging.models import Charge, GivenBack, State
from guilder.books.charging.operations.applying import apply
from guilder.books.charging.operations.checking import told_of
from guilder.books.charging.operations.services import ref_of, service_of
from guilder.books.charging.operations.starting import REMEMBERED, InsideTransaction
from guilder.books.payments.models import Refund
from guilder.foundation.edges.outbound import BadTarget, Unreachable
from guilder.foundation.edges.secrets import CannotOpen
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import current_organization, transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid
from guilder.kernel.money import Money

DECIDED = {State.SUCCEEDED, State.FAILED}


def take_on(refund_id: UUID, *, by: Actor, at: datetime) -> UUID | None:
    """Commit that a paid refund is to be carried out by the gateway that its payment came through.

    None where it is not: another method was chosen, the gateway cannot, or it did so already.
    """
    by.require("refund.create")
    with transaction(by.organization_id):
        refund = (
            Refund.objects.of(by.organization_id)
            .select_related("payment")
            .filter(id=refund_id, status="paid", payment__isnull=False)
            .first()
        )
        if refund is None or refund.payment is None or refund.method != refund.payment.method:
            return None
        charges = Charge.objects.of(by.organization_id).select_related("gateway").lock()
        charge = charges.filter(payment_id=refund.payment_id).first()
        if charge is None or not GATEWAYS[charge.gateway.kind].refunds:
            return None
        known = GivenBack.objects.of(by.organization_id).filter(refund_id=refund.id)
        is_lost = charge.chargebacks.filter(refund_id=refund.id).exists()
        if known.exists() or is_lost:
            return None
        row = GivenBack(
            organization_id=by.organization_id,
            id=uuid7(),
            charge_id=charge.id,
            refund_id=refund.id,
            amount=refund.amount,
            is_ours=True,
            next_check_at=at + wait_before(0),
            created_at=at,
            updated_at=at,
        )
        row.save(force_insert=True)
        return row.id


def give_back(given_back_id: UUID, *, by: Actor, at: datetime) -> datetime | None:
    """Carry a refund out, or ask again how it stands; gives when to ask next, None when decided.

    Without a clear answer the same key is sent again later, so money goes back once.
    Calls the service: never inside a transaction.
    """
    by.require("refund.create")
    if current_organization() is not None:
        raise InsideTransaction("Never call a payment service inside a transaction.")
    with transaction(by.organization_id):
        rows = GivenBack.objects.of(by.organization_id).select_related("charge__gateway", "refund")
        row = rows.filter(id=given_back_id, is_ours=True).first()
    if row is None or row.state in DECIDED:
        return None
    apply(row.charge_id, outcome_of(row, at=at), by=by, at=at)
    with transaction(by.organization_id):
        row = GivenBack.objects.of(by.organization_id).lock().get(id=given_back_id)
        if row.state in DECIDED:
            return None
        row.checks += 1
        row.next_check_at = at + wait_before(row.checks)
        row.save(update_fields=["checks", "next_check_at"])
        return row.next_check_at


def outcome_of(row: GivenBack, *, at: datetime) -> Report:
    """What the service says of a refund; every way in which a call can end is a report.

    A key is sent again only while the service is sure to remember it: later on it is asked first,
    and what it does not list it never made.
    """
    if row.provider_id or at - row.created_at >= REMEMBERED:
        told = told_of(row.charge) or Report(state="unknown")
        is_listed = any(back.key in {None, row.id} for back in told.backs)
        if row.provider_id or is_listed or told.state != State.SUCCEEDED:
            return told
    return Report(state="unknown", backs=[carried_out(row)])


def carried_out(row: GivenBack) -> Back:
    """What comes of asking for a refund; nothing was sent, or was refused, where it failed."""
    charge, amount = row.charge, Money(row.amount, row.charge.currency)
    try:
        service = service_of(charge.gateway)
        reason = row.refund.reason if row.refund else ""
        return service.give_back(ref_of(charge), key=row.id, amount=amount, reason=reason)
    except (Refused, NotOffered, BadTarget, Invalid) as error:
        failure = getattr(error, "failure", error.code)
        return Back(provider_id="", amount=amount, state="failed", key=row.id, failure=failure)
    except (Unreachable, CannotOpen):
        return Back(provider_id="", amount=amount, state="unknown", key=row.id)


def overdue(*, by: Actor, at: datetime) -> tuple[list[UUID], list[UUID]]:
    """Charges and refunds whose question is late by an hour: their job was lost."""
    with transaction(by.organization_id):
        late = {"next_check_at__lt": at - timedelta(hours=1), "state__in": ("pending", "unknown")}
        charges = Charge.objects.of(by.organization_id).filter(**late).order_by("id")[:500]
        backs = GivenBack.objects.of(by.organization_id).filter(**late, is_ours=True)[:500]
        return [one.id for one in charges], [one.id for one in backs]
