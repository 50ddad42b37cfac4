"""Taking out of a body what is nobody's business in a log; pure."""

import json
import re
from typing import Any, cast

MOST = 10_000  # characters of a body
HIDDEN = "[hidden]"
# Fields whose values open a door or name a person's money.
NAMES = re.compile(
    r"(password|secret|token|access|refresh|code|otp|authorization|signature|iban|account|bic"
    r"|card|key)$",
    re.IGNORECASE,
)
FREE = frozenset({"reason_code", "type_code", "code", "tax_point_code"})  # codes of the trade
# What looks like a key, a token or an IBAN wherever it stands.
SHAPES = re.compile(
    r"\bgld_[a-z]+_[\w-]{8,}|\bwhsec_[\w+/=]{8,}|\beyJ[\w-]+\.[\w-]+\.[\w-]*"
    r"|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"
)


def redacted(body: bytes) -> str:
    """A JSON body as text without secrets; "" for what is none or is too long to be read."""
    if not body or len(body) > 40 * MOST:
        return ""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    text = json.dumps(hidden(content), ensure_ascii=False)
    return SHAPES.sub(HIDDEN, text).replace("\\u0000", "")[:MOST]


def hidden(value: Any) -> Any:
    """A value of JSON with what is secret replaced."""
    if isinstance(value, dict):
        return {
            name: HIDDEN if is_secret(name) and inner else hidden(inner)
            for name, inner in cast("dict[str, Any]", value).items()
        }
    if isinstance(value, list):
        return [hidden(inner) for inner in cast("list[Any]", value)]
    return value


def is_secret(name: str) -> bool:
    """Whether a field of that name is not for a log."""
    return name not in FREE and bool(NAMES.search(name))


def plain(text: str, most: int) -> str:
    """A text of a request's line as it can be kept: no control characters, not too long."""
    return "".join(one if one.isprintable() else "�" for one in text[:most])
