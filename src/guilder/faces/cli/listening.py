"""Where `guilder listen` hears of events, and how it hands them on."""

import base64
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from guilder.faces.cli import talk
from guilder.foundation.edges import outbound
from guilder.foundation.events import queries as events
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid, Unavailable
from guilder.office.webhooks import operations as webhooks

AT_ONCE = 100
ALLOWED = "GUILDER_OUTBOUND_ALLOW"
LIMITS = outbound.Limits(connect=5, total=30, size=16 << 20)


class BadSecret(Invalid):
    """The secret to sign with is none."""

    code = "listen.bad_secret"


class Refused(Unavailable):
    """The server did not give its feed."""

    code = "listen.refused"


@dataclass(frozen=True, slots=True)
class Heard:
    """One event with the message that tells it."""

    id: UUID
    type: str
    message: str
    body: str


@dataclass(frozen=True, slots=True)
class Handed:
    """What the receiver answered; no status: nothing."""

    milliseconds: int
    status: int | None = None
    problem: str = ""


class Source(Protocol):
    """Somewhere events come from."""

    every: float  # seconds between two looks while nothing happens

    def start(self) -> None:
        """Begin with what happens from now on."""
        ...

    def next(self) -> list[Heard]:
        """What happened since the last look, oldest first."""
        ...


@dataclass(slots=True)
class Here:
    """The installation on this machine, by its database."""

    by: Actor
    types: tuple[str, ...] = ()
    every: float = 0.5
    after: tuple[int, UUID] | None = None
    count: int = 0

    def start(self) -> None:
        """After the newest event."""
        for row in events.list_events(self.by.organization_id, limit=1):
            self.after = (row.sequence, row.id)

    def next(self) -> list[Heard]:
        """From the table, in the order in which it is settled."""
        found = []
        rows = events.list_forward(self.by.organization_id, after=self.after, limit=AT_ONCE)
        for row in rows:
            self.after = (row.sequence, row.id)
            if not webhooks.wants(self.types, row.type):
                continue
            self.count += 1
            message, body = webhooks.body_for_listener(
                row, by=self.by, sequence=self.count, at=datetime.now(UTC)
            )
            found.append(Heard(row.id, row.type, message, body))
        return found


@dataclass(slots=True)
class There:
    """Another installation, by the feed of its API."""

    server: str
    key: str
    types: tuple[str, ...] = ()
    every: float = 5
    after: str = ""
    count: int = 0
    organization: str = ""
    version: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """After the newest event; opens the way to the server that was named."""
        allow(self.server)
        self.headers = {"Authorization": f"Bearer {self.key}", "Accept": "application/json"}
        self.organization = self.get("organization/", {}).get("id", "")
        newest = self.get("events/", {"limit": 1})["data"]
        self.after = newest[0]["id"] if newest else ""

    def next(self) -> list[Heard]:
        """The next page of the feed with its data."""
        asked: dict[str, Any] = {"expand": "data", "limit": AT_ONCE, "sort": "occurred_at"}
        rows = self.get("events/", asked | ({"after": self.after} if self.after else {}))["data"]
        found = []
        for row in rows:
            self.after = row["id"]
            if webhooks.wants(self.types, row["type"]):
                self.count += 1
                found.append(self.heard(row))
        return found

    def heard(self, row: dict[str, Any]) -> Heard:
        """An event of the feed as a webhook would tell it."""
        message = f"msg_{UUID(row['id']).hex}"
        content = {
            "id": message,
            "type": row["type"],
            "timestamp": row["occurred_at"],
            "sequence": self.count,
            "api_version": webhooks.CURRENT,
            "organization": self.organization,
            "event": {"id": row["id"], "subject": row["subject"], **row["payload"]},
            "data": row["data"],
        }
        return Heard(UUID(row["id"]), row["type"], message, json.dumps(content))

    def get(self, path: str, query: dict[str, Any]) -> Any:
        """An answer of the API; waits as long as a throttle wants. Raises Refused."""
        url = f"{self.server.rstrip('/')}/api/v1/{path}?{urlencode(query)}"
        while True:
            reply = outbound.request("GET", url, headers=self.headers, limits=LIMITS)
            if reply.status != 429:
                break
            time.sleep(min(int(reply.headers.get("retry-after", "5")), 3600))
        if reply.status != 200:
            raise Refused(f"{self.server} answered {reply.status}: {told(reply.body)}")
        return json.loads(reply.body)


def told(body: bytes) -> str:
    """What a refusal says."""
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return body[:200].decode(errors="replace")


def allow(url: str) -> None:
    """Let this program call a place that its user named, wherever that is."""
    parts = urlsplit(url)
    if parts.scheme in outbound.PORTS and parts.hostname:
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        pair = f"{host}:{parts.port or outbound.PORTS[parts.scheme]}"
        os.environ[ALLOWED] = ",".join(one for one in (os.environ.get(ALLOWED, ""), pair) if one)


def checked_secret(secret: str) -> str:
    """A secret that signs. Raises BadSecret."""
    try:
        if not base64.b64decode(secret.removeprefix("whsec_"), validate=True):
            raise ValueError
    except ValueError:
        raise BadSecret("A secret is whsec_ and base64; leave it out to have one made.") from None
    return secret


def hand(heard: Heard, *, to: str, secret: str) -> Handed:
    """Call the receiver once, signed as a webhook is."""
    body = heard.body.encode()
    head = webhooks.signed_headers(
        [secret], message_id=heard.message, at=datetime.now(UTC), body=body
    )
    began = time.monotonic()
    try:
        reply = outbound.request("POST", to, body=body, headers=head, limits=LIMITS)
    except (outbound.BadTarget, outbound.Unreachable) as error:
        return Handed(round((time.monotonic() - began) * 1000), problem=error.detail)
    return Handed(round((time.monotonic() - began) * 1000), status=reply.status)


def stream(source: Source) -> Iterator[Heard]:
    """Events as they happen, for ever; trouble on the way is waited out."""
    while True:
        try:
            found = source.next()
        except outbound.Unreachable as error:
            talk.detail(error.detail)
            found = []
        yield from found
        if not found:
            time.sleep(source.every)
