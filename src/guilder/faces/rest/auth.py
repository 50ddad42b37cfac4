"""Who makes a request to the API: a token or key in the header, else the browser's session."""

import time
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware

from guilder.faces.rest.routes import OPEN, Route
from guilder.foundation.edges import along, throttle
from guilder.foundation.identity import queries as identity
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotAllowed

ZONE_KEPT = 60  # seconds
DIGITS_OF_LENGTH = 5  # of a body that is looked at before it is known who sent it: below 100 kB
NOBODY = Actor(organization_id=UUID(int=0), source="api")
_zones: dict[UUID, tuple[float, str]] = {}


class CsrfFailed(NotAllowed):
    """A browser's session came without the token of its page."""

    code = "auth.csrf"


@dataclass(frozen=True, slots=True)
class Signed:
    """Who asks, in which time zone their organization lives, and headers for the answer."""

    actor: Actor
    time_zone: str = "UTC"
    headers: dict[str, str] = field(default_factory=dict)
    generation: int | None = None  # of their organization's data at sign-in; not where they write
    pending: along.Pending | None = None  # what came of the Idempotency-Key


class SessionToken(CsrfViewMiddleware):
    """Django's check of the token, answering yes or no."""

    def is_sound(self, request: HttpRequest) -> bool:
        """Whether the request carries the token of its session."""
        self.process_request(request)
        return self.process_view(request, lambda _: None, (), {}) is None

    def _reject(self, request: HttpRequest, reason: str) -> str:  # type: ignore[override]  # noqa: ARG002
        return reason


def sign_in(
    request: HttpRequest, route: Route | None, *, wanting: along.Wanted | None = None
) -> Signed:
    """Who asks; counts the call, apart where its route costs more, and claims the key that it is
    `wanting`. Raises CsrfFailed, TooManyRequests, and identity's NotSignedIn and kin."""
    signed = recognised(request, route, wanting=wanting)
    if route is not None and route.scope:
        throttle.spend(route.scope, str(signed.actor.key_id or signed.actor.user_id))
    return signed


def recognised(
    request: HttpRequest, route: Route | None, *, wanting: along.Wanted | None
) -> Signed:
    """Who asks, by token, key or session."""
    address = request.META.get("REMOTE_ADDR", "")
    authorization = request.headers.get("Authorization", "")
    if route is not None and route.permission == OPEN:
        return Signed(NOBODY)
    if not authorization and request.COOKIES and request.user.is_authenticated:
        return by_session(request, address=address)
    caller = identity.authenticate(
        authorization,
        organization=request.headers.get("Guilder-Organization", ""),
        address=address,
        request_id=getattr(request, "request_id", ""),
        wanted=wanting,
    )
    headers = caller.verdict.headers() if caller.verdict else {}
    zone = zone_of(caller.actor.organization_id)
    return Signed(caller.actor, zone, headers, caller.generation, caller.pending)


def wanted(request: HttpRequest, route: Route | None) -> along.Wanted | None:
    """The Idempotency-Key that can be claimed while signing in: not where more may be asked of the
    caller first, nor under a body too long to be looked at for somebody unknown."""
    key = request.headers.get("Idempotency-Key")
    if key is None or route is None or route.method != "POST" or route.is_bare or route.scope:
        return None
    if len(request.META.get("CONTENT_LENGTH") or "") > DIGITS_OF_LENGTH:
        return None
    path = request.get_full_path()
    return along.wanted(key, method=route.method, route=route.path, path=path, body=request.body)


def by_session(request: HttpRequest, *, address: str) -> Signed:
    """A person in a browser; anything that changes needs the page's token."""
    if request.method not in {"GET", "HEAD", "OPTIONS"} and not SessionToken(
        lambda _: None  # type: ignore[arg-type, return-value]
    ).is_sound(request):
        raise CsrfFailed("Send the page's CSRF token in X-CSRFToken.")
    user_id = cast("UUID", request.user.pk)
    throttle.spend("page", str(user_id))
    actor = identity.actor_for(
        user_id,
        organization_of(request),
        source="web",
        request_id=getattr(request, "request_id", ""),
        address=address,
    )
    return Signed(actor, zone_of(actor.organization_id))


def organization_of(request: HttpRequest) -> UUID:
    """The organization that the session is in, else the person's first."""
    kept = request.session.get("organization")
    if kept:
        return UUID(kept)
    memberships = identity.memberships_of(cast("UUID", request.user.pk))
    if not memberships:
        raise identity.NoMembership("You belong to no organization yet.")
    return memberships[0].organization_id


def zone_of(organization_id: UUID) -> str:
    """The organization's time zone, at most a minute old."""
    now = time.monotonic()
    known = _zones.get(organization_id)
    if known and known[0] > now:
        return known[1]
    zone = identity.get_organization(organization_id).time_zone
    if len(_zones) > 10_000:
        _zones.clear()
    _zones[organization_id] = (now + ZONE_KEPT, zone)
    return zone
