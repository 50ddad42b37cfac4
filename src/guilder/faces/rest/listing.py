"""Collections: keyset pages, filters, sorts and fields, each from an allow-list."""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import F, Q, QuerySet
from django.http import QueryDict

from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import decimal_of

MOST = 200
USUAL = 50
OPERATORS = ("", "gte", "lte", "in", "contains", "isnull")


class BadQuery(Invalid):
    """The query string asks for something that the collection does not know."""

    code = "request.bad_query"


@dataclass(frozen=True, slots=True)
class Filter:
    """A field that may be filtered by: where it is found, what it holds, with which operators."""

    column: str
    kind: str = "text"  # text, id, date, instant, number, flag
    operators: tuple[str, ...] = ("", "in")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a collection of `shape` can be narrowed, ordered and widened by."""

    shape: type[msgspec.Struct]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    sorts: Mapping[str, str] = field(default_factory=dict)  # public name → column
    default_sort: str = "-created_at"
    kinds: Mapping[str, str] = field(default_factory=dict)  # of sorts that their name does not tell
    is_newest_first: bool = False  # and knows no other order
    searches: bool = False
    expands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query string, judged."""

    limit: int
    after: tuple[Any, UUID] | None
    sort: str
    q: str
    fields: frozenset[str]
    expand: frozenset[str]
    where: dict[str, Any]  # "field__operator" → value


def read_query(parameters: QueryDict, *, listing: Listing) -> Query:
    """Judge a query string; BadQuery with every fault."""
    problems: list[Problem] = []
    where: dict[str, Any] = {}
    known = {"limit", "cursor", "sort", "fields", "expand", "q"}
    for name in parameters:
        if name in known:
            continue
        try:
            where[name] = filter_value(name, parameters.get(name, ""), listing.filters)
        except ValueError as error:
            problems.append(Problem(f"/{name}", "request.bad_filter", str(error)))
    sort = parameters.get("sort", listing.default_sort)
    if sort not in sorts_of(listing):
        words = ", ".join(sorts_of(listing))
        problems.append(Problem("/sort", "request.bad_sort", f"Sort by one of: {words}."))
        sort = listing.default_sort
    if parameters.get("q") and not listing.searches:
        problems.append(Problem("/q", "request.no_search", "This collection has no search."))
    after = None
    try:
        after = read_cursor(parameters.get("cursor", ""), sort=sort, listing=listing)
    except ValueError as error:
        problems.append(Problem("/cursor", "request.bad_cursor", str(error)))
    expand = names_among(parameters, "expand", listing.expands, problems)
    fields = names_among(parameters, "fields", listing.shape.__struct_fields__, problems)
    limit = read_limit(parameters.get("limit", str(USUAL)), problems)
    if problems:
        raise BadQuery(problems=problems)
    return Query(
        limit=limit,
        after=after,
        sort=sort,
        q=clean(parameters.get("q", ""))[:200],
        fields=fields,
        expand=expand,
        where=where,
    )


def sorts_of(listing: Listing) -> list[str]:
    """Every order that a collection knows."""
    if listing.is_newest_first:
        return [listing.default_sort]
    return [sign + name for name in listing.sorts for sign in ("", "-")]


def read_limit(text: str, problems: list[Problem]) -> int:
    """How many rows, 1 to MOST."""
    if text.isascii() and text.isdecimal() and len(text) < 5 and 1 <= int(text) <= MOST:
        return int(text)
    problems.append(Problem("/limit", "request.bad_limit", f"Ask for 1 to {MOST} rows."))
    return USUAL


def names_among(
    parameters: QueryDict, name: str, known: Iterable[str], problems: list[Problem]
) -> frozenset[str]:
    """The names in a comma-separated parameter; those that are not known are faults."""
    given = parameters.get(name, "")
    found = frozenset(one.strip() for one in given.split(",") if one.strip())
    if found - set(known):
        words = ", ".join(known) or "none"
        problems.append(Problem(f"/{name}", f"request.bad_{name}", f"Name some of: {words}."))
    return found


def read_expand(parameters: QueryDict, *, expands: Iterable[str]) -> frozenset[str]:
    """What of a single thing is to be expanded; BadQuery."""
    problems: list[Problem] = []
    found = names_among(parameters, "expand", expands, problems)
    if problems:
        raise BadQuery(problems=problems)
    return found


def clean(text: str) -> str:
    """`text` without characters that PostgreSQL cannot keep."""
    return "".join(c for c in text if c.isprintable())


def filter_value(name: str, text: str, filters: Mapping[str, Filter]) -> Any:
    """The typed value of one filter; ValueError says what is wrong."""
    field_name, _, operator = name.partition("__")
    known = filters.get(field_name)
    if known is None or operator not in known.operators:
        raise ValueError("There is no such filter.")
    if operator == "in":
        parts = text.split(",")
        if len(parts) > MOST:
            raise ValueError(f"Name at most {MOST} values.")
        return [typed(part.strip(), known.kind) for part in parts]
    if operator == "isnull":
        return typed(text, "flag")
    return typed(text, known.kind)


def typed(text: str, kind: str) -> Any:
    """One value of a kind; ValueError."""
    if kind == "flag":
        if text not in {"true", "false"}:
            raise ValueError("Say true or false.")
        return text == "true"
    if kind == "text":
        return clean(text)
    try:
        return TYPES[kind](text)
    except (ValueError, OverflowError):
        raise ValueError(WORDS[kind]) from None


