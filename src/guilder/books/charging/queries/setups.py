"""Reading setups: ways to pay that clients are leaving without paying; and what is offered."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from guilder.books.charging.gateways.known import GATEWAYS
from guilder.books.charging.models import Gateway
from guilder.books.charging.queries.allowed import client_methods
from guilder.books.charging.queries.gateways import GatewayRecord, record_of
from guilder.books.charging.queries.reading import rows_of
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.registers.parties import queries as parties

STATEMENT = """
SELECT s.id, s.partner_id, p.name, s.gateway_id, g.name, g.kind, s.is_live, s.attempt, s.origin,
  s.method, s.currency, s.consent, s.collects, s.replaces_id, s.state, s.url, s.failure,
  s.saved_id, coalesce(m.label, ''), s.next_check_at, s.decided_at, s.created_at, s.updated_at
FROM charging_methodsetup s
JOIN parties_partner p ON p.organization_id = s.organization_id AND p.id = s.partner_id
JOIN charging_gateway g ON g.organization_id = s.organization_id AND g.id = s.gateway_id
LEFT JOIN charging_savedmethod m ON m.organization_id = s.organization_id AND m.id = s.saved_id
WHERE s.organization_id = %(organization)s::uuid
  AND guilder_sees(%(owner)s, %(drafts)s, s.created_by_id, s.partner_id, 'recorded')"""


class NoSuchSetup(NotFound):
    """No setup of that id in this organization."""

    code = "charging.no_such_setup"


@dataclass(frozen=True, slots=True)
class SetupRecord:
    """A way to pay that a client is leaving, or left; `url` is where."""

    id: UUID
    partner_id: UUID
    partner_name: str
    gateway_id: UUID
    gateway_name: str
    gateway_kind: str
    is_live: bool
    attempt: str
    origin: str
    method: str
    currency: str
    consent: str
    collects: bool
    replaces_id: UUID | None
    state: str
    url: str
    failure: str
    saved_id: UUID | None
    label: str
    next_check_at: datetime | None
    decided_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether it is neither kept nor refused yet."""
        return self.state in {"pending", "unknown"}


def get_setup(setup_id: UUID, *, by: Actor) -> SetupRecord:
    """One setup; NoSuchSetup."""
    by.require("payment.view")
    given = {"id": ("s.id = %(id)s::uuid", setup_id)}
    found = rows_of(STATEMENT, by=by, given=given, limit=1, letter="s")
    if not found:
        raise NoSuchSetup("There is no such way to pay under way.")
    return SetupRecord(*found[0])


def list_setups(
    *,
    by: Actor,
    partner_id: UUID | None = None,
    state: str = "",
    limit: int = 50,
    after: UUID | None = None,
) -> list[SetupRecord]:
    """A page, newest first; `after` is the last id of the page before."""
    by.require("payment.view")
    given = {
        "partner": ("s.partner_id = %(partner)s::uuid", partner_id),
        "state": ("s.state = %(state)s::text", state),
    }
    found = rows_of(STATEMENT, by=by, given=given, limit=limit, after=after, letter="s")
    return [SetupRecord(*one) for one in found]


def setup_currency(partner_id: UUID, *, by: Actor) -> str:
    """What a client is invoiced in. Raises parties' NoSuchPartner, also for those whom the actor
    does not see."""
    with transaction(by.organization_id):
        partner = parties.get_partner(by.organization_id, partner_id, side="customer")
        bound = parties.reach_of(by)["owner"]
        if bound is not None and partner_id not in bound:
            raise parties.NoSuchPartner("There is no such client.")
        terms = next((one for one in partner.partnerships.all() if one.side == "customer"), None)
        found = terms.currency if terms else ""
        return found or identities.get_organization(by.organization_id).base_currency


def setup_offers(partner_id: UUID, *, by: Actor) -> list[GatewayRecord]:
    """The gateways with which a client can leave a way to pay without paying, in the house's order,
    each with those methods. Raises parties' NoSuchPartner."""
    by.require("charge.start")
    with transaction(by.organization_id):
        currency = setup_currency(partner_id, by=by)
        chosen = client_methods(partner_id, by=by).methods
        rows = Gateway.objects.of(by.organization_id).filter(is_active=True)
        found = [record_of(one) for one in rows.order_by("position", "id")]
    narrowed = [narrowed_to_setups(one, currency, chosen) for one in found]
    return [one for one in narrowed if one.methods]


def narrowed_to_setups(
    gateway: GatewayRecord, currency: str, chosen: tuple[str, ...]
) -> GatewayRecord:
    """A gateway with those of its methods that can be kept without a payment."""
    takes = not gateway.currencies or currency in gateway.currencies
    able = GATEWAYS[gateway.kind].sets_up.items() if takes else ()
    methods = [
        name
        for name, currencies in able
        if name in gateway.methods
        and (not currencies or currency in currencies)
        and (not chosen or name in chosen)
    ]
    return replace(gateway, methods=tuple(methods))
