"""Reading saved methods."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guilder.books.charging.queries.reading import rows_of
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound

STATEMENT = """
SELECT s.id, s.partner_id, p.name, s.gateway_id, g.name, g.kind, g.is_live, s.method, s.label,
  s.is_active, s.collects, s.agreed_at, s.ended_at, s.ended_reason, s.consent,
  s.forgotten_at, s.forget_failure
FROM charging_savedmethod s
JOIN parties_partner p ON p.organization_id = s.organization_id AND p.id = s.partner_id
JOIN charging_gateway g ON g.organization_id = s.organization_id AND g.id = s.gateway_id
WHERE s.organization_id = %(organization)s::uuid
  AND guilder_sees(%(owner)s, %(drafts)s, NULL::uuid, s.partner_id, 'recorded')"""


class NoSuchSavedMethod(NotFound):
    """No saved method of that id in this organization."""

    code = "charging.no_such_saved_method"


@dataclass(frozen=True, slots=True)
class SavedRecord:
    """A way to pay that a client let us keep."""

    id: UUID
    partner_id: UUID
    partner_name: str
    gateway_id: UUID
    gateway_name: str
    gateway_kind: str
    is_live: bool
    method: str
    label: str
    is_active: bool
    collects: bool
    agreed_at: datetime
    ended_at: datetime | None
    ended_reason: str
    consent: str
    forgotten_at: datetime | None
    forget_failure: str


def get_saved(saved_id: UUID, *, by: Actor) -> SavedRecord:
    """One saved method; NoSuchSavedMethod."""
    by.require("payment.view")
    given = {"id": ("s.id = %(id)s::uuid", saved_id)}
    found = rows_of(STATEMENT, by=by, given=given, limit=1, letter="s")
    if not found:
        raise NoSuchSavedMethod("There is no such saved method.")
    return SavedRecord(*found[0])


def list_saved(
    *, by: Actor, partner_id: UUID | None = None, limit: int = 50, after: UUID | None = None
) -> list[SavedRecord]:
    """A page, newest first; `after` is the last id of the page before."""
    by.require("payment.view")
    given = {"partner": ("s.partner_id = %(partner)s::uuid", partner_id)}
    found = rows_of(STATEMENT, by=by, given=given, limit=limit, after=after, letter="s")
    return [SavedRecord(*one) for one in found]
