"""Arrays for hot statements hold what was put in, whatever it is."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from guilder.foundation.tenancy import hot
from guilder.foundation.tenancy.transaction import transaction

ID = UUID("019a0000-0000-7000-8000-00000000000a")
CASES = {
    "text": [
        "plain",
        'a "quote"',
        "back\\slash",
        "",
        "NULL",
        "null",
        "{1,2}",
        "a,b",
        " x ",
        "ß\n\t",
    ],
    "texts and nothing": ["plain", None, 'a "quote"', "back\\slash", "NULL"],
    "nothing at all": [],
    "the same": ['a "quote"'] * 3,
    "uuid": [ID, None, UUID(int=0), UUID(int=2**128 - 1)],
    "bytea": [b"", b'\x00\\"', None],
    "bigint": [0, -1, None, 2**63 - 1],
}
KINDS = {"texts and nothing": "text", "nothing at all": "text", "the same": "text"}


@pytest.mark.parametrize("case", CASES)
def test_an_array_comes_back_as_it_went(case: str, world):
    kind, values = KINDS.get(case, case), CASES[case]
    with transaction(world.organization):
        (found,) = (
            hot.cursor().execute(f"SELECT %s::{kind}[]", [hot.array(values, kind)]).fetchone()
        )

    assert found == values


def test_ids_go_as_ids_or_as_text(world):
    with transaction(world.organization):
        array = hot.array([ID, str(ID), None], "uuid")
        (found,) = hot.cursor().execute("SELECT %s::uuid[]", [array]).fetchone()

    assert found == [ID, ID, None]


def test_json_keeps_its_quotes(world):
    texts = ['{"a": "b\\\\c"}', '["\\"", null]']
    with transaction(world.organization):
        (found,) = (
            hot.cursor().execute("SELECT %s::jsonb[]", [hot.array(texts, "jsonb")]).fetchone()
        )

    assert [json.loads(one) for one in found] == [{"a": "b\\c"}, ['"', None]]


ROWS = {
    "all differ": [
        (ID, "a", 1, True, None, Decimal("1.5"), b"\x00", '{"a": 1}', date(2026, 1, 1)),
        (UUID(int=2), 'b"\\', -2, False, ID, None, b"", None, None),
        (UUID(int=3), "", 3, None, None, Decimal(-7), None, "[]", date(2026, 2, 1)),
    ],
    "all but the id is the same": [
        (UUID(int=n), 'a "b"', 7, True, ID, Decimal("0.1"), b"x", "[]", date(2026, 1, 1))
        for n in range(4)
    ],
    "all is the same": [(ID, "", 0, False, None, None, None, None, None)] * 3,
    "one": [(ID, None, None, None, None, Decimal(1), b"", "null", None)],
    "the ends are the same": [
        (ID, "a", 1, True, ID, Decimal(1), b"x", "1", None),
        (None, "b", 2, False, UUID(int=1), Decimal(2), b"y", "2", date(2026, 1, 1)),
        (ID, "a", 1, True, ID, Decimal(1), b"x", "1", None),
    ],
}
KIND = {"a": "uuid", "b": "text", "c": "bigint", "d": "boolean", "e": "uuid", "f": "numeric",
        "g": "bytea", "h": "jsonb", "i": "date", "j": "timestamptz"}  # fmt: skip


@pytest.mark.parametrize("case", ROWS)
def test_rows_that_go_together_come_back_as_they_went(case: str, world):
    at = datetime(2026, 3, 1, 12, 30, 1, 5, tzinfo=UTC)
    rows = [(*row, at) for row in ROWS[case]]
    made = ", ".join(f"{name} {kind}" for name, kind in KIND.items())
    with transaction(world.organization):
        hot.cursor().execute(f"CREATE TEMP TABLE held (n serial, {made}) ON COMMIT DROP")
        hot.insert_many("held", KIND, rows)
        hot.insert_many("held", KIND, [])
        found = hot.cursor().execute(f"SELECT {', '.join(KIND)} FROM held ORDER BY n").fetchall()

    assert found == rows


def test_ids_may_be_texts_among_rows(world):
    with transaction(world.organization):
        hot.cursor().execute("CREATE TEMP TABLE held (a uuid, b uuid) ON COMMIT DROP")
        rows = [(str(ID), ID), (UUID(int=1), ID), (None, ID)]
        hot.insert_many("held", {"a": "uuid", "b": "uuid"}, rows)
        found = hot.cursor().execute("SELECT * FROM held").fetchall()

    assert found == [(ID, ID), (UUID(int=1), ID), (None, ID)]
