"""HTTP: a signed POST of the bytes as they are, out and in."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote

import msgspec

from guilder.foundation.edges import outbound
from guilder.kernel.errors import GuilderError, Problem
from guilder.papers.exchange.transports import signing
from guilder.papers.exchange.transports.base import (
    LARGEST,
    Answer,
    Arrival,
    Called,
    Field,
    Handed,
    Parcel,
    Place,
    Refused,
    Taken,
    Temporary,
    Transport,
    failed,
    fault,
)

LIMITS = outbound.Limits(connect=5, total=30, size=256 << 10)
PASSING = frozenset((408, 409, 423, 425, 429))  # of the 4xx those that may change by themselves


class Http(Transport):
    """Documents to a URL; others send theirs to this channel's own address."""

    name = "http"
    title = "HTTP"
    is_called = True
    address_hint = "https://receiver.example/invoices"
    fields = (
        Field(
            name="url",
            label="Address",
            hint="Documents are posted there. Leave it empty to receive only.",
            most=2000,
            is_target=True,
        ),
        Field(
            name="secret",
            label="Secret",
            kind="secret",
            hint="Both sides sign with it: whsec_ and base64. Left empty, one is made.",
        ),
    )

    def faults(self, settings: Mapping[str, Any]) -> Sequence[Problem]:
        """The form of address and secret; whether it may be called is judged at each call."""
        found = []
        url = str(settings.get("url") or "")
        if url and not url.startswith(("https://", "http://")):
            found.append(fault("url", "not_a_url", "Enter an address that begins with https://."))
        try:
            signing.key_of(str(settings.get("secret") or signing.new_secret()))
        except ValueError:
            found.append(
                fault("secret", "not_a_secret", "Enter whsec_ and at least 16 bytes in base64.")
            )
        return found

    def check_address(self, address: str) -> str:
        """A URL of its own for this client; none is the channel's."""
        address = address.strip()
        if address and not address.startswith(("https://", "http://")):
            raise Refused("Enter an address that begins with https://.")
        return address

    def send(self, parcel: Parcel, place: Place) -> Handed:
        """Any 2xx means that the receiver has it."""
        url = parcel.address or place.text("url")
        if not url:
            raise Refused("This channel has no address to send to. Enter one in its settings.")
        head = signing.signed_headers(
            place.text("secret"), number=parcel.number, at=place.at, body=parcel.data
        )
        head |= {
            "Content-Type": parcel.media_type,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(parcel.filename)}",
            "User-Agent": "Guilder-Channels/1",
        }
        try:
            reply = outbound.request("POST", url, body=parcel.data, headers=head, limits=LIMITS)
        except (outbound.BadTarget, outbound.Unreachable) as error:
            raise failed(error) from error
        return judged(reply)

    def take(self, call: Called, place: Place) -> Taken:
        """A signed body; what is known already is answered like the first time."""
        if len(call.body) > LARGEST:
            raise Refused(f"Send at most {LARGEST:,} bytes at once.")
        number = signing.require_genuine(
            place.text("secret"), call.headers, body=call.body, at=place.at
        )
        if not call.body:
            raise Refused("There is nothing in the body.")
        told = msgspec.json.encode({"id": number, "state": "received"})
        return Taken(
            answer=Answer(status=202, body=told, headers={"Content-Type": "application/json"}),
            arrival=Arrival(
                number=number,
                filename=filename_of(call.headers.get("content-disposition", "")),
                data=call.body,
                sender=call.headers.get("guilder-sender", "")[:200],
            ),
        )

    def try_out(self, place: Place) -> str:
        """Ask the address for its head: any answer means that it is there."""
        url = place.text("url")
        if not url:
            return "It receives only."
        try:
            reply = outbound.request("HEAD", url, limits=LIMITS)
        except GuilderError as error:
            raise failed(error) from error
        return f"The address answers ({reply.status})."


def judged(reply: outbound.Reply) -> Handed:
    """What an answer means. Raises Temporary, Refused."""
    text = reply.body[:300].decode(errors="replace").replace("\0", "")
    if 200 <= reply.status < 300:
        return Handed(state="delivered", reference=reference_in(reply.body), evidence=reply.body)
    problem = f"The receiver answered {reply.status}: {text}".strip(": ")
    if 400 <= reply.status < 500 and reply.status not in PASSING:
        raise Refused(problem)
    raise Temporary(problem)


def reference_in(body: bytes) -> str:
    """What the receiver calls the document, where it says so as `{"id": "…"}`."""
    try:
        found = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return ""
    return str(found.get("id") or "")[:200] if isinstance(found, dict) else ""


def filename_of(disposition: str) -> str:
    """The name in a Content-Disposition; an XML where it has none."""
    for part in disposition.split(";")[1:]:
        name, _, value = part.strip().partition("=")
        if name.lower() == "filename*" and "''" in value:
            return unquote(value.partition("''")[2])[:200] or "document.xml"
        if name.lower() == "filename":
            return value.strip('"')[:200] or "document.xml"
    return "document.xml"
