"""The five ways in which the house says no."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in what was given.

    `pointer` is an RFC 6901 JSON pointer into the input ("" is the whole of it), `code` is stable
    and dotted, `detail` is one sentence that says what to do.
    """

    pointer: str
    code: str
    detail: str


class GuilderError(Exception):
    """Base of everything that a face turns into an answer; never raised itself.

    `code` is stable; the message is one sentence that says what to do.
    """

    code = "error"

    def __init__(self, detail: str = "", *, problems: Iterable[Problem] = ()) -> None:
        self.problems = tuple(problems)
        self.detail = detail or (self.problems[0].detail if self.problems else self.code)
        super().__init__(self.detail)


class Invalid(GuilderError):
    """The content breaks a rule (HTTP 422)."""

    code = "invalid"


class NotAllowed(GuilderError):
    """The actor lacks the permission (HTTP 403)."""

    code = "not_allowed"


class NotFound(GuilderError):
    """No such thing in this organization (HTTP 404); foreign and absent are told alike."""

    code = "not_found"


class Conflict(GuilderError):
    """The state of the thing forbids it (HTTP 409)."""

    code = "conflict"


class Stale(Conflict):
    """The thing changed since it was read (HTTP 412)."""

    code = "stale"


class Unavailable(GuilderError):
    """Something outside does not answer; trying again later may help (HTTP 503)."""

    code = "unavailable"
