"""By which methods a client may pay on their page."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.books.charging.models import ClientMethods
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money

METHODS = ("card", "direct_debit", "bank_transfer", "online", "cash")


@dataclass(frozen=True, slots=True)
class Allowed:
    """Methods that a client may use, none for all; up to `most` major units through gateways."""

    methods: tuple[str, ...] = ()
    most: Decimal | None = None
    version: int = 0

    def takes(self, method: str, money: Money) -> bool:
        """Whether that much may be paid by that method; "" is whatever the gateway takes."""
        fits = not self.methods or not method or method in self.methods
        return fits and (self.most is None or money.amount <= self.most)

    def narrowed(self, gateway: Any, money: Money) -> Any:
        """A gateway with those of its methods that the client may use."""
        return replace(
            gateway, methods=tuple(one for one in gateway.methods if self.takes(one, money))
        )


ALL = Allowed()


def client_methods(partner_id: UUID, *, by: Actor) -> Allowed:
    """What was agreed with a client; all where nothing was."""
    by.require("charge.start")
    with transaction(by.organization_id):
        row = ClientMethods.objects.of(by.organization_id).filter(partner_id=partner_id).first()
    return Allowed(tuple(row.methods), row.most, row.version) if row else ALL
