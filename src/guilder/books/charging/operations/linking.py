"""A link by which one client leaves a way to pay: of bounded life, and it opens nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from guilder.books.charging.gateways.base import NotOffered
from guilder.books.charging.operations.forgetting import LINK
from guilder.books.charging.queries.setups import setup_currency, setup_offers
from guilder.foundation.audit import operations as audit
from guilder.foundation.identity import operations as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor

LASTS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class MethodLink:
    """Where a client leaves a way to pay, and until when; the address is shown once."""

    url: str
    expires_at: datetime


def make_method_link(
    partner_id: UUID, *, by: Actor, at: datetime, base_url: str = ""
) -> MethodLink:
    """A new link for a client, valid for 14 days. Raises parties' NoSuchPartner, NotOffered where
    no gateway in use keeps a way to pay without a payment."""
    by.require("payment.record")
    with transaction(by.organization_id):
        if not setup_offers(partner_id, by=by):
            raise NotOffered("No gateway in use keeps a way to pay of this client.")
        secret = identity.create_access_token(
            by=by, kind=LINK, target_id=partner_id, valid_for=LASTS
        )
        expires_at = at + LASTS
        audit.record(by=by, action="method_setup.link", table="parties_partner", row_id=partner_id,
                     before=None, after={"expires_at": expires_at.isoformat()})  # fmt: skip
    base = (settings.BASE_URL or base_url).rstrip("/")
    return MethodLink(f"{base}/{LINK}/{secret}/", expires_at)


def end_method_links(partner_id: UUID, *, by: Actor) -> int:
    """End all links of a client that were given away; gives how many. Raises NoSuchPartner."""
    by.require("payment.record")
    with transaction(by.organization_id):
        setup_currency(partner_id, by=by)  # whoever asks must see the client
        count = identity.revoke_access_tokens(by=by, kind=LINK, target_id=partner_id)
        audit.record(by=by, action="method_setup.links_end", table="parties_partner",
                     row_id=partner_id, before=None, after={"count": count})  # fmt: skip
        return count
