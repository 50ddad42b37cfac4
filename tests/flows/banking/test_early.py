"""Lines that fall short of an invoice by its discount for paying early: proposed, booked, or late."""

from datetime import timedelta
from typing import Any

import pytest

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries as invoices
from guilder.books.invoicing.queries.discounts import discounts_of
from guilder.faces.web.bank import words
from guilder.flows.banking import operations, queries
from tests import make
from tests.flows.banking.banking import account, codes, entry, imported, line, proposal
from tests.flows.banking.test_automatic import broken

ISSUED = make.TODAY - timedelta(days=20)
LAST = ISSUED + timedelta(days=10)
# 2 % of 119.00 is 2.38: 116.62 is enough within ten days.
TERMS = {"due": {"days": 30}, "discounts": [{"days": 10, "percent": "2"}]}


def owed(by: Any, **changes: Any) -> Any:
    return make.issued_invoice(by, on=ISSUED, **{"terms": TERMS, **changes})


def left(invoice: Any, by: Any) -> int:
    return invoices.get_invoice(invoice.id, by=by).open_amount


def test_the_amount_less_the_discount_in_time_is_exact_and_books_it(world):
    by = world.alice
    bank = account(by, automatic_from=95)
    invoice = owed(by)
    name = invoice.partner_name
    row = line(by, "116.62", f"Rechnung {invoice.number} abzgl. Skonto", name=name, on=LAST)

    assert queries.get_line(row.id, by=by).state == "matched"
    assert left(invoice, by) == 0
    assert [(one.amount, one.until) for one in discounts_of(invoice.id, by=by)] == [(238, LAST)]
    share = queries.get_line(row.id, by=by).matches.all()[0]
    assert [one["code"] for one in share.reasons] == ["number", "name", "discount"]
    assert broken(world) == set()
    operations.reopen_line(row.id, by=by, at=make.NOW)
    assert left(invoice, by) == 11900
    found = proposal(by, row)
    assert found.score >= queries.EXACT
    assert "2 % discount taken within 10 days" in words.reasons_of(found, bank.currency)
    assert words.hint_of(found, "EUR") == "Discount for paying early: €2.38"
    assert broken(world) == set()


def test_after_its_day_it_is_told_and_the_difference_stays_open(world):
    by = world.alice
    account(by, automatic_from=95)
    invoice = owed(by)
    late = LAST + timedelta(days=1)
    row = line(by, "116.62", invoice.number, name=invoice.partner_name, on=late)
    found = proposal(by, row)

    assert (found.difference_kind, codes(found)) == (
        "part", ["number", "name", "discount_late", "part"])  # fmt: skip
    assert found.score < queries.EXACT
    assert any("it came too late" in one for one in words.reasons_of(found, "EUR"))
    operations.match_line(row.id, by=by, at=make.NOW)
    assert left(invoice, by) == 238
    assert discounts_of(invoice.id, by=by) == []
    assert broken(world) == set()


def test_days_of_grace_and_the_tolerance_are_the_organizations(world):
    by = world.alice
    account(by)
    invoicing.set_discount_policy(by=by, data={"grace_days": 3, "tolerance": "0.10"})
    invoice = owed(by)
    name, late = invoice.partner_name, LAST + timedelta(days=3)
    first = proposal(by, line(by, "116.62", invoice.number, name=name, on=late, ref="1"))
    beyond = late + timedelta(days=1)
    over = line(by, "116.52", invoice.number, name=name, on=LAST, ref="3")

    assert codes(first) == ["number", "name", "discount", "grace"]
    assert first.score >= queries.EXACT
    after = proposal(by, line(by, "116.62", invoice.number, name=name, on=beyond, ref="2"))
    assert "discount_late" in codes(after)
    second = proposal(by, over)  # 2.48 are missing: 0.10 more than was offered
    assert (second.score, codes(second)[-1]) == (88, "discount_within")
    operations.match_line(over.id, by=by, at=make.NOW)
    assert left(invoice, by) == 0
    assert broken(world) == set()


def test_without_a_number_the_payer_says_whose_and_a_fee_is_no_discount(world):
    by = world.alice
    account(by)
    client = make.client(by)
    invoice = owed(by, client_id=client.id)
    other = make.issued_invoice(by, on=ISSUED)

    named = proposal(by, line(by, "116.62", "danke", name=client.name, on=LAST, ref="1"))
    assert (named.score, codes(named)) == (82, ["name", "discount"])
    late = LAST + timedelta(days=1)
    stays = proposal(by, line(by, "116.62", "danke", name=client.name, on=late, ref="2"))
    assert (stays.difference_kind, codes(stays)) == (
        "part", ["name", "only", "discount_late", "part"])  # fmt: skip
    fee = proposal(by, line(by, "116.62", other.number, name=other.partner_name, on=LAST, ref="3"))
    assert (fee.difference_kind, fee.difference) == ("fee", -238)
    assert left(invoice, by) == 11900


def test_several_by_one_transfer_each_less_its_discount(world):
    by = world.alice
    account(by, automatic_from=95)
    client = make.client(by)
    ours = [owed(by, client_id=client.id) for _ in range(2)]
    plain = owed(by, client_id=client.id, terms={"due": {"days": 30}})
    numbers = ", ".join(one.number for one in (*ours, plain))
    # 116.62 + 116.62 + 119.00 = 352.24
    row = line(by, "352.24", numbers, name=client.name, on=LAST)

    assert queries.get_line(row.id, by=by).state == "matched"
    assert [left(one, by) for one in (*ours, plain)] == [0, 0, 0]
    reasons = queries.get_line(row.id, by=by).matches.all()[0].reasons
    assert reasons[-1] == {"code": "discounts", "count": 2, "amount": 476}
    assert broken(world) == set()


@pytest.mark.parametrize("amount", ["118.00", "116.00"], ids=["less kept back", "more kept back"])
def test_another_amount_is_not_exact(world, amount):
    by = world.alice
    account(by)
    invoice = owed(by)
    found = proposal(by, line(by, amount, invoice.number, name=invoice.partner_name, on=LAST))

    assert found.score < queries.EXACT
    assert (codes(found)[-1] == "discount_within") is (amount == "118.00")


def test_what_was_paid_in_part_has_no_discount_by_itself(world):
    by = world.alice
    account(by)
    invoice = owed(by)
    make.payment(by, invoice, "10.00", on=LAST)
    found = proposal(by, line(by, "106.62", invoice.number, name=invoice.partner_name, on=LAST))

    assert "discount" not in codes(found)


def test_two_lines_do_not_take_the_same_discount(world):
    by = world.alice
    account(by)
    invoice = owed(by)
    outcome = imported(by, [
        entry("116.62", invoice.number, name=invoice.partner_name, on=LAST, ref=mark)
        for mark in ("1", "2")
    ])  # fmt: skip
    rows = queries.list_lines(by=by, statement_id=outcome.statements[0].id)
    found = queries.proposals(rows, queries.get_account(rows[0].account_id, by=by), by=by)

    assert len(found) == 1
