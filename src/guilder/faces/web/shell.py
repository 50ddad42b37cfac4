"""Who looks at the page, in which organization, and what stands around every page."""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from types import SimpleNamespace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guilder.faces.web import arrivals, everywhere, lasting, late, menu
from guilder.foundation.identity import queries as identity
from guilder.foundation.identity.models import Organization
from guilder.foundation.identity.operations import registration
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor

ORGANIZATION = "organization"  # the session's key
ROLES = {
    "admin": _("Admin"),
    "manager": _("Manager"),
    "accountant": _("Accountant"),
    "agent": _("Agent"),
    "viewer": _("Viewer"),
    "client": _("Client"),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a signed-in person: who, where, and when in the organization's own zone."""

    by: Actor
    organization: Organization
    memberships: list[identity.MembershipOf]
    email: str
    now: datetime
    generation: int | None = None  # of the organization's data when they came

    @property
    def zone(self) -> ZoneInfo:
        """The organization's time zone, which says what today is."""
        return ZoneInfo(self.organization.time_zone)

    @property
    def today(self) -> date:
        """Today where the organization is."""
        return self.now.astimezone(self.zone).date()

    @property
    def seen_by(self) -> tuple[Any, ...]:
        """Who looks, with what they may see, and when: what is drawn of the organization's data is
        the same while this is. Nothing where the generation of the data is not known."""
        if self.generation is None:
            return ()
        by = self.by
        return (
            by.organization_id, by.user_id, by.role, by.permissions, by.own, by.row_rule,
            self.generation, self.today,
        )  # fmt: skip

    def reading(self) -> AbstractContextManager[None]:
        """One transaction around the reads of a page."""
        return transaction(self.by.organization_id)


def visit_of(request: HttpRequest, arrived: identity.Arrival | None = None) -> Visit:
    """The visit of a signed-in request. Raises NoMembership."""
    user: Any = request.user
    memberships = arrived.memberships if arrived else identity.memberships_of(user.pk)
    if not memberships:
        raise identity.NoMembership("You belong to no organization. Ask an admin to add you.")
    wanted = request.session.get(ORGANIZATION, "")
    chosen = next(
        (one for one in memberships if str(one.organization_id) == wanted), memberships[0]
    )
    actor = identity.member_actor(
        user.pk,
        chosen.organization_id,
        name=user.get_full_name(),
        role=chosen.role,
        custom=chosen.custom,
        source="web",
        request_id=request_id_of(request),
        address=address_of(request),
    )
    arrivals.remember(request, chosen.organization_id)
    now = datetime.now(UTC)
    organization, generation = place_of(chosen.organization_id, arrived)
    return Visit(actor, organization, memberships, user.email, now, generation)


def place_of(
    organization_id: UUID, arrived: identity.Arrival | None
) -> tuple[Organization, int | None]:
    """The organization, and how often its data were changed; the number first, so that what is
    read later is never older than it says."""
    known = arrived.organizations.get(organization_id) if arrived else None
    if arrived and known and arrived.generation is not None and arrived.here == organization_id:
        return known, arrived.generation
    generation = identity.generation_of(organization_id)
    return known or identity.get_organization(organization_id), generation


def choose_organization(request: HttpRequest, organization_id: UUID) -> None:
    """Make an organization the session's; the caller has seen that the person belongs to it."""
    request.session[ORGANIZATION] = str(organization_id)


def address_of(request: HttpRequest) -> str:
    """The address that the request came from."""
    return str(request.META.get("REMOTE_ADDR", ""))


def request_id_of(request: HttpRequest) -> str:
    """The id that every request has."""
    return str(getattr(request, "request_id", ""))


def initials(name: str) -> str:
    """At most two letters to know somebody by: IB of Ida Brandt."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:])) or "?"


def shell(request: HttpRequest) -> Mapping[str, Any]:
    """The context processor: what base.html draws around a page, and the request's id."""
    return {
        "shell": SimpleLazyObject(lambda: drawn(request)),
        "request_id": request_id_of(request),
    }


# Who counts what waits: section → how much; a face's module puts itself here.
COUNTS: dict[str, Callable[[Visit], menu.Count]] = {}


def picture_of(request: HttpRequest) -> str:
    """The address of the person's own picture, "" where there is none."""
    user: Any = request.user
    mark = getattr(user, "picture_mark", "")
    return f"{reverse('web:profile_picture', args=[user.pk])}?{mark}" if mark else ""


class Shell(SimpleNamespace):
    """What base.html draws around a page; what only some pieces of it show is made when they are
    drawn. `mark` holds everything that its pieces show, `own` all but the place and its counts."""

    section: str
    may: menu.May
    counts: Mapping[str, menu.Count]

    @cached_property
    def groups(self) -> tuple[menu.ShownGroup, ...]:
        """The navigation."""
        return menu.groups(self.section, self.may, self.counts)

    @cached_property
    def foot(self) -> tuple[menu.Shown, ...]:
        """Its end."""
        return menu.foot(self.section, self.may)

    @cached_property
    def tabs(self) -> tuple[menu.Shown, ...]:
        """The phone's bar."""
        return menu.tabs(self.section, self.may)

    @cached_property
    def creates(self) -> tuple[menu.Shown, ...]:
        """What may be made."""
        return menu.creates(self.may)


def drawn(request: HttpRequest) -> Shell:
    """The shell of a page inside."""
    visit: Visit = request.visit  # type: ignore[attr-defined]
    section = getattr(request, "section", "")
    runs_all = getattr(request.user, "is_operator", False)
    may = menu.may_of(visit.by.may, is_operator=runs_all)
    counts = counts_of(visit)
    shown = {
        "organization": organization_of(
            visit.organization.name, visit.by.organization_id, is_demo=visit.organization.is_demo
        ),
        "organizations": [
            organization_of(one.name, one.organization_id, is_demo=one.is_demo)
            for one in visit.memberships
            if one.organization_id != visit.by.organization_id
        ],
        "may_found": runs_all or registration() == "open",
        "person": SimpleNamespace(
            id=visit.by.user_id,
            name=visit.by.name or visit.email,
            email=visit.email,
            initials=initials(visit.by.name or visit.email),
            role=role_words(visit),
            picture_url=picture_of(request),
        ),
        "is_late": late.asks(request),
        "profile_url": menu.address_of("web:profile"),
    }
    own = (marked(shown), visit.by.permissions, runs_all)
    return Shell(
        **shown,
        section=section,
        may=may,
        counts=counts,
        waits=counts["inbox"].number if "inbox" in counts else 0,
        own=own,
        mark=(own, section, tuple(counts.items())),
        may_create=may("invoice.create"),
        shared_url=everywhere.address(visit.by.permissions, is_operator=runs_all),
        today=visit.today.isoformat(),
        days=day_words(),
        ends_at=lasting.ends_at(request),
    )


def counts_of(visit: Visit) -> dict[str, menu.Count]:
    """How much waits in each section."""
    with visit.reading():
        return {name: count(visit) for name, count in COUNTS.items()}


def marked(shown: Mapping[str, Any]) -> tuple[Any, ...]:
    """What pieces of a shell show of organizations and the person, to be compared."""
    organizations = (shown["organization"], *shown["organizations"])
    return (
        tuple((one.id, one.name, one.kind) for one in organizations),
        tuple(str(value) for value in vars(shown["person"]).values()),
        shown["may_found"],
        shown["is_late"],
    )


def role_words(visit: Visit) -> Any:
    """The person's role here: the organization's own name for it where it made the role."""
    here = visit.by.organization_id
    custom = next((one.custom for one in visit.memberships if one.organization_id == here), None)
    return custom["name"] if custom else ROLES.get(visit.by.role, visit.by.role)


def organization_of(name: str, organization_id: UUID, *, is_demo: bool) -> SimpleNamespace:
    """An organization as the switcher shows it."""
    kind = "demo" if is_demo else ""
    return SimpleNamespace(id=organization_id, name=name, initial=initials(name)[:1], kind=kind)


def admins_of(visit: Visit) -> list[SimpleNamespace]:
    """Who may give rights and change settings: name and address of the organization's admins."""
    return [
        SimpleNamespace(
            name=one.user.name or one.user.email,
            email=one.user.email,
            initials=initials(one.user.name or one.user.email),
        )
        for one in identity.list_members(visit.by.organization_id)
        if one.role == "admin" and one.user.is_active
    ]


def day_words() -> str:
    """The words that a date field takes, for the script: JSON."""
    return json.dumps(
        {
            "today": gettext("today"),
            "tomorrow": gettext("tomorrow"),
            "yesterday": gettext("yesterday"),
            "eom": gettext("eom"),
        }
    )
