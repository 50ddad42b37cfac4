"""Speaking with a service over the guarded client: JSON or forms out, JSON in."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar
from urllib.parse import quote, urlencode
from uuid import UUID

from guilder.books.charging.gateways.base import (
    Back,
    BadCall,
    NotOffered,
    PaidOut,
    Refused,
    Report,
)
from guilder.foundation.edges import outbound
from guilder.kernel.money import Money

LIMITS = outbound.Limits(connect=5, total=25)
WINDOW = timedelta(minutes=5)
# Not a no: too many calls, a twin still under way, or trouble of their own.
UNCLEAR = frozenset({408, 409, 425, 429})


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    form: Iterable[tuple[str, str]] | None = None,
    data: Any = None,
    query: Mapping[str, str] | None = None,
    unclear: frozenset[int] = UNCLEAR,
) -> tuple[int, Any]:
    """(status, JSON) of one call. Raises Unreachable where the outcome is not clear; a 4xx is an
    answer that the caller reads."""
    body, sent = b"", {"Accept": "application/json", **headers}
    if form is not None:
        body = urlencode(list(form)).encode()
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    elif data is not None:
        body = json.dumps(data).encode()
        sent.setdefault("Content-Type", "application/json")
    where = f"{url}?{urlencode(query)}" if query else url
    reply = outbound.request(method, where, body=body, headers=sent, limits=LIMITS)
    if reply.status >= 500 or reply.status in unclear:
        raise outbound.Unreachable(f"The payment service answered {reply.status}.")
    return reply.status, loaded(reply.body)


def loaded(body: bytes) -> Any:
    """The JSON of an answer; Unreachable where it is none, since then nothing is certain."""
    if not body.strip():
        return {}
    try:
        return json.loads(body)
    except ValueError as error:
        raise outbound.Unreachable("The payment service gave an answer that is no JSON.") from error


def flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Nested values as the fields of a form: a[b][0]=c; None is left out."""
    for name, value in values.items():
        where = f"{prefix}[{name}]" if prefix else name
        if isinstance(value, Mapping):
            yield from flat(value, where)
        elif isinstance(value, (list, tuple)):
            yield from flat({str(index): one for index, one in enumerate(value)}, where)
        elif value is not None:
            yield where, str(value).lower() if isinstance(value, bool) else str(value)


def basic(user: str, password: str = "") -> str:
    """The header of a name and a password."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def part(text: str) -> str:
    """A name of theirs as one part of a path: nothing in it leads elsewhere."""
    return quote(text, safe="")


def same(one: str, other: str) -> bool:
    """Whether two texts are equal, in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


def signed(key: str | bytes, text: str | bytes, *, way: str = "sha256") -> bytes:
    """HMAC; a key that is empty signs nothing."""
    raw = key.encode() if isinstance(key, str) else key
    if not raw:
        raise BadCall("No secret is set, so nothing can be signed with it.")
    return hmac.new(raw, text.encode() if isinstance(text, str) else text, way).digest()


def in_time(seconds: str, *, at: datetime) -> None:
    """Raise BadCall where an instant (seconds since 1970) is not about now."""
    if not seconds.isdecimal() or abs(at.timestamp() - int(seconds)) > WINDOW.total_seconds():
        raise BadCall("The call is too old, or its clock is wrong.")


def read_json(body: bytes) -> Any:
    """The JSON of a call. Raises BadCall."""
    try:
        return json.loads(body)
    except ValueError as error:
        raise BadCall("The call is no JSON.") from error


def digest(body: bytes) -> str:
    """A name for a call that has none of its own."""
    return hashlib.sha256(body).hexdigest()


def as_key(text: Any) -> UUID | None:
    """A key of ours where it is one."""
    try:
        return UUID(str(text))
    except ValueError:
        return None


def minor(value: Any, currency: str, *, places: Mapping[str, int] | None = None) -> Money:
    """Money of their smallest units; `places` are currencies that they count otherwise than
    ISO 4217 does."""
    currency = currency.upper()
    exponent = (places or {}).get(currency)
    if exponent is None:
        return Money(int(value), currency)
    return Money.of(scaled(int(value), -exponent), currency)


def scaled(value: int, places: int) -> Decimal:
    """`value` × 10^places as a decimal."""
    return Decimal(value).scaleb(places)


def units(money: Money, *, places: Mapping[str, int] | None = None) -> int:
    """The amount in their smallest units."""
    exponent = (places or {}).get(money.currency)
    return money.minor if exponent is None else int(money.amount.scaleb(exponent))


class Quiet:
    """What a service does not offer, until its file says otherwise."""

    refunds: ClassVar[bool] = False
    keeps: ClassVar[bool] = False
    sets_up: ClassVar[Mapping[str, Sequence[str]]] = MappingProxyType({})
    asks: ClassVar[bool] = True
    answer: ClassVar[bytes] = b""

    def give_back(self, ref: Any, *, key: UUID, amount: Money, reason: str) -> Back:
        """Nothing can be given back by itself."""
        del ref, key, amount, reason
        raise NotOffered("This service gives money back only where you see to it there.")

    def begin_setup(self, setup: Any) -> Report:
        """A method is kept only when something is paid with it."""
        del setup
        raise NotOffered("This service keeps a way to pay only together with a payment.")

    def ask_setup(self, setup: Any) -> Report | None:
        """Nothing was begun."""
        del setup
        return None

    def forget(self, kept: Any) -> None:
        """A kept method can be ended by people there."""
        del kept
        raise NotOffered("End this method at the payment service itself.")

    def answer_chargeback(self, chargeback_id: str, *, text: str) -> None:
        """People answer at the service."""
        del chargeback_id, text
        raise NotOffered("Answer this dispute at the payment service itself.")

    def ask_payout(self, provider_id: str) -> PaidOut | None:
        """Payouts are not told."""
        del provider_id
        return None


def refused(status: int, detail: str, failure: str = "", *, hard: Sequence[str] = ()) -> Refused:
    """Their no in our words."""
    return Refused(
        f"The payment service refused: {detail or status}."[:300],
        failure=failure or f"http_{status}",
        is_hard=failure in hard,
    )
