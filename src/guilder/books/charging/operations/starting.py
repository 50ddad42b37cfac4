"""Starting a charge: the intent is committed, then the service is called, then the outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.charging.calc import wait_before
from guilder.books.charging.events import ChargeStarted
from guilder.books.charging.gateways.base import Order, Refused, Report
from guilder.books.charging.gateways.known import GATEWAYS
from guilder.books.charging.models import Charge, ChargeShare, Gateway, SavedMethod, State
from guilder.books.charging.operations.applying import apply
from guilder.books.charging.operations.services import (
    facts_of,
    hook_address,
    kept_of,
    mover,
    service_of,
)
from guilder.books.charging.queries.allowed import client_methods
from guilder.books.charging.queries.charges import ChargeRecord, get_charge, is_under_way
from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing.queries import get_invoice
from guilder.books.invoicing.queries.discounts import offer_now
from guilder.foundation.audit import operations as audit
from guilder.foundation.edges.outbound import BadTarget, Unreachable
from guilder.foundation.edges.secrets import CannotOpen
from guilder.foundation.events import bus
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import current_organization, transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, Problem
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire
from guilder.registers.parties import queries as parties

FIELDS = ("gateway", "invoices", "method", "keep_method", "consent", "saved_method", "back_url")
# How long a service is sure to remember the key of an order.
REMEMBERED = timedelta(hours=20)


class InvalidCharge(Invalid):
    """What was sent cannot be charged; `problems` has every fault."""

    code = "charging.invalid"


class InsideTransaction(RuntimeError):
    """A service was about to be called with a transaction open: a bug, not an input."""


@dataclass(slots=True)
class Wanted:
    """A charge as it was sent, judged."""

    gateway: Gateway
    partner_id: UUID
    amounts: dict[UUID, int]
    numbers: list[str]
    currency: str
    method: str = ""
    saved: SavedMethod | None = None
    keeps_method: bool = False
    consent: str = ""
    back_url: str = ""
    enough: dict[UUID, int] = field(default_factory=dict)  # what settles an invoice if paid early
    problems: list[Problem] = field(default_factory=list)

    @property
    def amount(self) -> int:
        """What is asked for, in minor units."""
        return sum(self.amounts.values())


def start_charge(
    *,
    by: Actor,
    data: Mapping[str, Any],
    attempt: str,
    at: datetime,
    origin: str = "desk",
    base_url: str = "",
) -> ChargeRecord:
    """Ask for money for invoices of one client. The same `attempt` is one charge, however often.

    Raw values: gateway, invoices [{"invoice", "amount"}] (all that is open when missing), method,
    keep_method, consent (the words agreed to), saved_method, back_url. What comes back may be
    pending with a `url` where the client pays. Calls the service: never inside a transaction.
    Raises InvalidCharge with every fault, NoSuchGateway.
    """
    by.require("charge.start")
    charge_id = intent(by=by, data=data, attempt=attempt, at=at, origin=origin)
    carry_out(charge_id, by=by, at=at, base_url=base_url)
    with transaction(by.organization_id):
        return get_charge(charge_id, by=mover(by))


def intent(*, by: Actor, data: Mapping[str, Any], attempt: str, at: datetime, origin: str) -> UUID:
    """Commit what is about to be asked for; gives the id, the old one for an old attempt."""
    with transaction(by.organization_id):
        known = Charge.objects.of(by.organization_id).filter(attempt=attempt[:120]).first()
        if known is not None:
            return known.id
        wanted = read_wanted(data, by=by, at=at)
        if origin == Charge.Origin.AUTOMATIC:
            refuse_twice(wanted, by=by)
        if origin == Charge.Origin.PAGE:
            refuse_unoffered(wanted, by=by)
        row = Charge(
            organization_id=by.organization_id,
            id=uuid7(),
            partner_id=wanted.partner_id,
            gateway_id=wanted.gateway.id,
            saved_id=wanted.saved.id if wanted.saved else None,
            is_live=wanted.gateway.is_live,
            attempt=attempt[:120],
            origin=origin,
            amount=wanted.amount,
            currency=wanted.currency,
            method=wanted.method,
            keeps_method=wanted.keeps_method,
            consent=wanted.consent if wanted.keeps_method else "",
            back_url=wanted.back_url,
            next_check_at=at + wait_before(0),
            created_by_id=by.user_id,
            created_at=at,
            updated_at=at,
        )
        row.save(force_insert=True)
        for invoice_id, amount in wanted.amounts.items():
            ChargeShare.objects.create(
                organization_id=by.organization_id,
                charge_id=row.id,
                invoice_id=invoice_id,
                amount=amount,
            )
        bus.publish(ChargeStarted(origin=origin, **facts_of(row)), by=by)
        audit.record(
            by=by,
            action="charge.start",
            table="charging_charge",
            row_id=row.id,
            before=None,
            after={"amount": Money(row.amount, row.currency), "gateway": str(row.gateway_id)},
        )
        return row.id


def read_wanted(data: Mapping[str, Any], *, by: Actor, at: datetime) -> Wanted:
    """Judge what was sent, the invoices under lock. Raises InvalidCharge."""
    wire = Wire(data)
    wire.known(FIELDS)
    gateway_id = wire.identity("gateway", required=True)
    gateway = Gateway.objects.of(by.organization_id).filter(id=gateway_id).first()
    if gateway_id is not None and (gateway is None or not gateway.is_active):
        wire.fault("gateway", "charging.no_such_gateway", "Choose a gateway that is in use.")
    saved_id = wire.identity("saved_method")
    back_url = wire.text("back_url", most=1000)
    if back_url and not back_url.startswith(("https://", "http://")):
        wire.fault(
            "back_url", "charging.bad_address", "Enter an address that begins with https://."
        )
    shares = shares_of(wire)
    debts = invoicing.lock_debts(list(shares), by=by) if shares else {}
    if not shares:
        wire.fault("invoices", "required", "Name at least one invoice.")
    if wire.problems or gateway is None:
        raise InvalidCharge(problems=wire.problems)
    wanted = Wanted(
        gateway=gateway,
        partner_id=next((one.partner_id for one in debts.values()), gateway.id),
        amounts={},
        numbers=[one.number or "" for one in debts.values()],
        currency=next((one.currency for one in debts.values()), ""),
        method=wire.choice("method", methods_of(gateway)) if wire.has("method") else "",
        keeps_method=wire.flag("keep_method"),
        consent=wire.text("consent", most=1000, lines=True),
        back_url=back_url,
        problems=wire.problems,
    )
    wanted.enough = enough_of(shares, debts, by=by, at=at)
    judge_shares(wanted, shares, debts)
    judge_saved(wanted, saved_id, by=by)
    if not wanted.problems:
        judge_amount(wanted)
    if wanted.problems:
        raise InvalidCharge(problems=wanted.problems)
    return wanted


def refuse_twice(wanted: Wanted, *, by: Actor) -> None:
    """Raise InvalidCharge where one of the invoices, under lock by now, is being paid already."""
    for invoice_id in wanted.amounts:
        if is_under_way(invoice_id, by=by):
            detail = "A payment of it is under way already."
            fault(wanted, "/invoices", "charging.under_way", detail)
    if wanted.problems:
        raise InvalidCharge(problems=wanted.problems)


def refuse_unoffered(wanted: Wanted, *, by: Actor) -> None:
    """Raise InvalidCharge where the client may not pay so, or not that much."""
    allowed = client_methods(wanted.partner_id, by=mover(by))
    if not allowed.takes(wanted.method, Money(wanted.amount, wanted.currency)):
        fault(wanted, "/method", "charging.not_for_client", "Choose one of the ways offered.")
        raise InvalidCharge(problems=wanted.problems)


def shares_of(wire: Wire) -> dict[UUID, Decimal | None]:
    """Invoice → amount, None for all that is open."""
    found: dict[UUID, Decimal | None] = {}
    for part in wire.parts("invoices", most=100):
        part.known(("invoice", "amount"))
        invoice_id = part.identity("invoice", required=True)
        value = part.decimal("amount", places=4) if part.has("amount") else None
        if value is not None and value <= 0:
            part.fault("amount", "too_small", "Enter an amount above 0.")
        if invoice_id is not None:
            found[invoice_id] = value
    return found


def enough_of(
    shares: Mapping[UUID, Decimal | None],
    debts: Mapping[UUID, invoicing.Debt],
    *,
    by: Actor,
    at: datetime,
) -> dict[UUID, int]:
    """Invoice → what is enough today because it is early; those alone of which a part was asked."""
    zone = ZoneInfo(identities.get_organization(by.organization_id).time_zone)
    found = {}
    for invoice_id, value in shares.items():
        if value is None or invoice_id not in debts:
            continue
        record = get_invoice(invoice_id, by=mover(by))
        offer = offer_now(record, by=mover(by), today=at.astimezone(zone).date())
        if offer is not None:
            found[invoice_id] = offer.payable.minor
    return found


def judge_shares(
    wanted: Wanted, shares: Mapping[UUID, Decimal | None], debts: Mapping[UUID, invoicing.Debt]
) -> None:
    """What is asked for of each invoice: of one client, in one currency, no more than is open."""
    for place, (invoice_id, value) in enumerate(shares.items()):
        debt, at = debts.get(invoice_id), f"/invoices/{place}"
        if debt is None or not debt.is_receivable:
            fault(wanted, f"{at}/invoice", "charging.no_invoice", "There is no such open invoice.")
        elif debt.partner_id != wanted.partner_id:
            fault(wanted, f"{at}/invoice", "charging.other_client", "Name invoices of one client.")
        elif debt.currency != wanted.currency:
            fault(
                wanted, f"{at}/invoice", "charging.other_currency", "Name one currency's invoices."
            )
        elif not debt.left:
            fault(wanted, f"{at}/invoice", "charging.nothing_open", "Nothing is open on it.")
        else:
            judge_share(wanted, debt, value, at)


def judge_share(wanted: Wanted, debt: invoicing.Debt, value: Decimal | None, at: str) -> None:
    """One amount, in the minor units of its currency."""
    try:
        amount = debt.left if value is None else Money.of(value, debt.currency).minor
    except ValueError as error:
        fault(wanted, f"{at}/amount", "charging.amount", str(error))
        return
    if amount > debt.left:
        left = Money(debt.left, debt.currency)
        detail = f"Only {left} {debt.currency} are open on it. Ask for less."
        fault(wanted, f"{at}/amount", "charging.over_open", detail)
    elif amount < wanted.enough.get(debt.id, debt.left) and not wanted.gateway.takes_parts:
        fault(
            wanted, f"{at}/amount", "charging.no_parts", "Pay all of it: parts are not taken here."
        )
    else:
        wanted.amounts[debt.id] = amount


def judge_saved(wanted: Wanted, saved_id: UUID | None, *, by: Actor) -> None:
    """A saved method is the client's own, at this gateway, and not ended."""
    if saved_id is None:
        return
    found = SavedMethod.objects.of(by.organization_id).filter(
        id=saved_id, partner_id=wanted.partner_id, gateway_id=wanted.gateway.id, is_active=True
    )
    wanted.saved = found.first()
    if wanted.saved is None:
        detail = "This client has no such saved method at this gateway."
        fault(wanted, "/saved_method", "charging.no_saved_method", detail)


