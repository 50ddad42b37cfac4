"""The protocol of transports: parcels out, arrivals in, and the two ways of failing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Literal

from guilder.kernel.errors import GuilderError, Invalid, NotAllowed, Problem, Unavailable

LARGEST = 32 * 1024 * 1024  # bytes of one document, in either direction
FieldKind = Literal["text", "lines", "secret", "whole", "flag", "choice"]


class Temporary(Unavailable):
    """It did not work now and may work later: the document waits and is tried again."""

    code = "transport.temporary"


class Refused(Invalid):
    """The other side, or the way itself, will never take this as it is: a person has to look."""

    code = "transport.refused"


class NotGenuine(NotAllowed):
    """What came in is not signed by whom it should be from, or is too old to be believed."""

    code = "transport.not_genuine"


class NotOffered(Invalid):
    """This way of travelling has no such service."""

    code = "transport.not_offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting of a transport. Secrets are sealed at rest and never shown again."""

    name: str
    label: str
    kind: FieldKind = "text"
    hint: str = ""
    is_required: bool = False
    default: str = ""
    most: int = 300
    choices: tuple[tuple[str, str], ...] = ()
    is_target: bool = False  # where it changes, stored secrets have to be entered again


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A channel as its transport sees it: all settings, secrets opened, and a folder of its own.

    `address` is where other servers reach this channel, "" where the installation has no address.
    """

    settings: Mapping[str, Any]
    folder: Path
    at: datetime
    address: str = ""

    def text(self, name: str) -> str:
        """A setting as text."""
        return str(self.settings.get(name) or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One document on its way. `number` is the same in every try: receivers know doubles by it."""

    number: str
    filename: str
    media_type: str
    data: bytes
    address: str = ""
    format: str = ""
    country: str = ""  # of the sender

    @property
    def own_name(self) -> str:
        """The file name with the end of the number in it: no two parcels share one."""
        stem, dot, ending = self.filename.rpartition(".")
        if not dot:
            return f"{self.filename}-{self.number[-12:]}"
        return f"{stem}-{self.number[-12:]}.{ending}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What became of a parcel: `sent` without, `delivered` with word of the receiver's machine.

    `evidence` is what the other side signed or said.
    """

    state: Literal["sent", "delivered"]
    reference: str = ""
    detail: str = ""
    evidence: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One document that came in; the same `number` is the same document. `mark` is the
    transport's own, to find it again when it is stored. With a `problem` it is refused at once:
    `data` is what is kept of it."""

    number: str
    filename: str
    data: bytes
    sender: str = ""
    recipient: str = ""
    mark: str = ""
    media_type: str = ""  # where the bytes do not say it themselves
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A call from outside at a channel's address; header names in lower case."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the caller hears once the arrival is on disk."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A call that was understood: what it brought (None: nothing to keep), what it is told."""

    answer: Answer
    arrival: Arrival | None = None


class Transport:
    """One way of travelling. A plug-in inherits it and overrides what it offers.

    `send` may be called twice with one parcel, after a crash: with `number` it can be known as one.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    fields: ClassVar[tuple[Field, ...]] = ()
    sends: ClassVar[bool] = True
    collects: ClassVar[bool] = False
    is_called: ClassVar[bool] = False
    is_mail: ClassVar[bool] = False  # goes by the house's own mail
    only_xml: ClassVar[bool] = False
    needs_address: ClassVar[bool] = False  # of each client; else the channel's own will do
    address_hint: ClassVar[str] = ""  # what an address at this transport looks like

    def faults(self, settings: Mapping[str, Any]) -> Sequence[Problem]:
        """What is wrong with settings beyond their form, each at `/settings/<name>`."""
        del settings
        return ()

    def check_address(self, address: str) -> str:
        """A client's address here, normalized. Raises Invalid."""
        return address.strip()

    def send(self, parcel: Parcel, place: Place) -> Handed:  # noqa: ARG002
        """Hand a parcel over. Raises Temporary, Refused."""
        raise NotOffered(f"{self.title} does not send.")

    def collect(self, place: Place) -> Iterator[Arrival]:  # noqa: ARG002
        """What waits to be picked up, one after the other. Raises Temporary, Refused."""
        raise NotOffered(f"{self.title} has nothing to pick up.")

    def keep(self, arrival: Arrival, place: Place) -> None:
        """It is on our disk: take it away over there. Doing so twice does no harm."""

    def take(self, call: Called, place: Place) -> Taken:  # noqa: ARG002
        """Understand a call from outside. Raises NotGenuine, Invalid."""
        raise NotOffered(f"{self.title} cannot be called.")

    def look_up(self, address: str, place: Place) -> bool | None:  # noqa: ARG002
        """Whether an address can receive; None where the transport cannot know."""
        return None

    def status(self, reference: str, place: Place) -> Handed | None:  # noqa: ARG002
        """What became of a parcel since, where the transport can be asked; else None."""
        return None

    def try_out(self, place: Place) -> str:  # noqa: ARG002
        """See whether it would work, without sending a document; one sentence. Raises Temporary,
        Refused."""
        return "Nothing to try."


def fault(name: str, code: str, detail: str) -> Problem:
    """A fault in one setting."""
    return Problem(f"/settings/{name}", code, detail)


def failed(error: GuilderError) -> GuilderError:
    """An error of the guarded client as one of ours."""
    if isinstance(error, Temporary | Refused):
        return error
    return Refused(error.detail) if isinstance(error, Invalid) else Temporary(error.detail)
