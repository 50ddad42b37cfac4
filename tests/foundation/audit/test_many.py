"""Entries that are written together are hashed as those written one by one."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from guilder.foundation.audit import calc, operations
from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money

TEXT = st.text(max_size=12)
VALUES = st.dictionaries(
    TEXT, st.one_of(TEXT, st.integers(), st.booleans(), st.none(), st.lists(TEXT, max_size=2)),
    max_size=4,
)  # fmt: skip


@given(
    changes=st.lists(st.tuples(st.none() | VALUES, st.none() | VALUES), min_size=1, max_size=3),
    name=TEXT, address=TEXT, request=TEXT, has_user=st.booleans(),
)  # fmt: skip
def test_many_rows_have_the_hashes_of_single_ones(changes, name, address, request, has_user):
    by = Actor(
        organization_id=uuid7(), user_id=uuid7() if has_user else None, name=name, address=address,
        request_id=request, source="api",
    )  # fmt: skip
    changes = [
        operations.Change(uuid7(), before, after and {**after, "money": Money(110, "EUR")})
        for before, after in changes
    ]
    rows = operations.many_rows(changes, by=by, action="thing.do", table="things")

    for one, row in zip(changes, rows, strict=True):
        told = dict(zip(operations.COLUMNS, row, strict=True))
        content = calc.Content(
            **{
                name: UUID(told[name]) if name == "id" else told[name]
                for name in calc.Content.__dataclass_fields__
                if name not in {"before", "after"}
            },
            before=None if one.before is None else calc.plain(one.before),
            after=None if one.after is None else calc.plain(one.after),
        )
        assert told["values_hash"] == calc.values_hash(content, salt=told["salt"])
        assert told["content_hash"] == calc.content_hash(content, values=told["values_hash"])
        assert told["after"] == (
            None if one.after is None else calc.canonical(content.after).decode()
        )