def judge_amount(wanted: Wanted) -> None:
    """What the gateway takes: currencies, the least and the most."""
    gateway, money = wanted.gateway, Money(wanted.amount, wanted.currency)
    if gateway.currencies and wanted.currency not in gateway.currencies:
        fault(wanted, "/gateway", "charging.currency", f"It takes no {wanted.currency}.")
    if money.amount < gateway.least:
        fault(wanted, "/invoices", "charging.too_small", f"It takes {gateway.least:f} or more.")
    if gateway.most is not None and money.amount > gateway.most:
        fault(wanted, "/invoices", "charging.too_large", f"It takes {gateway.most:f} at most.")


def methods_of(gateway: Gateway) -> tuple[str, ...]:
    """The methods that a gateway offers: those chosen, else all that the service has."""
    return tuple(gateway.methods) or GATEWAYS[gateway.kind].methods


def fault(wanted: Wanted, pointer: str, code: str, detail: str) -> None:
    """Note one more problem."""
    wanted.problems.append(Problem(pointer, code, detail))


def carry_out(charge_id: UUID, *, by: Actor, at: datetime, base_url: str = "") -> None:
    """Call the service for a committed intent and commit what came of it; done once is done."""
    if current_organization() is not None:
        raise InsideTransaction("Never call a payment service inside a transaction.")
    by = mover(by)
    with transaction(by.organization_id):
        row = (
            Charge.objects.of(by.organization_id)
            .select_related("gateway", "saved")
            .get(id=charge_id)
        )
        if row.provider_id or row.state in {State.SUCCEEDED, State.FAILED}:
            return
        order = order_of(row, by=by, base_url=base_url)
    apply(charge_id, asked(row, order), by=by, at=at)


