"""Reading a request's body: JSON (RFC 8259), once, strictly, and never more than is good."""

import json
from typing import Any

from guilder.kernel.errors import GuilderError

DEEPEST = 30
LONGEST_NUMBER = 40


class Unreadable(GuilderError):
    """The request cannot be read at all (HTTP 400)."""

    code = "request.unreadable"


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`; an empty body is an empty object.

    Raises Unreadable for what is not UTF-8 JSON, nested deeper than 30, with a name twice in one
    object, with NaN or infinities, or not an object. No binary float is ever made of what somebody
    typed: a number with a fraction becomes a Fraction, which the rooms ask to send as a string.
    """
    if not body.strip():
        return {}
    try:
        text = body.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=once_each,
            parse_float=Fraction,
            parse_int=whole,
            parse_constant=refuse_constant,
        )
    except UnicodeDecodeError:
        raise Unreadable("Send the body as JSON in UTF-8.") from None
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from None
    except RecursionError:
        raise Unreadable("The body is nested too deeply.") from None
    if not isinstance(value, dict):
        raise Unreadable("Send a JSON object.")
    refuse_depth(value)
    refuse_surrogates(text)
    return value


class Fraction:
    """A number with a fraction or exponent: no binary float is made of it, and rooms refuse it."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text[:LONGEST_NUMBER]

    def __str__(self) -> str:
        return self.text


def whole(text: str) -> int:
    """A whole number of at most LONGEST_NUMBER digits."""
    if len(text) > LONGEST_NUMBER:
        raise Unreadable("A number in the body has too many digits.")
    return int(text)


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which each name stands once."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(f"“{twice[:60]}” stands twice in one object.")
    return found


def refuse_constant(name: str) -> Any:
    """NaN, Infinity and -Infinity are not JSON."""
    raise Unreadable(f"{name} is not a number of JSON.")


def refuse_depth(value: Any) -> None:
    """Raise Unreadable below DEEPEST levels."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise Unreadable("The body is nested too deeply.")


def refuse_surrogates(text: str) -> None:
    """Raise Unreadable for escapes of half a character, which no database can keep."""
    if "\\u" not in text and "\\U" not in text:
        return
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Unreadable("The body holds half of a character (a lone surrogate).") from None
