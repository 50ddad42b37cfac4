"""Which bill, payment or refund money that went out was: the rules alone."""

from dataclasses import replace
from datetime import date, timedelta

from guilder.flows.banking import calc
from guilder.foundation.tenancy.ids import uuid7

DAY = date(2026, 11, 20)
SUPPLIER, OTHER = uuid7(), uuid7()
IBAN = "NL91ABNA0417164300"


def bill(number="R-2026-4711", *, left=11_900, partner=SUPPLIER, name="Papier Müller GmbH", **more):
    values = {"currency": "EUR", "due_on": DAY, "account": "", **more}
    key = "".join(one for one in number if one.isdigit())
    return calc.Payable(uuid7(), number, key, partner, name, left, **values)


def line(amount, text="", **more):
    return calc.Line(id=uuid7(), amount=amount, currency="EUR", booked_on=DAY, text=text, **more)


def known(*bills, **more):
    return calc.Known(bills={one.id: one for one in bills}, **more)


def told(found):
    return (found.score, [one.code for one in found.reasons], [one.amount for one in found.parts])


def test_a_named_bill_is_as_sure_as_the_payee_agrees():
    one = bill(account=IBAN)
    book = known(one)
    number = "Rechnung 2026-4711"

    by_account = calc.propose(line(-11_900, number, account="NL91 ABNA 0417 1643 00"), book)
    assert told(by_account) == (99, ["number", "payee_account", "amount"], [-11_900])
    by_name = calc.propose(
        line(-11_900, number, name="PAPIER MUELLER"), known(bill(name="Papier Mueller"))
    )
    assert by_name.score == 98
    assert calc.propose(line(-11_900, number), book).score == 90
    assert calc.propose(line(-11_900, number, name="Somebody"), book).score == 82


def test_a_learned_account_is_the_suppliers():
    book = known(bill(), partner_by_account={IBAN: SUPPLIER})

    assert calc.propose(line(-11_900, "2026-4711", account=IBAN), book).score == 99
    found = calc.propose(line(-11_900, "merci", account=IBAN), book)
    assert told(found) == (88, ["payee_account", "amount"], [-11_900])


def test_several_named_bills_of_one_supplier_in_one_sum():
    first, second = bill("A-1001"), bill("A-1002", left=5_000)
    found = calc.propose(line(-16_900, "1001 + 1002"), known(first, second))

    assert told(found) == (90, ["bills", "amount"], [-11_900, -5_000])
    mixed = known(first, replace(second, partner_id=OTHER))
    assert calc.propose(line(-16_900, "1001 + 1002"), mixed) is None
    assert calc.propose(line(-5_000, "1001 + 1002"), mixed).parts[0].id == second.id


def test_less_is_a_part_and_more_explains_nothing():
    book = known(bill())

    assert told(calc.propose(line(-4_000, "2026-4711"), book)) == (76, ["number", "part"], [-4_000])
    assert calc.propose(line(-11_901, "2026-4711"), book) is None
    assert calc.propose(line(-11_900, "2026-9999"), book) is None


def test_a_known_payee_without_a_number_gets_one_the_oldest_or_a_sum():
    old = bill("B-2001", due_on=DAY - timedelta(days=9))
    new, small = bill("B-2002"), bill("B-2003", left=3_000)
    name = {"name": "Papier Müller"}

    assert told(calc.propose(line(-3_000, **name), known(old, new, small)))[0] == 84
    oldest = calc.propose(line(-11_900, **name), known(new, old, small))
    assert (oldest.score, oldest.parts[0].id) == (72, old.id)
    assert "oldest_bill" in told(oldest)[1]
    both = calc.propose(line(-14_900, **name), known(old, small))
    assert (both.score, len(both.parts)) == (78, 2)
    assert calc.propose(line(-77, **name), known(old, small)) is None


def test_no_bill_is_proposed_for_more_than_is_open_of_it():
    one = bill()
    lines = [line(-11_900, "2026-4711"), line(-11_900, "2026-4711")]

    assert len(calc.propose_all(lines, known(one))) == 1


def test_what_was_recorded_is_not_paid_again():
    spent = calc.Spent(uuid7(), "disbursement", SUPPLIER, "Papier Müller GmbH", 11_900, "EUR",
                       DAY - timedelta(days=3), "R-2026-4711", "R-2026-4711")  # fmt: skip
    book = known(bill(), spent=[spent])
    found = calc.propose(line(-11_900, "2026-4711"), book)

    assert (found.kind, found.score, found.parts[0].id) == ("disbursement", 100, spent.id)
    twice = calc.propose_all([line(-11_900, "2026-4711"), line(-11_900, "2026-4711")], book)
    assert sorted(one.kind for one in twice.values()) == ["bill", "disbursement"]
    late = replace(spent, paid_on=DAY - timedelta(days=11))
    assert calc.propose(line(-11_900, "2026-4711"), known(spent=[late])) is None
    assert calc.propose(line(-11_900, "rent", name="Nord"), known(spent=[spent])) is None


def test_a_bill_in_another_currency_is_none():
    assert calc.propose(line(-11_900, "2026-4711"), known(bill(currency="USD"))) is None
