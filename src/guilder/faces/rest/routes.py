"""The table of routes: what routing, OpenAPI, the permission page and the sweeps are made from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from guilder.faces.rest import proving
from guilder.foundation.edges.along import Pending
from guilder.foundation.edges.late import Late
from guilder.kernel.actor import Actor

OPEN = ""  # the permission of a route that needs no sign-in
SIGNED_IN = "signed_in"  # of one that needs a sign-in and no more
# Their tables all bump the organization's generation, as a test asks the database.
KEPT_ROOMS = frozenset(
    ("partner", "item", "tax", "series", "invoice", "quote", "payment", "bank", "refund", "ledger",
     "report", "currency")
)  # fmt: skip


@dataclass(slots=True)
class Call:
    """One request, understood: who asks, for what, and when."""

    request: HttpRequest
    by: Actor
    path: dict[str, UUID]
    body: dict[str, Any]
    at: datetime
    today: date  # in the organization's time zone
    version: int | None = None  # of If-Match
    headers: dict[str, str] = field(default_factory=dict)  # for the answer
    late: Late | None = None  # room for a last statement, where the door sends one
    was_asked: bool = False  # whether `asks` of the route was called
    told: Any = None  # what was answered to `asks`, where the handler keeps it
    pending: Pending | None = None  # the Idempotency-Key, where it was claimed with the sign-in
    founded: UUID | None = None  # the id of the organization that the route founds

    @property
    def within(self) -> UUID:
        """The organization whose transaction the work is in."""
        return self.founded or self.by.organization_id

    def place(self, where: str) -> None:
        """Say in the answer where the thing that was made is found."""
        self.headers["Location"] = f"/api/v1/{where}"

    @property
    def id(self) -> UUID:
        """The `{id}` of the path."""
        return self.path["id"]


Handler = Callable[[Call], Any]


class AskFirst(Exception):
    """The handler needs what `asks` of its route asks first; all that it did is undone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method at one path under /api/v1/, with all that is said of it.

    `permission` is what the operation requires first (OPEN, SIGNED_IN or a name). `body` and
    `answer` are msgspec Structs for the documentation; `answer` None is 204 and bytes a file.
    `listing` describes filters and sorts of a collection.
    """

    method: str
    path: str
    handler: Handler
    permission: str
    summary: str
    name: str  # the operation's own, such as `issue_invoice`
    answer: Any = None
    body: Any = None
    status: int = 200
    tag: str = ""
    listing: Any = None
    changes: bool = False
    is_bare: bool = False  # opens its own transactions: what renders must not hold one
    before: Handler | None = None  # what is asked outside the transaction, and may refuse
    asks: Handler | None = None  # the same, only where the handler raises AskFirst
    example: Any = None
    media_type: str = "application/json"
    query: tuple[tuple[str, str], ...] = ()
    scope: str = ""  # what it is counted in besides, such as "upload" or "export"
    judges_version: bool = False  # hands `Call.version` to its operation, which looks under a lock
    founds: bool = False  # what it makes is an organization, and the work is in that one's name
    is_kept: bool = False  # its answer may be kept until the organization's data change

    @property
    def takes_key(self) -> bool:
        """Whether it can be repeated under an Idempotency-Key: everything that writes, but not
        signing in and the proof of who one is, nor the fetching of a file that is there once."""
        if self.method != "POST" or self.permission == OPEN:
            return False
        return not self.is_bare or (self.answer is not bytes and self.permission != SIGNED_IN)


ROUTES: list[Route] = []


def route(method: str, path: str, **about: Any) -> Callable[[Handler], Handler]:
    """Put the decorated handler into the table."""

    def register(handler: Handler) -> Handler:
        about.setdefault("summary", (handler.__doc__ or "").strip().partition("\n")[0])
        about.setdefault("name", handler.__name__)
        about.setdefault("tag", path.strip("/").split("/")[0])
        about.setdefault("changes", method in {"POST", "PUT", "PATCH", "DELETE"})
        if proving.is_sensitive(about["permission"], changes=about["changes"]):
            about.setdefault("before", proving.guard(about["permission"]))
        about.setdefault("judges_version", "version" in handler.__code__.co_names)
        about.setdefault("is_kept", is_kept(method, about))
        if method == "POST" and "status" not in about:
            about["status"] = 201 if "{" not in path else 200
        if method == "DELETE":
            about.setdefault("status", 204)
        ROUTES.append(Route(method=method, path=path, handler=handler, **about))
        return handler

    return register


def is_kept(method: str, about: dict[str, Any]) -> bool:
    """Whether a route reads the books and the registers and nothing else: what people look up."""
    room = about["permission"].partition(".")[0]
    return method == "GET" and room in KEPT_ROOMS and not about.get("is_bare")


def reading_of(route: Route) -> Route | None:
    """The read of the thing that a route changes or acts upon; None for what makes a new one."""
    if "{" not in route.path and route.method == "POST":
        return None
    found = {one.path: one for one in ROUTES if one.method == "GET" and not one.is_bare}
    if route.path in found or route.method != "POST":
        return found.get(route.path)
    return found.get(route.path[: route.path.index("}/") + 2])


def file_answer(
    data: bytes, *, media_type: str, filename: str, inline: bool = False
) -> HttpResponse:
    """Bytes as a download that no browser will take for a page."""
    place = "inline" if inline else "attachment"
    safe = "".join(c if c.isalnum() or c in "._-" else "_" for c in filename)[:120]
    return HttpResponse(
        data,
        content_type=media_type,
        headers={
            "Content-Disposition": f'{place}; filename="{safe}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-cache",
        },
    )
