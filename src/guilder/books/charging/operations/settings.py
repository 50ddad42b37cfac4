"""Keeping gateways: their keys are sealed and never shown again."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.books.charging.gateways.base import BadKeys, Refused
from guilder.books.charging.gateways.known import GATEWAYS, made
from guilder.books.charging.models import Gateway
from guilder.books.charging.operations.services import find_gateway, keys_of, sealed, service_of
from guilder.books.charging.operations.starting import InsideTransaction
from guilder.books.charging.queries.gateways import GatewayRecord, get_gateway
from guilder.foundation.audit import operations as audit
from guilder.foundation.edges.outbound import BadTarget, Unreachable
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import current_organization, transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, Problem, Stale
from guilder.kernel.wire import Wire

FIELDS = ("kind", "name", "is_live", "is_active", "keys", "methods", "currencies", "least", "most",
          "takes_parts")  # fmt: skip
KEPT = ("name", "is_active", "methods", "currencies", "least", "most", "takes_parts")


class InvalidGateway(Invalid):
    """What was sent is no gateway; `problems` has every fault."""

    code = "charging.invalid_gateway"


class GatewayTaken(Conflict):
    """Another gateway has that name."""

    code = "charging.gateway_taken"


def save_gateway(
    *,
    by: Actor,
    data: Mapping[str, Any],
    at: datetime,
    gateway_id: UUID | None = None,
    version: int | None = None,
) -> GatewayRecord:
    """Add a gateway, or change one: its kind and mode stay, keys that are empty stay as stored.

    Raises InvalidGateway with every fault, GatewayTaken, NoSuchGateway, Stale.
    """
    by.require("settings.edit")
    with transaction(by.organization_id):
        row = None
        if gateway_id is not None:
            find_gateway(gateway_id, by=by)
            row = Gateway.objects.of(by.organization_id).lock().get(id=gateway_id)
            if version is not None and version != row.version:
                raise Stale("This was changed in the meantime. Read it again.")
        fresh = read_gateway(data, row, by=by, at=at)
        refuse_taken(fresh, by=by)
        before = None if row is None else shown(row)
        fresh.save()
        audit.record(
            by=by,
            action="gateway.update" if row else "gateway.create",
            table="charging_gateway",
            row_id=fresh.id,
            before=before,
            after=shown(fresh),
        )
        return get_gateway(fresh.id, by=by)


def read_gateway(
    data: Mapping[str, Any], row: Gateway | None, *, by: Actor, at: datetime
) -> Gateway:
    """Judge what was sent over what is stored. Raises InvalidGateway."""
    wire = Wire(data)
    wire.known(FIELDS)
    kind = row.kind if row else wire.choice("kind", tuple(GATEWAYS), default="")
    if not kind and not wire.problems:
        wire.fault("kind", "required", "Choose a payment service.")
    is_live = row.is_live if row else wire.flag("is_live")
    fresh = Gateway(
        organization_id=by.organization_id,
        id=row.id if row else uuid7(),
        kind=kind,
        is_live=is_live,
        name=wire.text("name", most=80)
        or (row.name if row else GATEWAYS[kind].title if kind else ""),
        is_active=wire.flag("is_active", default=row.is_active if row else True),
        position=row.position if row else 0,
        takes_parts=wire.flag("takes_parts", default=row.takes_parts if row else True),
        tested_at=row.tested_at if row else None,
        test_problem=row.test_problem if row else "",
        heard_at=row.heard_at if row else None,
        created_by_id=row.created_by_id if row else by.user_id,
        created_at=row.created_at if row else at,
        updated_at=at,
        version=row.version + 1 if row else 1,
    )
    read_offer(wire, fresh, row)
    keys = read_keys(wire, kind, row)
    if not wire.problems:
        judge_keys(wire, kind, keys, is_live=is_live)
    if wire.problems:
        raise InvalidGateway(problems=wire.problems)
    fresh.sealed_keys = sealed(keys, organization_id=by.organization_id)
    fresh._state.adding = row is None
    return fresh


def read_offer(wire: Wire, fresh: Gateway, row: Gateway | None) -> None:
    """What is offered by it: methods, currencies, from and up to which amount."""
    methods = GATEWAYS[fresh.kind].methods if fresh.kind else ()
    fresh.methods = (
        words(wire, "methods", methods) if wire.has("methods") else (row.methods if row else [])
    )
    fresh.currencies = (
        words(wire, "currencies", ()) if wire.has("currencies") else (row.currencies if row else [])
    )
    given = wire.decimal("least", places=4) if wire.has("least") else None
    least = given if given is not None else row.least if row else Decimal(0)
    fresh.least = least
    most = wire.decimal("most", places=4) if wire.has("most") else row.most if row else None
    fresh.most = most
    if least < 0 or (most is not None and most < least):
        wire.fault("most", "charging.bounds", "The most is no less than the least.")


def words(wire: Wire, name: str, known: tuple[str, ...]) -> list[str]:
    """A list of codes, or the same as one text with commas."""
    given = wire.data.get(name)
    parts = given.split(",") if isinstance(given, str) else given
    if not isinstance(parts, (list, tuple)) or not all(isinstance(one, str) for one in parts):
        wire.fault(name, "charging.codes", "Send a list of codes.")
        return []
    found = [one.strip() for one in parts if one.strip()]
    if name == "currencies":
        found = [one.upper() for one in found]
        bad = [one for one in found if len(one) != 3 or not one.isalpha()]
    else:
        bad = [one for one in found if one not in known]
    if bad:
        wire.fault(name, "charging.codes", f"This is not known: {', '.join(bad)[:80]}.")
    return found


def read_keys(wire: Wire, kind: str, row: Gateway | None) -> dict[str, str]:
    """Its keys: an empty one leaves what is stored."""
    keys = keys_of(row) if row else {}
    part = wire.part("keys") if wire.has("keys") else None
    if part is None or not kind:
        return keys
    names = [one.name for one in GATEWAYS[kind].keys]
    part.known(names)
    for name in names:
        given = part.text(name, most=500).strip()
        if given:
            keys[name] = given
    return keys


def judge_keys(wire: Wire, kind: str, keys: dict[str, str], *, is_live: bool) -> None:
    """Whether the service would take these for keys of its own."""
    try:
        made(kind, keys, is_live=is_live)
    except BadKeys as error:
        wire.problems.extend(
            error.problems or [Problem("/keys", "charging.bad_keys", error.detail)]
        )


def refuse_taken(fresh: Gateway, *, by: Actor) -> None:
    """Raise GatewayTaken where another gateway has the name."""
    others = Gateway.objects.of(by.organization_id).exclude(id=fresh.id)
    if others.filter(name=fresh.name).exists():
        raise GatewayTaken("Another gateway has this name. Choose a different one.")


def shown(row: Gateway) -> dict[str, Any]:
    """What the audit trail keeps: never a key."""
    found = {name: getattr(row, name) for name in KEPT}
    most = None if row.most is None else f"{row.most:f}"
    return found | {
        "kind": row.kind,
        "is_live": row.is_live,
        "least": f"{row.least:f}",
        "most": most,
    }


def try_gateway(gateway_id: UUID, *, by: Actor, at: datetime) -> str:
    """Ask the service for the account's name with the stored keys; "" where it has none.

    Calls the service: never inside a transaction. Raises NoSuchGateway, Refused, Unreachable.
    """
    by.require("settings.edit")
    if current_organization() is not None:
        raise InsideTransaction("Never call a payment service inside a transaction.")
    with transaction(by.organization_id):
        row = find_gateway(gateway_id, by=by)
    problem, name = "", ""
    try:
        name = service_of(row).test()
    except (Refused, Unreachable, BadTarget, Invalid) as error:
        problem = error.detail
        raise
    finally:
        with transaction(by.organization_id):
            Gateway.objects.of(by.organization_id).filter(id=row.id).update(
                tested_at=at, test_problem=problem[:300]
            )
    return name
