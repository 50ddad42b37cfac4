"""Reports against slow plain Python over random books, and against the ledger."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.calc import in_base
from guilder.books.invoicing.models import CreditAllocation, Deduction, Invoice, WriteOff
from guilder.books.ledger import queries as ledger
from guilder.books.ledger.models import Posting
from guilder.books.payments import queries as payments_now
from guilder.books.payments.models import Allocation, Payment
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotAllowed
from guilder.kernel.period import Span
from guilder.office.reports import calc, queries
from guilder.office.reports.queries.books import AT_ONCE
from tests import make
from tests.make import World
from tests.office.reports.books import DAYS, FIRST_DAY, Books

RECEIVABLE = ("invoice", "debit_note", "deposit")
YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))
SPRING = Span(date(2026, 3, 1), date(2026, 5, 31))
SOME_DAYS = [FIRST_DAY + timedelta(days=n) for n in (0, 40, 95, 170, 240, DAYS)]


def stood(row: Any, on: date) -> bool:
    """Whether a step had been made on a day and not been taken back."""
    return row.allocated_on <= on and (row.reversed_on is None or row.reversed_on > on)


def open_by_hand(by: Actor, on: date) -> dict[Any, int]:
    """(client, currency, age) → what was open, step by step."""
    organization = by.organization_id
    found: dict[Any, int] = defaultdict(int)
    steps = [
        *Allocation.objects.of(organization),
        *CreditAllocation.objects.of(organization),
    ]
    for row in Invoice.objects.of(organization).filter(status="issued", kind__in=RECEIVABLE):
        if row.issued_on > on:
            continue
        left = row.payable_amount - row.prior_amount
        left -= sum(one.amount for one in steps if one.invoice_id == row.id and stood(one, on))
        left -= sum(
            one.amount
            for one in WriteOff.objects.of(organization).filter(invoice_id=row.id)
            if one.written_off_on <= on
        )
        if left:
            found[row.partner_id, row.currency, calc.age_of(row.due_on, on=on)] += left
    return dict(found)


@pytest.fixture
def books(world: World) -> Books:
    """A year of one organization."""
    return Books(world.alice, seed=11)


def test_what_is_owed_on_any_day_is_what_steps_had_left(world: World, books: Books) -> None:
    for on in SOME_DAYS:
        rows = queries.ageing(by=world.alice, on=on)
        with transaction(world.organization):
            expected = open_by_hand(world.alice, on)
            booked = ledger.balance_of(world.organization, "receivables", on=on)

        assert {(one.partner_id, one.currency, one.age): one.amount for one in rows} == expected
        assert sum(one.base_amount for one in rows) == pytest.approx(booked, abs=2)


def test_today_agrees_with_the_overview(world: World, books: Books) -> None:
    on = SOME_DAYS[-1]

    rows = queries.ageing(by=world.alice, on=on)

    sums: dict[Any, int] = defaultdict(int)
    for one in rows:
        sums[one.currency, one.age] += one.amount
    today = invoicing.ageing(by=world.alice, today=on)
    assert sums == {(one.amount.currency, one.age): one.amount.minor for one in today}
    documents = queries.owed_documents(by=world.alice, on=on, age=4)
    assert sum(one.base_amount for one in documents) == sum(
        one.base_amount for one in rows if one.age == 4
    )


def test_credit_on_the_last_day_is_what_each_client_has(world: World, books: Books) -> None:
    rows = queries.open_credits(by=world.alice, on=SOME_DAYS[-1])

    expected = {
        (client.id, money.currency): money.minor
        for client in books.clients
        for money in payments_now.open_credit(by=world.alice, partner_id=client.id)
    }
    assert {(one.partner_id, one.currency): one.amount for one in rows} == expected


def test_revenue_is_the_income_of_the_ledger_however_it_is_grouped(
    world: World, books: Books
) -> None:
    with transaction(world.organization):
        income = -sum(
            posting.base_amount
            for posting in Posting.objects.of(world.organization).filter(
                account__kind="income",
                entry__source="invoice.issue",
                booked_on__range=(SPRING.start_on, SPRING.end_on),
            )
            if posting.tax_category
        )

    for group in ("month", "quarter", "year", "client"):
        rows = queries.revenue(by=world.alice, span=SPRING, group=group, base="EUR")
        assert sum(one.net for one in rows) == income, group
    whole = queries.revenue_total(by=world.alice, span=SPRING)
    papers = queries.earned_documents(by=world.alice, span=SPRING, base="EUR")
    assert whole.net == income == sum(one.net for one in papers)
    assert len(papers) == whole.invoice_count + whole.credit_count


def test_revenue_of_a_currency_and_of_items_is_that_of_the_lines(
    world: World, books: Books
) -> None:
    for currency in ("", "USD", "JPY"):
        rows = queries.revenue(
            by=world.alice, span=YEAR, group="item", base="EUR", currency=currency
        )
        with transaction(world.organization):
            expected: dict[Any, int] = defaultdict(int)
            wanted = Invoice.objects.of(world.organization).filter(
                status="issued", kind__in=("invoice", "credit_note")
            )
            for paper in wanted.prefetch_related("lines"):
                for line in paper.lines.all():
                    if currency in ("", paper.currency):
                        sign = -1 if paper.kind == "credit_note" else 1
                        net = line.net_amount
                        if not currency:
                            net = in_base(
                                net,
                                currency=paper.currency,
                                base_currency="EUR",
                                rate=paper.base_rate or Decimal(1),
                            )
                        expected[line.item_id] += sign * net
        assert {one.key: one.net for one in rows} == expected
    of_one = queries.earned_documents(
        by=world.alice, span=YEAR, base="EUR", item_id=books.items[0].id, of_item=True
    )
    by_item = queries.revenue(by=world.alice, span=YEAR, group="item", base="EUR")
    assert sum(one.net for one in of_one) == next(
        one.net for one in by_item if one.key == books.items[0].id
    )


def test_the_tax_is_what_the_ledger_owes(world: World, books: Books) -> None:
    for span in (YEAR, SPRING):
        lines = queries.tax_lines(by=world.alice, span=span, base="EUR")
        with transaction(world.organization):
            owed: dict[Any, int] = defaultdict(int)
            for posting in Posting.objects.of(world.organization).filter(
                account__role__startswith="tax",
                booked_on__range=(span.start_on, span.end_on),
            ):
                owed[posting.tax_category, posting.tax_rate] -= posting.base_amount
        assert {(one.category, one.rate): one.tax for one in lines if one.tax} == {
            key: amount for key, amount in owed.items() if amount
        }
        for one in lines:
            papers = queries.taxed_documents(
                by=world.alice, span=span, base="EUR", category=one.category, rate=one.rate
            )
            assert sum(paper.base_taxable for paper in papers) == one.taxable
            assert sum(paper.base_tax for paper in papers) == one.tax


def test_a_deposit_is_taxed_when_it_is_issued_and_not_again(world: World) -> None:
    client = make.client(world.alice)
    deposit = make.issued_invoice(world.alice, client_id=client.id, kind="deposit")
    make.payment(world.alice, deposit, "119.00")
    final = make.issued_invoice(
        world.alice,
        client_id=client.id,
        lines=[make.line(quantity="5")],
        deducts=[str(deposit.id)],
    )

    (line,) = queries.tax_lines(by=world.alice, span=YEAR, base="EUR")

    # 100.00 with the deposit, 500.00 − 100.00 with the final invoice: 500.00 and 95.00 in all.
    with transaction(world.organization):
        assert Deduction.objects.of(world.organization).filter(final_id=final.id).exists()
    assert (line.taxable, line.tax, line.invoice_count) == (50_000, 9_500, 2)
    assert queries.revenue_total(by=world.alice, span=YEAR).net == 50_000


def test_money_in_is_what_moved_on_the_accounts(world: World, books: Books) -> None:
    for span in (YEAR, SPRING):
        with transaction(world.organization):
            moved: dict[Any, int] = defaultdict(int)
            for posting in Posting.objects.of(world.organization).filter(
                account__role__in=("bank", "cash"),
                booked_on__range=(span.start_on, span.end_on),
            ):
                moved[posting.account_id] += posting.base_amount
        rows = queries.money_in(by=world.alice, span=span, group="account")
        assert {one.key: one.net for one in rows if one.net} == {
            key: amount for key, amount in moved.items() if amount
        }
        for group in ("month", "method", "client"):
            rows = queries.money_in(by=world.alice, span=span, group=group)
            assert sum(one.net for one in rows) == sum(moved.values()), group
        listed = queries.moved_payments(by=world.alice, span=span)
        assert sum(one.base_amount for one in listed) == sum(moved.values())


def test_the_pace_is_the_mean_of_whole_days(world: World, books: Books) -> None:
    rows = queries.pace(by=world.alice, span=YEAR)
    whole = queries.pace_of_all(by=world.alice, span=YEAR)

    with transaction(world.organization):
        taken: dict[Any, list[int]] = defaultdict(list)
        for row in Invoice.objects.of(world.organization).filter(
            kind__in=RECEIVABLE, settled_on__isnull=False, allocated_amount__gt=0,
            written_off_amount=0,
        ):  # fmt: skip
            taken[row.partner_id].append((row.settled_on - row.issued_on).days)
    assert {one.partner_id: one.count for one in rows} == {
        key: len(days) for key, days in taken.items()
    }
    for one in rows:
        days = taken[one.partner_id]
        assert round(one.days, 6) == round(Decimal(sum(days)) / len(days), 6)
        assert one.slowest == max(days)
    assert whole.count == sum(len(days) for days in taken.values())
    papers = queries.settled_documents(by=world.alice, span=YEAR)
    assert len(papers) == whole.count


def test_the_journal_has_every_posting_once_and_balances(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries.books, "AT_ONCE", 7)  # type: ignore[attr-defined]

    rows = list(queries.journal(by=world.alice, span=YEAR))

    with transaction(world.organization):
        count = Posting.objects.of(world.organization).count()
    assert AT_ONCE > 7 and len(rows) == count
    assert len({(one.entry_id, one.position) for one in rows}) == count
    assert sum(one.base_amount for one in rows) == 0
    assert [one.booked_on for one in rows] == sorted(one.booked_on for one in rows)


def test_a_statement_ends_where_the_trial_balance_does(world: World, books: Books) -> None:
    for account in queries.balances(by=world.alice, span=SPRING):
        rows = queries.statement(
            by=world.alice, account_id=account.account_id, span=SPRING, limit=10_000
        )
        moved = sum(one.base_amount for one in rows)
        assert account.opening + moved == account.closing


def test_sales_to_the_union_are_told_by_vat_id(world: World) -> None:
    dutch = make.client(
        world.alice,
        name="Polder BV",
        tax_ids=[{"scheme": "vat", "value": "NL853746321B01"}],
        address={"line1": "Kade 1", "postal_code": "1011", "city": "Amsterdam", "country": "NL"},
    )
    make.issued_invoice(world.alice, client_id=dutch.id, lines=[make.line(tax="reverse_charge")])
    make.issued_invoice(world.alice, client_id=dutch.id, lines=[make.line(tax="intra_eu")])
    make.issued_invoice(world.alice)

    (sale,) = queries.union_sales(by=world.alice, span=YEAR, base="EUR", country="DE")

    assert (sale.vat_id, sale.goods, sale.services) == ("NL853746321B01", 10_000, 10_000)


def test_an_agent_sees_the_figures_of_own_documents_only(world: World) -> None:
    make.issued_invoice(world.alice)

    assert queries.ageing(by=world.bob, on=make.TODAY) == []
    assert queries.revenue_total(by=world.bob, span=YEAR).net == 0
    assert queries.tax_lines(by=world.bob, span=YEAR, base="EUR") == []
    with pytest.raises(NotAllowed):
        queries.money_in(by=world.bob, span=YEAR, group="month")
    with pytest.raises(NotAllowed):
        queries.balances(by=world.bob, span=YEAR)


def test_another_organization_sees_nothing_of_it(world: World, books: Books) -> None:
    by = world.mallory

    assert queries.ageing(by=by, on=SOME_DAYS[-1]) == []
    assert queries.revenue(by=by, span=YEAR, group="client", base="EUR") == []
    assert queries.tax_lines(by=by, span=YEAR, base="EUR") == []
    assert queries.money_in(by=by, span=YEAR, group="month") == []
    assert list(queries.journal(by=by, span=YEAR)) == []
    with transaction(world.other):
        assert not Payment.objects.of(world.other).exists()
