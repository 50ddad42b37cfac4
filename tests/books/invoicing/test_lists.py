"""Lists: pages that neither repeat nor skip, filters, and words that SQL and Python agree on."""

import itertools
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries
from guilder.books.invoicing.calc import WORDS
from guilder.books.invoicing.queries.lists import sort_value
from tests import make


def pages(world, narrowed, sort, limit=3):
    found, after = [], None
    while page := queries.list_invoices(
        narrowed, by=world.alice, sort=sort, limit=limit, after=after
    ):
        found += page
        after = sort_value(page[-1], sort)
    return found


@pytest.fixture
def many(world):
    client = make.client(world.alice)
    for n in range(4):
        make.draft(world.alice, client_id=client.id)
        make.issued_invoice(
            world.alice,
            client_id=client.id,
            on=date(2026, 11, 1 + n // 2),
            lines=[make.line(quantity=str(n % 3 + 1))],
        )
    return world


@pytest.mark.parametrize("sort", ["created_at", "issued_on", "due_on", "number", "gross", "open"])
@pytest.mark.parametrize("way", ["", "-"])
def test_pages_give_every_row_once_in_order(many, sort, way):
    narrowed = queries.InvoiceFilter(today=make.TODAY)

    found = pages(many, narrowed, way + sort)

    ids = [one.id for one in found]
    assert len(ids) == 8 and len(set(ids)) == 8
    keys = [
        (value is None, value or "" if sort == "number" else value, one.id)
        for one in found
        for value in [sort_value(one, sort)[0]]
    ]
    known = [key[1:] for key in keys if not key[0]]
    if sort != "created_at":
        assert known == sorted(known, reverse=bool(way))
    nulls = [key[0] for key in keys]
    assert nulls == sorted(nulls, reverse=bool(way))


def test_an_unknown_sort_is_refused(world):
    with pytest.raises(queries.NotASort):
        queries.list_invoices(
            queries.InvoiceFilter(today=make.TODAY), by=world.alice, sort="name; DROP"
        )


def test_filters_narrow(many):
    def count(**changes):
        narrowed = queries.InvoiceFilter(today=make.TODAY, **changes)
        return queries.count_invoices(narrowed, by=many.alice)

    assert count(words=["draft"]) == 4
    assert count(is_open=True) == 4
    assert count(issued_from=date(2026, 11, 2)) == 2
    assert count(kinds=["credit_note"]) == 0
    assert count(number="INV-2026-00003") == 1
    assert count(q="00003") == 1
    assert count(q="%") == 0
    assert count(q="söhne") == 8
    assert count(words=["overdue"]) == 4
    assert queries.count_invoices(queries.InvoiceFilter(today=make.TODAY), by=many.mallory) == 0
    assert len(queries.open_invoices(by=many.alice, today=make.TODAY)) == 4


def test_sql_and_python_say_the_same_word(world):
    client = make.client(world.alice)

    def issued(**changes):
        return make.issued_invoice(world.alice, client_id=client.id, **changes)

    make.draft(world.alice, client_id=client.id)
    issued(kind="pro_forma")
    issued(due_on="2026-12-01")
    overdue = issued(due_on="2026-11-20")
    make.payment(world.alice, issued(due_on="2026-12-01"), "1.00")
    make.payment(world.alice, issued(), "119.00")
    invoicing.credit_invoice(issued().id, by=world.alice, at=make.NOW, on=make.TODAY)
    invoicing.write_off(issued().id, by=world.alice, on=make.TODAY, at=make.NOW, reason="x")
    invoicing.mark_disputed(overdue.id, by=world.alice, at=make.NOW)
    for marks in (["sent"], ["sent", "viewed"]):
        one = issued(due_on="2026-12-01")
        for mark in marks:
            getattr(invoicing, f"mark_{mark}")(one.id, by=world.alice, at=make.NOW)
    issued(kind="credit_note")
    seen = set()

    for word, today in itertools.product(WORDS, (make.TODAY, date(2027, 6, 1))):
        narrowed = queries.InvoiceFilter(today=today, words=[word])
        by_sql = {one.id for one in queries.list_invoices(narrowed, by=world.alice)}
        everything = queries.list_invoices(queries.InvoiceFilter(today=today), by=world.alice)
        by_python = {one.id for one in everything if one.word(on=today) == word}
        assert by_sql == by_python, word
        seen |= {word} if by_sql else set()

    assert seen == set(WORDS) - {"pending_approval", "scheduled"}


@settings(max_examples=300)
@given(
    kind=st.sampled_from(["invoice", "credit_note", "pro_forma", "deposit", "debit_note"]),
    amounts=st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)),
    marks=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    due=st.sampled_from([None, date(2026, 11, 19), date(2026, 11, 20)]),
)
def test_a_word_is_one_of_the_twelve_and_overdue_needs_something_open(kind, amounts, marks, due):
    from guilder.books.invoicing.calc import Standing, status_word

    now = datetime(2026, 11, 20, tzinfo=UTC)
    allocated, credited, written_off, left = amounts
    standing = Standing(
        status="issued", kind=kind, due_on=due, payable=sum(amounts), allocated=allocated,
        credited=credited, written_off=written_off, left=left,
        sent_at=now if marks[0] else None, viewed_at=now if marks[1] else None,
        disputed_at=now if marks[2] else None,
    )  # fmt: skip

    word = status_word(standing, on=date(2026, 11, 20))

    assert word in WORDS
    assert word not in ("overdue", "disputed", "partially_paid") or left
    assert word not in ("paid", "credited", "written_off") or not left
