"""Roots and links: worked by hand for small trees, and no change slips through."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.foundation.audit import calc
from guilder.kernel.money import Money

OF = UUID(int=1)
CONTENT = calc.Content(
    id=UUID(int=2), organization_id=OF, at=datetime(2026, 3, 1, 12, tzinfo=UTC), actor_id=UUID(int=3),
    key_id=None, source="web", request_id="r", action="x.change", table_name="x_x",
    row_id=UUID(int=4), actor_name="Ada", address="192.0.2.1", before={"a": 1}, after={"a": 2},
)  # fmt: skip


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def test_the_root_of_three_leaves() -> None:
    a, b, c = (sha(bytes([n])) for n in range(3))
    left = sha(b"\x01" + sha(b"\x00" + a) + sha(b"\x00" + b))

    assert calc.merkle_root([a, b, c]) == sha(b"\x01" + left + sha(b"\x00" + c))


def test_a_node_does_not_pass_for_a_leaf() -> None:
    a, b = sha(b"a"), sha(b"b")
    inner = sha(b"\x00" + a) + sha(b"\x00" + b)

    assert calc.merkle_root([a, b]) != calc.merkle_root([inner])


@pytest.mark.parametrize(
    "changes",
    [
        {"id": UUID(int=9)}, {"organization_id": UUID(int=9)}, {"actor_id": None},
        {"at": datetime(2026, 3, 1, 12, 0, 0, 1, tzinfo=UTC)}, {"key_id": UUID(int=9)},
        {"source": "api"}, {"request_id": "s"}, {"action": "x.delete"}, {"table_name": "y"},
        {"row_id": None}, {"actor_name": "Eve"}, {"address": ""}, {"before": None},
        {"before": {"a": "1"}}, {"after": {"a": 2, "b": None}},
    ],
)  # fmt: skip
def test_each_field_moves_the_hash(changes: dict[str, Any]) -> None:
    def hashed(content: calc.Content) -> bytes:
        return calc.content_hash(content, values=calc.values_hash(content, salt=b"s" * 16))

    assert hashed(replace(CONTENT, **changes)) != hashed(CONTENT)


def test_one_instant_has_one_hash_in_every_time_zone() -> None:
    elsewhere = CONTENT.at.astimezone(timezone(timedelta(hours=2)))

    assert calc.content_hash(replace(CONTENT, at=elsewhere), values=b"") == calc.content_hash(
        CONTENT, values=b""
    )


def test_kernel_values_become_json() -> None:
    frozen = MappingProxyType({1: Decimal("1.50")})
    told = calc.plain(
        {"id": UUID(int=1), "sum": Money(1990, "EUR"), "of": (1, 2), "at": {"rates": frozen}}
    )

    assert told == {
        "id": "00000000-0000-0000-0000-000000000001",
        "sum": {"amount": "19.90", "currency": "EUR"},
        "of": [1, 2],
        "at": {"rates": {"1": "1.50"}},
    }


def test_what_json_cannot_say_is_refused() -> None:
    with pytest.raises(TypeError, match="no place"):
        calc.plain({"x": object()})


def sealed(sizes: list[int]) -> tuple[list[calc.SealedPart], dict[UUID, calc.StoredHashes]]:
    entries, seals, previous, n = {}, [], calc.first_link(OF), 0
    for number, size in enumerate(sizes, start=1):
        ids = tuple(UUID(int=100 + n + k) for k in range(size))
        n += size
        for one in ids:
            digest = sha(one.bytes)
            entries[one] = calc.StoredHashes(b"v" * 32, digest, b"v" * 32, digest)
        root = calc.merkle_root([entries[one].content_hash for one in ids])
        link = calc.link(previous, number=number, count=size, root=root)
        seals.append(calc.SealedPart(number, ids, root, previous, link))
        previous = link
    return seals, entries


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_honest_seals_hold(sizes: list[int]) -> None:
    seals, entries = sealed(sizes)

    assert calc.verify_seals(seals, organization_id=OF, entries=entries) == []


@given(st.lists(st.integers(1, 5), min_size=3, max_size=5), st.data())
def test_each_forgery_shows(sizes: list[int], data: Any) -> None:
    seals, entries = sealed(sizes)
    at = data.draw(st.integers(0, len(seals) - 2))
    seal, victim = seals[at], seals[at].entries[0]
    stored = entries[victim]
    other = sha(b"other")
    forged_root = replace(
        seal,
        root=other,
        link=calc.link(seal.previous_link, number=seal.number, count=len(seal.entries), root=other),
    )
    forgeries = {
        "entry missing": (seals, {k: v for k, v in entries.items() if k != victim}),
        "columns changed": (seals, {**entries, victim: replace(stored, content_found=other)}),
        "values changed": (seals, {**entries, victim: replace(stored, values_found=other)}),
        "rehashed": (seals, {**entries, victim: replace(stored, content_hash=other, content_found=other)}),
        "seal removed": ([s for s in seals if s is not seal], entries),
        "root changed": ([replace(s, root=other) if s is seal else s for s in seals], entries),
        "root and link": ([forged_root if s is seal else s for s in seals], entries),
        "entry dropped": (
            [replace(s, entries=s.entries[1:]) if s is seal else s for s in seals], entries,
        ),
    }  # fmt: skip

    for name, (given_seals, given_entries) in forgeries.items():
        found = calc.verify_seals(given_seals, organization_id=OF, entries=given_entries)
        assert found, name


def test_erased_values_leave_the_seal_whole() -> None:
    seals, entries = sealed([2])
    erased = {key: replace(value, values_found=None) for key, value in entries.items()}

    assert calc.verify_seals(seals, organization_id=OF, entries=erased) == []
