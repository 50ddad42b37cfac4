"""No two operations take locks in opposite orders: every write of the API, watched.

Two transactions that each wait for the other's lock are ended by the database; that cannot happen
where all of them take their locks along one order. The order is found from what is really sent.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, combinations, pairwise
from typing import Any

import psycopg
import pytest

from guilder.faces.rest import urls  # noqa: F401  (fills the table of routes)
from guilder.faces.rest.routes import OPEN, ROUTES
from tests.faces.rest.speaking import Speaker
from tests.faces.rest.twins import TWINS, address_of
from tests.make import make_world
from tests.stories.running import is_full_size

# What locks rows: an UPDATE or DELETE of a table, or a SELECT … FOR UPDATE from one.
LOCKS = re.compile(
    r"""\b(?:UPDATE\s+(?:ONLY\s+)?"?(?P<changed>[a-z_]+\w*)"?\s+(?:AS\s+\w+\s+|\w+\s+)?SET\b
    |DELETE\s+FROM\s+"?(?P<deleted>[a-z_]+\w*)"?
    |FROM\s+"?(?P<read>[a-z_]+\w*)"?
    |(?P<locking>FOR\s+(?:NO\s+KEY\s+)?UPDATE)(?:\s+OF\s+"?(?P<of>\w+)"?)?)""",
    re.VERBOSE | re.IGNORECASE,
)
ALIAS = re.compile(r'\b(?:FROM|JOIN)\s+"?(\w+)"?\s+(?:AS\s+)?"?(\w+)"?', re.IGNORECASE)
# Counted and claimed in transactions of their own, before the work begins; or told after it.
APART = re.compile(r"^(edges_|identity_|django_|procrastinate_|desk_progress|calls_)")
APPROVED = re.compile("appro|submit|recall|reject")
PARTS = {"parties_partner": "parties_"}  # whole → how the tables of its parts begin
MONEY = ("invoices/", "payments/", "credit-notes/", "quotes/", "refunds/", "series/")


def locked(sql: str) -> list[str]:
    """The tables in which a statement locks rows, in the order of its text."""
    found, last = [], ""
    called = {alias: table for table, alias in ALIAS.findall(sql)}
    for one in LOCKS.finditer(sql):
        if one["read"]:
            last = one["read"]
        elif one["locking"]:
            found.append(called.get(one["of"], one["of"]) if one["of"] else last)
        else:
            found.append(one["changed"] or one["deleted"])
    return [table for table in found if table and not APART.match(table)]


@contextmanager
def watching() -> Iterator[list[list[str]]]:
    """The tables that are locked meanwhile, in order, for each transaction."""
    seen: list[list[str]] = [[]]
    execute, commit, rollback = (
        psycopg.Cursor.execute,
        psycopg.Connection.commit,
        psycopg.Connection.rollback,
    )

    def watched(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        text = query if isinstance(query, str) else bytes(query).decode(errors="replace")
        seen[-1].extend(locked(text))
        return execute(self, query, *args, **kwargs)

    def committed(self: Any) -> None:
        seen.append([])  # what was locked is free
        commit(self)

    def rolled_back(self: Any) -> None:
        seen.append([])
        rollback(self)

    psycopg.Cursor.execute = watched  # type: ignore[method-assign, assignment]
    psycopg.Connection.commit = committed  # type: ignore[method-assign]
    psycopg.Connection.rollback = rolled_back  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]
        psycopg.Connection.commit = commit  # type: ignore[method-assign]
        psycopg.Connection.rollback = rollback  # type: ignore[method-assign]


def first_times(seen: list[str]) -> list[str]:
    """Each table once, where it was first locked; parts of what was locked before them wait for
    nobody."""
    order = list(dict.fromkeys(seen))
    held = [(order.index(whole), parts) for whole, parts in PARTS.items() if whole in order]
    return [
        table
        for place, table in enumerate(order)
        if not any(place > first and table.startswith(parts) for first, parts in held)
    ]


def circle(after: dict[str, set[str]]) -> list[str]:
    """A circle in the order, if there is one."""
    done: set[str] = set()

    def walk(table: str, path: list[str]) -> list[str]:
        if table in path:
            return [*path[path.index(table) :], table]
        if table in done:
            return []
        for following in sorted(after.get(table, ())):
            if found := walk(following, [*path, table]):
                return found
        done.add(table)
        return []

    for table in sorted(after):
        if found := walk(table, []):
            return found
    return []


def test_locks_are_taken_along_one_order(alice: Speaker):
    after: dict[str, set[str]] = defaultdict(set)
    because: dict[tuple[str, str], str] = {}
    for route in ROUTES:
        where = (route.method, route.path)
        if route.method == "GET" or route.permission == OPEN or where not in TWINS:
            continue
        if not is_full_size() and not route.path.startswith(MONEY):
            continue
        # Who wants approvals in one organization cannot issue in it without them, and what came in
        # there before (a statement, a supplier's paper) is known the second time.
        is_alone = APPROVED.search(route.path) or not route.path.startswith(MONEY)
        speaker = Speaker.of(make_world().alice) if is_alone else alice
        request = TWINS[where](speaker)
        with watching() as seen:
            speaker(route.method, address_of(route.path, request), request.body)
        for table, following in chain.from_iterable(
            combinations(first_times(each), 2) for each in seen
        ):
            after[table].add(following)
            because.setdefault((table, following), " ".join(where))

    found = circle(after)

    assert len(after) > 3, "nothing was watched"
    assert found == [], [(pair, because[pair]) for pair in pairwise(found)]


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ('SELECT 1 FROM "invoicing_invoice" WHERE id = 1 FOR NO KEY UPDATE', ["invoicing_invoice"]),
        ("UPDATE payments_payment SET x = 1", ["payments_payment"]),
        ("WITH a AS (UPDATE a_b x SET y = 1 RETURNING 1) DELETE FROM c_d", ["a_b", "c_d"]),
        (
            "SELECT 1 FROM a_b i JOIN c_d p ON true LEFT JOIN (SELECT 1 FROM e_f) x ON true "
            "WHERE true FOR NO KEY UPDATE OF i",
            ["a_b"],
        ),
        ("INSERT INTO x_y SELECT 1 FROM z_z", []),
        ("INSERT INTO x_y VALUES (1) ON CONFLICT DO UPDATE SET a = 1", []),
    ],
)
def test_a_lock_is_seen_in_a_statement(sql: str, tables: list[str]):
    assert locked(sql) == tables


def test_a_circle_is_seen():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]
    assert circle({"a": {"b", "c"}, "b": {"c"}}) == []