def asked(row: Charge, order: Order) -> Report:
    """What the service answers; every way in which a call can end is a report."""
    try:
        return service_of(row.gateway).start(order)
    except Refused as error:
        return Report(state="failed", failure=error.failure, is_hard=error.is_hard)
    except Unreachable:
        return Report(state="unknown", failure="no_answer")
    except (BadTarget, CannotOpen, Conflict, Invalid) as error:  # nothing was sent
        return Report(state="failed", failure=error.code[:80])


def order_of(row: Charge, *, by: Actor, base_url: str) -> Order:
    """A row as the service is asked."""
    partner = parties.get_partner(by.organization_id, row.partner_id)
    seller = identities.get_organization(by.organization_id)
    shares = row.shares.select_related("invoice").order_by("id")
    numbers = ", ".join(one.invoice.number or "" for one in shares)
    address = partner.addresses.first()
    return Order(
        key=row.id,
        amount=Money(row.amount, row.currency),
        description=f"{seller.name}: {numbers}"[:200],
        method=row.method,
        name=partner.name,
        email=partner.email,
        country=address.country if address else "",
        language=(partner.language or seller.language or "en")[:2],
        back_url=row.back_url.replace("{charge}", str(row.id)),
        hook_url=hook_address(row.gateway, by=by, base_url=base_url),
        keeps_method=row.keeps_method,
        kept=kept_of(row.saved) if row.saved else None,
    )
