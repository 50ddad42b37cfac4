"""The one statement of a page: whose session it is, where they belong, and how often they came."""

import json
import time
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import models

from guilder.foundation.edges import throttle
from guilder.foundation.identity.models import Organization, User
from guilder.foundation.tenancy import hot

SCOPE = "page"
# {user} and {organization} are the columns of the two tables. The generation is asked for where
# somebody was last: to add it up for all that an accountant belongs to would be much.
ARRIVED = """
WITH who AS (
  SELECT s.session_data, {user}, %(allowance)s::int AS allowance, %(period)s::int AS period
  FROM django_session s JOIN identity_user u ON u.id = %(user)s::uuid AND u.is_active
  WHERE s.session_key = %(session)s::text AND s.expire_date > %(at)s::timestamptz),
counted AS ({counted})
SELECT who.*, m.role, to_jsonb(c)::text,
  CASE WHEN o.id = %(here)s::uuid THEN guilder_generation(o.id) END, {organization},
  counted.*, {lazy}
FROM who LEFT JOIN counted ON true
LEFT JOIN (identity_membership m JOIN identity_organization o ON o.id = m.organization_id)
  ON m.user_id = who.id AND m.is_active
LEFT JOIN identity_customrole c ON c.id = m.custom_role_id
ORDER BY o.name, o.id
"""
GENERATION = "SELECT guilder_generation(%s::uuid)"
COUNTED_WIDTH = 7  # columns of the count, with the last that makes it lazy


@dataclass(frozen=True, slots=True)
class MembershipOf:
    """One organization of a user."""

    organization_id: UUID
    name: str
    role: str
    is_demo: bool
    custom: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A session with its person and where they belong, as of one moment; `session_data` is still
    encoded. `generation` is of the organization `here`, None where they do not belong."""

    session_data: str
    user: User
    memberships: list[MembershipOf]
    organizations: dict[UUID, Organization]
    here: UUID | None
    generation: int | None
    verdict: throttle.Verdict | None


def arrive(session: str, *, user_id: UUID, here: UUID | None, at: datetime) -> Arrival | None:
    """Who comes with a session that was this user's when it was last seen, counted as a page of
    theirs; None where it has ended or they are active no more.

    Whether the session is still theirs, its data say: the caller looks. Call it outside
    transactions.
    """
    throttle.refuse_inside_transaction()
    rate, now = throttle.rate_of(SCOPE), time.time()
    values = {
        "session": session, "user": user_id, "here": here, "at": at, "now": now, "cost": 1,
        "allowance": rate.count if rate else 0, "period": rate.seconds if rate else 1,
    }  # fmt: skip
    rows = hot.cursor().execute(statement(), values, prepare=True).fetchall()
    if not rows:
        return None
    counted = rows[0][-COUNTED_WIDTH:-1]
    return Arrival(
        session_data=rows[0][0],
        user=User.from_db("default", names_of(User), rows[0][1 : 1 + len(names_of(User))]),
        **belonging(rows),
        here=here,
        verdict=None if counted[0] is None else throttle.verdict_of(SCOPE, counted, now=now),
    )


def belonging(rows: list[Any]) -> dict[str, Any]:
    """The organizations of the rows, and the generation of the one that was named."""
    memberships, organizations, generation = [], {}, None
    first = len(names_of(User)) + 3  # the session's data and the throttle's two stand there too
    for row in rows:
        role, custom, raised = row[first : first + 3]
        if role is None:  # belongs nowhere
            continue
        last = first + 3 + len(names_of(Organization))
        one = Organization.from_db("default", names_of(Organization), row[first + 3 : last])
        organizations[one.id] = one
        known = None if custom is None else json.loads(custom)
        memberships.append(MembershipOf(one.id, one.name, role, one.is_demo, custom=known))
        generation = raised if raised is not None else generation
    return {"memberships": memberships, "organizations": organizations, "generation": generation}


def generation_of(organization_id: UUID) -> int:
    """How often the data of an organization were changed."""
    return int(hot.cursor().execute(GENERATION, [organization_id], prepare=True).fetchone()[0])


@lru_cache(maxsize=8)
def names_of(model: type[models.Model]) -> tuple[str, ...]:
    """A model's fields in their order."""
    return tuple(field.attname for field in model._meta.concrete_fields)


@lru_cache(maxsize=1)
def statement() -> str:
    """The whole statement."""
    columns = {
        name: ", ".join(f"{name[0]}.{field.column}" for field in model._meta.concrete_fields)
        for name, model in (("user", User), ("organization", Organization))
    }
    counted = throttle.COUNTED.format(
        key=f"'{SCOPE}:' || who.id",
        allowance="who.allowance",
        period="who.period",
        source="FROM who WHERE who.allowance > 0",
    )
    return ARRIVED.format(counted=counted, lazy=throttle.LAZY, **columns)
