"""Reading gateways, without their keys."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from guilder.books.charging.gateways.base import Key
from guilder.books.charging.gateways.known import GATEWAYS
from guilder.books.charging.models import Gateway
from guilder.books.charging.queries.allowed import ALL, client_methods
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.kernel.money import Money


class NoSuchGateway(NotFound):
    """No gateway of that id in this organization."""

    code = "charging.no_such_gateway"


@dataclass(frozen=True, slots=True)
class GatewayRecord:
    """A gateway; `least` and `most` are major units of whatever currency is asked for."""

    id: UUID
    kind: str
    title: str
    name: str
    is_live: bool
    is_active: bool
    methods: tuple[str, ...]
    all_methods: tuple[str, ...]
    currencies: tuple[str, ...]
    least: Decimal
    most: Decimal | None
    takes_parts: bool
    keeps: bool
    asks: bool
    refunds: bool
    tested_at: datetime | None
    test_problem: str
    heard_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int

    def takes(self, money: Money) -> bool:
        """Whether that much can be charged through it."""
        return (
            (not self.currencies or money.currency in self.currencies)
            and money.amount >= self.least
            and (self.most is None or money.amount <= self.most)
        )


def record_of(row: Gateway) -> GatewayRecord:
    """A row without its keys."""
    service = GATEWAYS[row.kind]
    return GatewayRecord(
        id=row.id,
        kind=row.kind,
        title=service.title,
        name=row.name,
        is_live=row.is_live,
        is_active=row.is_active,
        methods=tuple(row.methods) or service.methods,
        all_methods=service.methods,
        currencies=tuple(row.currencies),
        least=row.least,
        most=row.most,
        takes_parts=row.takes_parts,
        keeps=service.keeps,
        asks=service.asks,
        refunds=service.refunds,
        tested_at=row.tested_at,
        test_problem=row.test_problem,
        heard_at=row.heard_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )


def get_gateway(gateway_id: UUID, *, by: Actor) -> GatewayRecord:
    """One gateway; NoSuchGateway."""
    by.require("settings.view")
    with transaction(by.organization_id):
        row = Gateway.objects.of(by.organization_id).filter(id=gateway_id).first()
    if row is None:
        raise NoSuchGateway("There is no such payment gateway.")
    return record_of(row)


def list_gateways(*, by: Actor) -> list[GatewayRecord]:
    """All gateways, those in use first."""
    by.require("settings.view")
    with transaction(by.organization_id):
        rows = Gateway.objects.of(by.organization_id).order_by("-is_active", "position", "id")
        return [record_of(one) for one in rows]


def offered(money: Money, *, by: Actor, partner_id: UUID | None = None) -> list[GatewayRecord]:
    """The gateways through which a client may pay that much, in the house's order; with
    `partner_id` only with the methods that this client may use."""
    by.require("charge.start")
    with transaction(by.organization_id):
        rows = Gateway.objects.of(by.organization_id).filter(is_active=True)
        found = [record_of(one) for one in rows.order_by("position", "id")]
        allowed = client_methods(partner_id, by=by) if partner_id else ALL
    found = [allowed.narrowed(one, money) for one in found if one.takes(money)]
    return [one for one in found if one.methods]


def title_of(kind: str) -> str:
    """The name of a service as people know it."""
    return GATEWAYS[kind].title


def kinds() -> tuple[tuple[str, str, tuple[Key, ...]], ...]:
    """(kind, title, keys to enter) of every service there is."""
    return tuple((kind, one.title, one.keys) for kind, one in GATEWAYS.items())


def methods_of(kind: str) -> tuple[str, ...]:
    """The methods that a service has."""
    return GATEWAYS[kind].methods
