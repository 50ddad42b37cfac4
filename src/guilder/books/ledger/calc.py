"""Pure rules of booking: which account a role means, and when postings balance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID


class Unbalanced(ValueError):
    """Postings that do not come to nothing: a bug of the caller, never an input."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One posting to be made: debit above zero, credit below, in minor units.

    `role` says the account (charts.base.ROLES); `account_id` overrides it.
    """

    role: str
    amount: int
    base_amount: int
    tax_category: str = ""
    tax_rate: Decimal | None = None
    account_id: UUID | None = None

    def mirrored(self) -> "Leg":
        """The same the other way round."""
        return Leg(
            self.role,
            -self.amount,
            -self.base_amount,
            self.tax_category,
            self.tax_rate,
            self.account_id,
        )


class NoAccount(LookupError):
    """The chart has no account for a role."""


def account_of(leg: Leg, accounts: Mapping[str, UUID]) -> UUID:
    """The account of `leg`: role with category and rate, with category, alone. NoAccount."""
    if leg.account_id is not None:
        return leg.account_id
    names = [leg.role]
    if leg.tax_category:
        names.append(f"{leg.role}.{leg.tax_category}")
        if leg.tax_rate is not None:
            names.append(f"{leg.role}.{leg.tax_category}.{leg.tax_rate.normalize():f}")
    for name in reversed(names):
        if name in accounts:
            return accounts[name]
    raise NoAccount(leg.role)


def balanced(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """The legs that move something; Unbalanced unless amounts and base amounts come to nothing."""
    moving = tuple([leg for leg in legs if leg.amount or leg.base_amount])
    total, base = 0, 0
    for leg in moving:
        total += leg.amount
        base += leg.base_amount
    if total or base:
        raise Unbalanced(f"Postings do not balance: {moving}")
    return moving
