"""What people type, as the rooms take it: numbers with comma or point, faults beside fields."""

import re
from collections.abc import Mapping

from guilder.faces.web.forms import PaperForm
from guilder.kernel.errors import GuilderError
from guilder.kernel.money import Money

BLANKS = re.compile(r"[\s\u00a0\u202f'’]")
MINUS = "\u2212"


def number(text: str) -> str:
    """`1.234,50`, `1,234.50` and `1 234,5` as plain decimals; what is no number stays as it is.

    The last mark is the decimal one where both stand there, or where not exactly three digits
    follow; else a comma parts thousands and a point decimals.
    """
    plain = BLANKS.sub("", text).replace(MINUS, "-").rstrip("%")
    if not re.fullmatch(r"-?[\d.,]*\d[\d.,]*", plain):
        return text.strip()
    point, comma = plain.rfind("."), plain.rfind(",")
    if point >= 0 and comma >= 0:
        decimal = max(point, comma)
    elif comma >= 0:
        grouped = re.fullmatch(r"-?[1-9]\d{0,2}(,\d{3})+", plain)
        decimal = -1 if grouped else comma
    elif plain.count(".") > 1:
        decimal = -1
    else:
        decimal = point
    whole = re.sub(r"[.,]", "", plain if decimal < 0 else plain[:decimal])
    rest = "" if decimal < 0 else plain[decimal + 1 :]
    if not rest.isdigit() and rest:
        return text.strip()
    return f"{whole or '0'}.{rest}" if rest else whole


def shown(value: Money) -> str:
    """An amount as it stands in a field."""
    return f"{value.amount:f}"


def version(text: str) -> int | None:
    """The version that a form was drawn from; None where it names none."""
    return int(text) if text.isdigit() and len(text) < 10 else None


def refuse(form: PaperForm, error: GuilderError, fields: Mapping[str, str]) -> None:
    """Put a room's faults beside the fields; `fields` maps beginnings of pointers to names, and ""
    to the field that a fault of the whole is about."""
    if not error.problems:
        form.refuse([(fields.get("", ""), error.detail)])
    form.refuse((field_of(problem.pointer, fields), problem.detail) for problem in error.problems)


def field_of(pointer: str, fields: Mapping[str, str]) -> str:
    """The form's field that a JSON pointer means, "" for none: the longest beginning wins."""
    fitting = [
        begin for begin in fields if pointer == begin or (begin and pointer.startswith(f"{begin}/"))
    ]
    if not fitting:
        return pointer.removeprefix("/") if pointer.count("/") == 1 else ""
    return fields[max(fitting, key=len)]
