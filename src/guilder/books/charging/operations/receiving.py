"""Calls of services to us: judged, stored as they came, acknowledged; handled by a job."""

from datetime import datetime
from uuid import UUID

from guilder.books.charging.events import GatewayCalled
from guilder.books.charging.gateways.base import BadCall, Call, Report, Setup, Told
from guilder.books.charging.models import Charge, Gateway, GatewayEvent, MethodSetup
from guilder.books.charging.operations.applying import WrongMode, apply
from guilder.books.charging.operations.payouts import note_payout
from guilder.books.charging.operations.services import find_gateway, mover, ref_of, service_of
from guilder.books.charging.operations.setting_up import setup_of
from guilder.books.charging.operations.setups import apply_setup
from guilder.foundation.events import bus
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor

HEARD_EVERY = 60  # seconds between notes of when a gateway was last heard
NOT_OURS = "nothing of ours"


def receive(gateway_id: UUID, *, kind: str, call: Call, by: Actor) -> bytes:
    """Judge a call and store what it tells, each thing once; gives the body of the answer.

    Raises NoSuchGateway, BadCall; Unreachable where a service that must be asked about its own
    signature does not answer: it calls again.
    """
    by = mover(by)
    with transaction(by.organization_id):
        row = find_gateway(gateway_id, by=by)
    if row.kind != kind:
        raise BadCall("This address is another service's.")
    service = service_of(row)
    told = service.read(call)
    if any(one.is_live is not None and one.is_live != row.is_live for one in told):
        raise BadCall("A test account's call came to a live one, or the other way round.")
    with transaction(by.organization_id):
        for one in told:
            store(row, one, call, by=by)
        stale = row.heard_at is None or (call.at - row.heard_at).total_seconds() > HEARD_EVERY
        if stale:
            Gateway.objects.of(by.organization_id).filter(id=row.id).update(heard_at=call.at)
    return service.answer


def store(row: Gateway, told: Told, call: Call, *, by: Actor) -> None:
    """One thing that was told; what is known by name already is left as it is."""
    is_whole = told.report is not None
    event = GatewayEvent(
        organization_id=row.organization_id,
        id=uuid7(),
        gateway_id=row.id,
        provider_id=told.event_id[:200],
        about=told.about,
        subject=told.subject[:200],
        key=told.key,
        says_all=is_whole,
        headers=dict(call.headers) if is_whole else {},
        body=call.body.decode(errors="replace").replace("\x00", ""),
        received_at=call.at,
    )
    rows = GatewayEvent.objects.of(row.organization_id)
    if rows.filter(gateway_id=row.id, provider_id=event.provider_id).exists():
        return
    made = GatewayEvent.objects.bulk_create([event], ignore_conflicts=True)
    if made and rows.filter(id=event.id).exists():
        bus.publish(GatewayCalled(event_id=event.id, gateway_id=row.id), by=by)


def handle_event(event_id: UUID, *, by: Actor, at: datetime) -> str:
    """Do what a stored call asks for; gives what came of it. Twice is once.

    Raises Unreachable where the service does not answer now: a later attempt does it.
    """
    by.require("payment.record")
    with transaction(by.organization_id):
        event = (
            GatewayEvent.objects.of(by.organization_id)
            .select_related("gateway")
            .filter(id=event_id, handled_at__isnull=True)
            .first()
        )
        charge, setup = None, None
        if event is not None and event.about in {"charge", "setup"}:
            charge = charge_of(event)
            setup = setup_told(event, by=by) if charge is None else None
    if event is None:
        return ""
    if event.about == "payout":
        note_payout(event.gateway_id, event.subject, by=by, at=at)
        return done(event, "payout", at=at)
    if charge is None and setup is None:
        return done(event, NOT_OURS, at=at)
    report = whole(event) if event.says_all else questioned(event, charge, setup)
    if report is None:
        return done(event, NOT_OURS, at=at)
    try:
        with transaction(by.organization_id):
            if setup is not None:
                state = apply_setup(setup.key, report, by=by, at=at).state
            else:
                state = apply(charge.id, report, by=by, at=at).state  # type: ignore[union-attr]
            return done(event, state, at=at)
    except WrongMode:
        return done(event, "wrong mode", at=at)


def charge_of(event: GatewayEvent) -> Charge | None:
    """The charge that a call is about: made through the same gateway, whatever else it claims."""
    rows = Charge.objects.of(event.organization_id).select_related("gateway")
    rows = rows.filter(gateway_id=event.gateway_id)
    found = rows.filter(id=event.key).first() if event.key else None
    if found is None and event.subject:
        found = rows.filter(provider_id=event.subject).first()
    if found is None and event.subject:
        found = rows.filter(provider_payment=event.subject).order_by("id").first()
    return found


def setup_told(event: GatewayEvent, *, by: Actor) -> Setup | None:
    """The setup that a call is about: made through the same gateway, whatever else it claims."""
    rows = MethodSetup.objects.of(event.organization_id).select_related("gateway")
    rows = rows.filter(gateway_id=event.gateway_id)
    found = rows.filter(id=event.key).first() if event.key else None
    if found is None and event.subject:
        found = rows.filter(provider_id=event.subject).first()
    return None if found is None else setup_of(found, by=mover(by), base_url="")


def whole(event: GatewayEvent) -> Report | None:
    """What the stored call says itself; it was judged when it came, and is judged as of then."""
    call = Call(body=event.body.encode(), headers=event.headers, at=event.received_at)
    told = service_of(event.gateway).read(call)
    return next((one.report for one in told if one.event_id[:200] == event.provider_id), None)


def questioned(event: GatewayEvent, charge: Charge | None, setup: Setup | None) -> Report | None:
    """What the service says now: a call is a reason to ask, not a fact."""
    if charge is None:
        return None if setup is None else service_of(event.gateway).ask_setup(setup)
    if not charge.provider_id and event.key == charge.id:
        charge.provider_id = event.subject  # its call was faster than the answer to ours
    return service_of(charge.gateway).ask(ref_of(charge))


def done(event: GatewayEvent, outcome: str, *, at: datetime) -> str:
    """Note that a call was handled."""
    with transaction(event.organization_id):
        GatewayEvent.objects.of(event.organization_id).filter(id=event.id).update(
            handled_at=at, outcome=outcome[:200]
        )
    return outcome
