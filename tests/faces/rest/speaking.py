"""A small REST client over Django's test client."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from guilder.kernel.actor import Actor
from tests.uncounted import repeated

HOST = "localhost"


@dataclass(frozen=True, slots=True)
class Said:
    """One answer."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def pointers(self) -> set[str]:
        """Where the faults are."""
        return {one["pointer"] for one in self.body["errors"]}


@dataclass(slots=True)
class Speaker:
    """Somebody who speaks to the API; without an actor nobody in particular."""

    actor: Actor | None = None
    token: str = ""
    client: Client = field(default_factory=lambda: Client(SERVER_NAME=HOST))

    @classmethod
    def of(cls, actor: Actor) -> "Speaker":
        """An actor with a session of tokens."""
        return cls(actor, access_of(actor))

    def __call__(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str
    ) -> Said:
        """Ask; `path` is under /api/v1/, header names are written with underscores."""
        if not path.startswith("/"):
            path = f"/api/v1/{path}"
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            given.setdefault("Authorization", f"Bearer {self.token}")
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        answer = self.client.generic(
            method, path, data, content_type="application/json", headers=given
        )
        content: Any = answer.content
        kind = answer.headers.get("Content-Type", "")
        if content and "json" in kind and "ndjson" not in kind:
            content = json.loads(content)
        return Said(answer.status_code, content, dict(answer.headers))

    def ok(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Ask for something that must succeed; its body."""
        said = self(method, path, body, **headers)
        assert 200 <= said.status < 300, (method, path, said.status, said.body)
        return said.body


@repeated
def access_of(actor: Actor) -> str:
    """The token of a session that is opened for an actor."""
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity.models import User

    user = User.objects.get(id=actor.user_id)
    return identity.open_session(user, organization_id=actor.organization_id).access


@repeated
def client_in(speaker: Speaker, **changes: Any) -> dict[str, Any]:
    """A client, entered over the API."""
    data = {
        "kind": "company",
        "name": "Bar & Söhne GmbH",
        "email": "bar@example.test",
        "address": {"line1": "Ringstraße 1", "postal_code": "10115", "city": "Berlin",
                    "country": "DE"},
        **changes,
    }  # fmt: skip
    return speaker.ok("POST", "clients/", data)


def line(**changes: Any) -> dict[str, Any]:
    """An hour at 100.00 with the standard tax."""
    return {
        "description": "Work",
        "quantity": "1",
        "unit": "HUR",
        "unit_price": "100.00",
        "tax": "standard",
        **changes,
    }


@repeated
def draft_in(speaker: Speaker, *, client: str = "", **changes: Any) -> dict[str, Any]:
    """A draft over 119.00 EUR."""
    client = client or client_in(speaker)["id"]
    data = {"client": client, "currency": "EUR", "lines": [line()], **changes}
    return speaker.ok("POST", "invoices/", data)


@repeated
def issued_in(speaker: Speaker, *, client: str = "", **changes: Any) -> dict[str, Any]:
    """An issued invoice over 119.00 EUR."""
    return draft_in(speaker, client=client, issue=True, **changes)


def payment_in(
    speaker: Speaker, *, client: str, amount: str = "119.00", **changes: Any
) -> dict[str, Any]:
    """A payment of today."""
    data = {"client": client, "amount": {"amount": amount, "currency": "EUR"}, **changes}
    return speaker.ok("POST", "payments/", data)