def instant(text: str) -> datetime:
    """An ISO 8601 instant with its zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def day(text: str) -> date:
    """YYYY-MM-DD."""
    if len(text) != 10:
        raise ValueError
    return date.fromisoformat(text)


TYPES: dict[str, Callable[[str], Any]] = {
    "id": UUID,
    "date": day,
    "instant": instant,
    "number": decimal_of,
}
WORDS = {
    "id": "Enter an id, a UUID.",
    "date": "Enter a date as YYYY-MM-DD.",
    "instant": "Enter an instant with its zone, such as 2026-11-20T10:00:00Z.",
    "number": "Enter a plain number.",
}


def make_cursor(value: Any, row_id: UUID, *, sort: str) -> str:
    """The cursor of the page after this row; opaque to callers."""
    stored = value.isoformat() if isinstance(value, date | datetime) else value
    plain = msgspec.json.encode([sort, stored, row_id.hex], enc_hook=str)
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def read_cursor(text: str, *, sort: str, listing: Listing) -> tuple[Any, UUID] | None:
    """(sort value, row id) of a cursor; ValueError for one of another list, or one made up."""
    if not text:
        return None
    try:
        padded = text + "=" * (-len(text) % 4)
        made_for, value, row = msgspec.json.decode(base64.urlsafe_b64decode(padded.encode("ascii")))
        if made_for != sort:
            raise ValueError
        return cursor_value(value, sort.lstrip("-"), listing), UUID(row)
    except (
        ValueError,
        TypeError,
        AttributeError,
        binascii.Error,
        UnicodeError,
        msgspec.DecodeError,
    ):
        raise ValueError("This cursor belongs to another list. Begin without one.") from None


def cursor_value(value: Any, name: str, listing: Listing) -> Any:
    """The value of a sort, typed; ValueError where it is none of its kind."""
    kind = listing.kinds.get(name) or sort_kind(name)
    if value is None and kind.endswith("?"):
        return None
    kind = kind.rstrip("?")
    if kind == "whole":
        if type(value) is not int or abs(value) >= 1 << 63:
            raise ValueError
        return value
    if not isinstance(value, str) or clean(value) != value:
        raise ValueError
    return value if kind == "text" else TYPES[kind](value)


def sort_kind(name: str) -> str:
    """What a sort holds, by the endings of HOUSE 1.4."""
    if name.endswith("_at"):
        return "instant"
    return "date" if name.endswith("on") else "text"


def page_of(
    rows: QuerySet[Any],
    query: Query,
    *,
    listing: Listing,
    shape: Callable[[Any], Any],
    ready: Callable[[Sequence[Any]], None] | None = None,
) -> dict[str, Any]:
    """One page of an ORM collection in the public shape; `ready` puts in what the rows lack."""
    narrowed = narrow(rows, query, listing=listing)
    found = list(ordered(narrowed, query, listing=listing)[: query.limit + 1])
    more, found = len(found) > query.limit, found[: query.limit]
    cursor = None
    if ready is not None:
        ready(found)
    if more:
        last = found[-1]
        column = listing.sorts[query.sort.lstrip("-")]
        cursor = make_cursor(getattr(last, column), last.id, sort=query.sort)
    return answer_of([shape(row) for row in found], cursor, fields=query.fields)


def page_of_records(
    found: Sequence[Any],
    query: Query,
    *,
    shape: Callable[[Any], Any],
    value: Callable[[Any], tuple[Any, UUID]] | None = None,
    widen: Callable[[Sequence[Any]], None] | None = None,
) -> dict[str, Any]:
    """One page of records that a room's query gave for `query.limit + 1`; `value` is (sort value,
    id) of a record, by default its id alone; `widen` puts in what is to be expanded."""
    rows = found[: query.limit]
    cursor = None
    if len(found) > query.limit:
        last = rows[-1]
        sorted_by, row_id = value(last) if value else ("", last.id)
        cursor = make_cursor(sorted_by, row_id, sort=query.sort)
    shaped = [shape(row) for row in rows]
    if widen is not None and query.expand:
        widen(shaped)
    return answer_of(shaped, cursor, fields=query.fields)


def answer_of(
    shaped: Sequence[Any], cursor: str | None, *, fields: Iterable[str] = ()
) -> dict[str, Any]:
    """{"data": […], "next": …}, each row cut to `fields` when some are named."""
    rows = [msgspec.to_builtins(row) for row in shaped]
    wanted = set(fields)
    if wanted:
        rows = [{name: row[name] for name in row if name in wanted or name == "id"} for row in rows]
    return {"data": rows, "next": cursor}


def narrow(rows: QuerySet[Any], query: Query, *, listing: Listing) -> QuerySet[Any]:
    """Apply the filters."""
    for name, value in query.where.items():
        field_name, _, operator = name.partition("__")
        column = listing.filters[field_name].column
        lookup = {"": "", "contains": "__icontains"}.get(operator, f"__{operator}")
        rows = rows.filter(**{f"{column}{lookup}": value})
    return rows


def ordered(rows: QuerySet[Any], query: Query, *, listing: Listing) -> QuerySet[Any]:
    """Order by the sort and the id, beginning after the cursor's row."""
    down = query.sort.startswith("-")
    column = listing.sorts[query.sort.lstrip("-")]
    if query.after is not None:
        beyond = "lt" if down else "gt"
        value, row_id = query.after
        rows = rows.filter(
            Q(**{f"{column}__{beyond}": value}) | Q(**{column: value, f"id__{beyond}": row_id})
        )
    order = [F(column).desc(), F("id").desc()] if down else [F(column).asc(), F("id").asc()]
    return rows.order_by(*order)
