"""What all fakes share: routes by pattern, answers that a key repeats, trouble on demand."""

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from guilder.foundation.edges.outbound import Reply, Unreachable

Handler = Callable[..., Any]


class Refusal(Exception):
    """An answer of 4xx."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status)
        self.status, self.body = status, body


def on(method: str, path: str, *, status: int = 200) -> Callable[[Handler], Handler]:
    """Take calls of this method whose path fits, and answer them with this status."""

    def mark(handler: Handler) -> Handler:
        handler.route = (method, re.compile(f"^{path}$"))  # type: ignore[attr-defined]
        handler.status = status  # type: ignore[attr-defined]
        return handler

    return mark


class Fake:
    """A service; `request` stands in for the guarded client's."""

    kind = ""
    key_header = "idempotency-key"

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.answers: dict[str, Any] = {}
        self.trouble: list[int | None] = []  # statuses to answer next; None: no answer, but done
        self.ended: set[str] = set()  # kept methods that were ended here
        self.names = 0

    def name(self, start: str) -> str:
        """A new name."""
        self.names += 1
        return f"{start}{self.names:06d}"

    def request(self, method: str, url: str, *, body: bytes = b"",
                headers: Mapping[str, str] | None = None, limits: Any = None) -> Reply:  # fmt: skip
        """One call."""
        del limits
        parts = urlsplit(url)
        self.calls.append((method, parts.path))
        head = {name.lower(): value for name, value in (headers or {}).items()}
        trouble = self.trouble.pop(0) if self.trouble else 0
        if trouble:
            return Reply(trouble, {}, b"{}")
        status, answer = self.answered(method, parts.path, dict(parse_qsl(parts.query)), body, head)
        if trouble is None:
            raise Unreachable("gave no usable answer: timed out.")
        return Reply(status, {"content-type": "application/json"}, json.dumps(answer).encode())

    def answered(self, method: str, path: str, query: dict[str, str], body: bytes,
                 head: dict[str, str]) -> tuple[int, Any]:  # fmt: skip
        """Status and body; a key that was seen gives what it gave."""
        key = head.get(self.key_header, "")
        if key and key in self.answers:
            return self.answers[key]
        status, call = self.handled(method, path, query, body, head)
        try:
            answer = call()
        except Refusal as refusal:
            return refusal.status, refusal.body
        if key:
            self.answers[key] = (status, answer)
        return status, answer

    def handled(self, method: str, path: str, query: dict[str, str], body: bytes,
                head: dict[str, str]) -> tuple[int, Callable[[], Any]]:  # fmt: skip
        """The status and the call of the handler that fits."""
        self.signed_in(head, path)
        for handler in vars(type(self)).values():
            route = getattr(handler, "route", None)
            if route and route[0] == method and (fits := route[1].match(path)):
                given = self.read(body, head) | query
                return handler.status, partial(handler, self, given, *fits.groups())
        raise AssertionError(f"the fake has no {method} {path}")

    def signed_in(self, head: dict[str, str], path: str) -> None:
        """What the service wants in every call."""

    def read(self, body: bytes, head: dict[str, str]) -> dict[str, Any]:
        """The values of a call."""
        del head
        return json.loads(body) if body else {}


def nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """a[b][c]=d as {"a": {"b": {"c": "d"}}}."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        keys = re.findall(r"[^\[\]]+", name)
        inner = found
        for key in keys[:-1]:
            inner = inner.setdefault(key, {})
        inner[keys[-1]] = value
    return found
