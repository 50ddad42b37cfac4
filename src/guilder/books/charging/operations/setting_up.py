"""Having a client leave a way to pay without paying: the intent is committed, then the service is
called, then the outcome. Nothing is charged."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.books.charging.calc import wait_before
from guilder.books.charging.events import MethodSetupStarted
from guilder.books.charging.gateways.base import Refused, Report, Setup
from guilder.books.charging.models import MethodSetup, SavedMethod, State
from guilder.books.charging.operations.services import hook_address, mover, service_of
from guilder.books.charging.operations.setups import apply_setup, setup_facts
from guilder.books.charging.operations.starting import InsideTransaction
from guilder.books.charging.queries.setups import (
    SetupRecord,
    get_setup,
    setup_currency,
    setup_offers,
)
from guilder.foundation.audit import operations as audit
from guilder.foundation.edges.outbound import BadTarget, Unreachable
from guilder.foundation.edges.secrets import CannotOpen
from guilder.foundation.events import bus
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import current_organization, transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid
from guilder.kernel.wire import Wire
from guilder.registers.parties import queries as parties

FIELDS = ("client", "gateway", "method", "consent", "collects", "replaces", "back_url")


class InvalidSetup(Invalid):
    """What was sent cannot be kept; `problems` has every fault."""

    code = "charging.invalid_setup"


def start_setup(
    *,
    by: Actor,
    data: Mapping[str, Any],
    attempt: str,
    at: datetime,
    origin: str = "desk",
    base_url: str = "",
) -> SetupRecord:
    """Have a client leave a way to pay with a service. The same `attempt` is one, however often.

    Raw values: client, gateway, method (one that the gateway keeps without a payment), consent (the
    words that the client agrees to), collects (what falls due is taken from it by itself; yes when
    missing), replaces (a kept method that ends when this one is kept), back_url ("{setup}" becomes
    its id). What comes back is pending with a `url` where the client does it. Calls the service:
    never inside a transaction. Raises InvalidSetup with every fault, parties' NoSuchPartner.
    """
    by.require("charge.start")
    setup_id = intent(by=by, data=data, attempt=attempt, at=at, origin=origin)
    carry_out_setup(setup_id, by=by, at=at, base_url=base_url)
    return get_setup(setup_id, by=mover(by))


def intent(*, by: Actor, data: Mapping[str, Any], attempt: str, at: datetime, origin: str) -> UUID:
    """Commit what is about to be kept; gives the id, the old one for an old attempt."""
    with transaction(by.organization_id):
        rows = MethodSetup.objects.of(by.organization_id)
        known = rows.filter(attempt=attempt[:120]).first()
        if known is not None:
            return known.id
        row = read_wanted(data, by=by)
        row.attempt, row.origin = attempt[:120], origin
        row.next_check_at = at + wait_before(0)
        row.created_by_id, row.created_at, row.updated_at = by.user_id, at, at
        row.save(force_insert=True)
        bus.publish(MethodSetupStarted(**setup_facts(row)), by=by)
        after = {"gateway": str(row.gateway_id), "method": row.method, "collects": row.collects}
        audit.record(by=by, action="method_setup.start", table="charging_methodsetup",
                     row_id=row.id, before=None, after=after)  # fmt: skip
        return row.id


def read_wanted(data: Mapping[str, Any], *, by: Actor) -> MethodSetup:
    """Judge what was sent. Raises InvalidSetup, NoSuchPartner."""
    wire = Wire(data)
    wire.known(FIELDS)
    partner_id = wire.identity("client", required=True)
    gateway_id = wire.identity("gateway", required=True)
    method = wire.text("method", most=13, required=True)
    consent = wire.text("consent", most=1000, lines=True, required=True)
    collects = wire.flag("collects", default=True)
    replaces_id = wire.identity("replaces")
    back_url = wire.text("back_url", most=1000)
    if back_url and not back_url.startswith(("https://", "http://")):
        wire.fault(
            "back_url", "charging.bad_address", "Enter an address that begins with https://."
        )
    if wire.problems or partner_id is None or gateway_id is None:
        raise InvalidSetup(problems=wire.problems)
    offers = {one.id: one for one in setup_offers(partner_id, by=by)}
    gateway = offers.get(gateway_id)
    if gateway is None:
        detail = "Choose a gateway in use that keeps ways to pay without a payment."
        wire.fault("gateway", "charging.no_setup", detail)
    elif method not in gateway.methods:
        wire.fault("method", "charging.no_setup", f"Choose among {', '.join(gateway.methods)}.")
    kept = SavedMethod.objects.of(by.organization_id).filter(partner_id=partner_id, is_active=True)
    if replaces_id is not None and not kept.filter(id=replaces_id).exists():
        wire.fault("replaces", "charging.no_such_saved_method", "Choose one that is in use.")
    if wire.problems or gateway is None:
        raise InvalidSetup(problems=wire.problems)
    return MethodSetup(
        organization_id=by.organization_id,
        id=uuid7(),
        partner_id=partner_id,
        gateway_id=gateway_id,
        is_live=gateway.is_live,
        method=method,
        currency=setup_currency(partner_id, by=by),
        consent=consent,
        collects=collects,
        replaces_id=replaces_id,
        back_url=back_url,
    )


def carry_out_setup(setup_id: UUID, *, by: Actor, at: datetime, base_url: str = "") -> None:
    """Call the service for a committed intent and commit what came of it; done once is done."""
    if current_organization() is not None:
        raise InsideTransaction("Never call a payment service inside a transaction.")
    by = mover(by)
    with transaction(by.organization_id):
        rows = MethodSetup.objects.of(by.organization_id).select_related("gateway")
        row = rows.get(id=setup_id)
        if row.provider_id or row.state in {State.SUCCEEDED, State.FAILED}:
            return
        setup = setup_of(row, by=by, base_url=base_url)
    apply_setup(setup_id, begun(row, setup), by=by, at=at)


def begun(row: MethodSetup, setup: Setup) -> Report:
    """What the service answers; every way in which a call can end is a report."""
    try:
        return service_of(row.gateway).begin_setup(setup)
    except Refused as error:
        return Report(state="failed", failure=error.failure)
    except Unreachable:
        return Report(state="unknown", failure="no_answer")
    except (BadTarget, CannotOpen, Conflict, Invalid) as error:  # nothing was sent
        return Report(state="failed", failure=error.code[:80])


def setup_of(row: MethodSetup, *, by: Actor, base_url: str) -> Setup:
    """A row as the service is asked."""
    partner = parties.get_partner(by.organization_id, row.partner_id)
    seller = identities.get_organization(by.organization_id)
    address = partner.addresses.first()
    return Setup(
        key=row.id,
        currency=row.currency,
        method=row.method,
        provider_id=row.provider_id,
        description=seller.name[:100],
        name=partner.name,
        email=partner.email,
        country=address.country if address else "",
        language=(partner.language or seller.language or "en")[:2],
        back_url=row.back_url.replace("{setup}", str(row.id)),
        hook_url=hook_address(row.gateway, by=by, base_url=base_url),
    )
