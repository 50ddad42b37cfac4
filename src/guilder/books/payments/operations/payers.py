"""Who pays, as the books know them; asked together with what they pay, where that is named."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from guilder.books.invoicing import operations as invoicing
from guilder.foundation.tenancy.hot import asked_together, cursor
from guilder.kernel.actor import Actor

PAYER = """
SELECT o.base_currency, o.time_zone, p.name,
  (SELECT jsonb_object_agg(a.role, a.id) FROM ledger_account a
    WHERE a.organization_id = o.id AND a.role <> ''),
  (SELECT a.id FROM ledger_account a WHERE a.organization_id = o.id AND a.id = %(account)s::uuid
    AND a.kind = 'asset' AND a.role <> 'receivables')
FROM identity_organization o
LEFT JOIN parties_partner p ON p.organization_id = o.id AND p.id = %(partner)s::uuid
WHERE o.id = %(organization)s::uuid
"""

MOST_NAMED = 500  # as many as may be named


@dataclass(slots=True)
class Payer:
    """What the books know of who pays."""

    base_currency: str
    time_zone: str
    name: str | None
    accounts: dict[str, UUID]
    account_id: UUID | None


def payer_of(data: Mapping[str, Any], *, by: Actor) -> Payer:
    """The organization's and the client's side, in one statement; absent client: no name."""
    return asked_payer(data, by=by)()


def payer_and_debts(
    data: Mapping[str, Any], *, by: Actor
) -> tuple[Payer, dict[UUID, invoicing.Debt]]:
    """The same, and the invoices that are named under lock, in one journey. Where they cannot be
    read from `data`, or others come to them (`auto`), none is locked yet."""
    ids = [] if data.get("auto") else named_in(data)
    if not ids:
        return payer_of(data, by=by), {}
    with asked_together():
        payer, debts = asked_payer(data, by=by), invoicing.asked_debts(ids, by=by)
    return payer(), debts()


def asked_payer(data: Mapping[str, Any], *, by: Actor) -> Callable[[], Payer]:
    """The question, and what reads its answer."""
    values = {
        "organization": by.organization_id,
        "partner": as_id(data.get("client")),
        "account": as_id(data.get("account")),
    }
    asked = cursor(binary=True).execute(PAYER, values, prepare=True)
    return lambda: payer_in(cast("tuple[Any, ...]", asked.fetchone()))


def payer_in(row: tuple[Any, ...]) -> Payer:
    """A row of PAYER."""
    base, zone, name, accounts, account = row
    return Payer(
        base, zone, name, {role: UUID(one) for role, one in (accounts or {}).items()}, account
    )


def named_in(data: Mapping[str, Any]) -> list[UUID]:
    """The invoices of raw `allocations`; none where one cannot be read: that is judged later."""
    parts = data.get("allocations")
    if not isinstance(parts, list) or len(parts) > MOST_NAMED:
        return []
    ids = [as_id(one.get("invoice")) if isinstance(one, Mapping) else None for one in parts]
    return [one for one in ids if one is not None] if all(ids) else []


def as_id(value: Any) -> UUID | None:
    """A UUID where it is one; the reader points at what is not."""
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        return None
