"""Totals: cases worked by hand, and thousands compared with fractions."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guilder.kernel.document import (
    Allowance,
    Document,
    EarlyDiscount,
    Instalment,
    Kind,
    Rounding,
    Tax,
    Totals,
    Withholding,
)
from guilder.kernel.money import MAX_MINOR, Money
from guilder.kernel.totals import (
    Incalculable,
    calculate,
    check,
    differences,
    early_discount,
    instalment_problems,
)
from tests.kernel.oracle import work_out
from tests.kernel.papers import EXEMPT, REDUCED, STANDARD, eur, full_paper, line, paper, papers


def totals_of(document: Document) -> Totals:
    totals = calculate(document).totals
    assert totals is not None
    return totals


def said(document: Document, *names: str) -> list[str]:
    return [str(getattr(totals_of(document), name)) for name in names]


def rows(document: Document) -> list[tuple[str, str, str, str]]:
    return [
        (row.category, "-" if row.rate is None else f"{row.rate:f}", str(row.taxable), str(row.tax))
        for row in calculate(document).taxes
    ]


def nets(document: Document) -> list[str]:
    return [str(one.net) for one in calculate(document).lines]


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(["EUR", "JPY", "KWD"]).flatmap(papers))
def test_totals_are_what_fractions_say(document: Document):
    figures = work_out(document)

    done = calculate(document)
    totals = totals_of(document)

    assert [one.net.minor for one in done.lines if one.net is not None] == figures.nets
    assert {
        (row.category, None if row.rate is None else Fraction(row.rate)): (
            row.taxable.minor,
            row.tax.minor,
        )
        for row in done.taxes
    } == figures.taxes
    assert totals.allowances.minor == figures.allowances
    assert totals.charges.minor == figures.charges
    assert totals.rounding.minor == figures.rounding
    assert totals.due.minor == figures.due
    assert (totals.withheld.minor if totals.withheld else 0) == figures.withheld


@settings(max_examples=25, deadline=None)
@given(papers())
def test_the_sums_of_the_standard_hold_exactly(document: Document):
    done, totals = calculate(document), totals_of(document)

    def total(amounts: Any) -> int:
        return sum(amount.minor for amount in amounts)

    assert totals.line_net.minor == total(one.net for one in done.lines)  # BR-CO-10
    assert totals.allowances.minor == total(one.amount for one in done.allowances)  # BR-CO-11
    assert totals.charges.minor == total(one.amount for one in done.charges)  # BR-CO-12
    assert totals.net == totals.line_net - totals.allowances + totals.charges  # BR-CO-13
    assert totals.tax.minor == total(row.tax for row in done.taxes)  # BR-CO-14
    assert totals.gross == totals.net + totals.tax  # BR-CO-15
    assert totals.due == totals.gross - totals.prepaid + totals.rounding  # BR-CO-16
    assert totals.net.minor == total(row.taxable for row in done.taxes)


@settings(max_examples=25, deadline=None)
@given(papers())
def test_calculating_again_changes_nothing(document: Document):
    # Prices with tax and percentages are settled by then: what comes out must go in again.
    done = calculate(document)

    assert calculate(done) == done


def test_a_plain_invoice():
    document = paper(line("2", "80"), line("3", "19.90", REDUCED))

    # 2 × 80 = 160.00, 19 % = 30.40; 3 × 19.90 = 59.70, 7 % = 4.179 → 4.18
    assert nets(document) == ["160.00", "59.70"]
    assert rows(document) == [("S", "19", "160.00", "30.40"), ("S", "7", "59.70", "4.18")]
    assert said(document, "net", "tax", "gross", "due") == ["219.70", "34.58", "254.28", "254.28"]
    assert said(document, "tax_in_tax_currency", "withheld", "receivable") == ["None"] * 3


def test_tax_is_rounded_once_per_group_or_on_each_line():
    lines = [line("1", "0.33", id=str(n)) for n in range(3)]

    # 0.99 × 19 % = 0.1881 → 0.19; but 0.33 × 19 % = 0.0627 → 0.06, three times 0.18
    assert said(paper(*lines), "tax") == ["0.19"]
    assert said(paper(*lines, rounding=Rounding.LINE), "tax") == ["0.18"]


def test_halves_are_rounded_away_from_zero():
    # 0.5 × 0.05 = 0.025 → 0.03, and -0.03 the other way round
    assert nets(paper(line("0.5", "0.05"), line("-0.5", "0.05"))) == ["0.03", "-0.03"]
    # 2.50 × 7 % = 0.175 → 0.18, and -0.18 on what is given back
    assert said(paper(line("1", "2.50", REDUCED)), "tax") == ["0.18"]
    assert said(paper(line("-1", "2.50", REDUCED)), "tax") == ["-0.18"]


def test_the_price_may_be_for_many():
    # 250 × 9.99 ÷ 1000 = 2.4975 → 2.50
    assert nets(paper(line("250", "9.99", per="1000"))) == ["2.50"]


def test_lines_are_rounded_after_their_allowances_and_charges():
    one = line(
        "10",
        "4.995",
        allowances=(Allowance(percent=Decimal(10)), Allowance(amount=eur("1.00"))),
        charges=(Allowance(percent=Decimal("2.5"), base=eur("20.00")),),
    )

    done = calculate(paper(one)).lines[0]

    # 10 × 4.995 = 49.95; 10 % of it = 4.995 → 5.00; 2.5 % of 20.00 = 0.50
    # 49.95 − 5.00 − 1.00 + 0.50 = 44.45
    assert str(done.net) == "44.45"
    assert done.allowances[0] == Allowance(
        percent=Decimal(10), base=eur("49.95"), amount=eur("5.00")
    )
    assert done.charges[0].amount == eur("0.50")


def test_allowances_and_charges_of_the_document_move_their_own_group():
    document = paper(
        line("1", "100"),
        line("1", "50", REDUCED),
        allowances=(Allowance(amount=eur("10.00"), tax=STANDARD),),
        charges=(Allowance(percent=Decimal(10), tax=REDUCED),),
    )

    # 100 − 10 = 90, 19 % = 17.10; 50 + 10 % = 55, 7 % = 3.85
    assert rows(document) == [("S", "19", "90.00", "17.10"), ("S", "7", "55.00", "3.85")]
    assert said(document, "line_net", "allowances", "charges", "net") == [
        "150.00",
        "10.00",
        "5.00",
        "145.00",
    ]


def test_a_percentage_stands_on_the_lines_and_not_on_what_was_taken_off_them():
    document = paper(
        line("1", "100"),
        allowances=(Allowance(amount=eur("10.00"), tax=STANDARD),),
        charges=(Allowance(percent=Decimal(10), tax=STANDARD), Allowance(percent=Decimal(5))),
    )

    # 10 % and 5 % of 100.00, not of 90.00
    assert said(document, "charges", "net") == ["15.00", "105.00"]


def test_an_allowance_without_a_tax_is_split_over_the_groups():
    document = paper(
        line("1", "100"),
        line("1", "50.05", REDUCED),
        line("-1", "5", EXEMPT),
        allowances=(Allowance(percent=Decimal(10), reason="Loyalty"),),
    )

    done = calculate(document)

    # 10 % of 145.05 = 14.505 → 14.51, shared 100 : 50.05 (what is given back takes no part):
    # 9.6701… and 4.8398…; the base 145.05 likewise 96.6677… and 48.3822…
    assert [(str(one.amount), str(one.base), one.tax) for one in done.allowances] == [
        ("9.67", "96.67", STANDARD),
        ("4.84", "48.38", REDUCED),
    ]
    assert {one.reason for one in done.allowances} == {"Loyalty"}


def test_where_no_group_is_above_zero_the_first_takes_all():
    document = paper(line("0", "1"), charges=(Allowance(amount=eur("5.00")),))

    assert rows(document) == [("S", "19", "5.00", "0.95")]


def test_prices_with_tax_give_the_typed_gross_and_the_cent_goes_to_rounding():
    document = paper(line("1", "0.10", gross=True), line("1", "0.02", gross=True))

    # 0.12 ÷ 1.19 = 0.1008 → 0.10; 0.10 × 19 % = 0.019 → 0.02: gross 0.12, nothing over
    # 0.10 ÷ 1.19 = 0.084 → 0.08, 0.02 ÷ 1.19 = 0.0168 → 0.02: together 0.10
    assert nets(document) == ["0.08", "0.02"]
    assert said(document, "net", "tax", "rounding", "due") == ["0.10", "0.02", "0.00", "0.12"]

    # 0.03 ÷ 1.19 = 0.0252 → 0.03; × 19 % = 0.0057 → 0.01: 0.04, so BT-114 takes 0.01 off
    assert said(paper(line("1", "0.03", gross=True)), "gross", "rounding", "due") == [
        "0.04",
        "-0.01",
        "0.03",
    ]


def test_net_shares_of_prices_with_tax_lose_no_cent():
    document = paper(*(line("1", "1.00", gross=True, id=str(n)) for n in range(3)))

    # 3.00 ÷ 1.19 = 2.5210 → 2.52; each 0.8403 → 0.84
    assert nets(document) == ["0.84", "0.84", "0.84"]
    # 5 × 0.10 ÷ 1.07 = 0.4672 → 0.47, each 0.0934… → 0.09: two lines get a cent more
    five = paper(*(line("1", "0.10", REDUCED, gross=True, id=str(n)) for n in range(5)))
    assert sorted(nets(five)) == ["0.09", "0.09", "0.09", "0.10", "0.10"]
    # 5 × 0.05 ÷ 1.07 = 0.2336 → 0.23, each 0.0467 → 0.05: two lines give a cent
    small = paper(*(line("1", "0.05", REDUCED, gross=True, id=str(n)) for n in range(5)))
    assert sorted(nets(small)) == ["0.04", "0.04", "0.05", "0.05", "0.05"]


def test_the_line_that_rounding_favoured_most_gives_the_cent():
    document = paper(*(line("1", price, REDUCED, gross=True) for price in ("0.01", "0.02", "0.05")))

    # 0.08 ÷ 1.07 = 0.0748 → 0.07; 0.0093 → 0.01, 0.0187 → 0.02, 0.0467 → 0.05 would be 0.08;
    # 0.05 gained most (0.0033), so it gives the cent
    assert nets(document) == ["0.01", "0.02", "0.04"]


def test_prices_with_and_without_tax_may_stand_together():
    document = paper(line("1", "119", gross=True), line("1", "100"))

    assert nets(document) == ["100.00", "100.00"]
    assert said(document, "tax", "gross", "rounding") == ["38.00", "238.00", "0.00"]


def test_with_rounding_per_line_a_price_with_tax_stays_to_the_cent():
    document = paper(line("1", "0.03", gross=True), rounding=Rounding.LINE)

    # 0.03 ÷ 1.19 = 0.0252 → 0.03, and its tax is what is left: 0.00
    assert said(document, "net", "tax", "gross", "due") == ["0.03", "0.00", "0.03", "0.03"]


def test_reasons_for_exemption_are_merged_into_one_row():
    lines = [
        line(tax=Tax(category="E", rate=Decimal(0), exemption_reason="A", exemption_code="X")),
        line(tax=Tax(category="E", exemption_reason="B")),
        line(tax=Tax(category="E", exemption_reason="A", exemption_code="X")),
    ]

    (row,) = calculate(paper(*lines)).taxes

    assert (row.exemption_reason, row.exemption_code) == ("A; B", "X")
    other = line(tax=Tax(category="E", exemption_code="Y"))
    (row,) = calculate(paper(*lines, other)).taxes
    assert (row.exemption_reason, row.exemption_code) == ("A; B; X; Y", "")


def test_what_is_outside_the_scope_has_no_rate():
    assert rows(
        paper(line(tax=Tax(category="O")), line(tax=Tax(category="O", rate=Decimal(0))))
    ) == [("O", "-", "200.00", "0.00")]


def test_a_rate_that_its_category_forbids_is_still_counted():
    # The paper is wrong, `check` says so, but the sum must show what it says.
    assert rows(paper(line(tax=Tax(category="E", rate=Decimal(5))))) == [
        ("E", "5", "100.00", "5.00")
    ]


def test_prepaid_and_rounding_are_taken_as_given():
    document = paper(line(), prepaid=eur("20.00"), rounding_amount=eur("0.50"))

    assert said(document, "gross", "prepaid", "rounding", "due") == [
        "119.00",
        "20.00",
        "0.50",
        "99.50",
    ]


def test_cash_is_rounded_to_the_coin():
    swiss = paper(line("1", "10.03", Tax(category="Z")), cash_rounding=eur("0.05"))
    assert said(swiss, "rounding", "due") == ["0.02", "10.05"]
    # 10.025 cannot be, so the tie is at 0.025 only in coins of 0.05 with 3 decimals
    dinar = paper(
        line("1", "1.0025", Tax(category="Z")), currency="KWD", cash_rounding=Money(5, "KWD")
    )
    assert said(dinar, "net", "due") == ["1.003", "1.005"]


def test_cash_rounding_starts_from_what_was_typed():
    document = paper(line("1", "0.03", gross=True), cash_rounding=eur("0.05"))

    # gross by the standard 0.04, typed 0.03, nearest coin 0.05: 0.04 + 0.01 = 0.05
    assert said(document, "gross", "rounding", "due") == ["0.04", "0.01", "0.05"]
    # 0.72 ÷ 1.19 = 0.605 → 0.61, tax 0.1159 → 0.12: 0.73 would be 0.75, but 0.72 is 0.70
    other = paper(line("1", "0.72", gross=True), cash_rounding=eur("0.05"))
    assert said(other, "gross", "rounding", "due") == ["0.73", "-0.03", "0.70"]


def test_tax_is_told_in_the_tax_currency_too():
    document = paper(line(), tax_currency="SEK", tax_rate_to_tax_currency=Decimal("11.2345"))

    # 19.00 × 11.2345 = 213.4555 → 213.46
    assert totals_of(document).tax_in_tax_currency == Money.of("213.46", "SEK")
    assert said(replace(document, tax_currency="EUR"), "tax_in_tax_currency") == ["None"]


def test_withholding_stands_beside_what_is_due():
    document = paper(
        line(),
        withholdings=(
            Withholding(percent=Decimal(20)),
            Withholding(percent=Decimal(1), amount=eur("3.00")),
        ),
    )

    # 20 % of the net 100.00, and 3.00 as given
    assert said(document, "due", "withheld", "receivable") == ["119.00", "23.00", "96.00"]


def test_a_credit_note_has_the_same_signs():
    assert said(paper(line(), kind=Kind.CREDIT_NOTE), "net", "due") == ["100.00", "119.00"]


def test_stated_figures_are_ignored():
    right = calculate(paper(line()))
    wrong = replace(
        right,
        lines=(replace(right.lines[0], net=eur("1.00")),),
        taxes=(),
        totals=replace(totals_of(right), due=eur("1.00")),
    )

    assert calculate(wrong) == right


def test_a_paper_without_lines_is_nothing():
    assert said(paper(), "line_net", "due") == ["0.00", "0.00"]


def test_every_field_survives_the_calculation():
    before = full_paper()

    after = calculate(before)

    untouched = replace(
        after,
        lines=before.lines,
        allowances=before.allowances,
        charges=before.charges,
        withholdings=before.withholdings,
        taxes=(),
        totals=None,
    )
    assert untouched == before


@pytest.mark.parametrize(
    ("document", "pointer", "code"),
    [
        (paper(line(per="0")), "/lines/0/price/base_quantity", "price.base_quantity"),
        (paper(line(allowances=(Allowance(),))), "/lines/0/allowances/0", "allowance.amount"),
        (paper(line(), charges=(Allowance(),)), "/charges/0", "allowance.amount"),
        (
            paper(line(tax=Tax(category="S", rate=Decimal(-1)))),
            "/lines/0/tax/rate",
            "tax.rate_negative",
        ),
        (
            paper(allowances=(Allowance(amount=eur("1.00")),)),
            "/allowances/0/tax",
            "allowance.tax",
        ),
        (paper(line(), prepaid=Money(1, "USD")), "/prepaid", "totals.currency"),
        (
            paper(line(charges=(Allowance(amount=Money(1, "USD")),))),
            "/lines/0/charges/0/amount",
            "totals.currency",
        ),
        (
            paper(line(), allowances=(Allowance(percent=Decimal(1), base=Money(1, "USD")),)),
            "/allowances/0/base",
            "totals.currency",
        ),
        (
            paper(line(), withholdings=(Withholding(percent=Decimal(1), amount=Money(1, "USD")),)),
            "/withholdings/0/amount",
            "totals.currency",
        ),
        (paper(line("1000000000", "100000000000")), "/lines/0", "totals.too_large"),
        (paper(*[line("1", "90000000000000000")] * 2), "", "totals.too_large"),
        (
            paper(
                line(),
                tax_currency="IDR",
                tax_rate_to_tax_currency=Decimal(MAX_MINOR),
            ),
            "/tax_rate_to_tax_currency",
            "totals.too_large",
        ),
    ],
)
def test_figures_that_give_no_total_are_pointed_at(document: Document, pointer: str, code: str):
    with pytest.raises(Incalculable) as refusal:
        calculate(document)
    (problem,) = refusal.value.problems
    assert (problem.pointer, problem.code) == (pointer, code)


def codes(document: Document) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in check(document)]


def test_a_right_paper_has_no_problem():
    taxes = [
        *(Tax(category="S", rate=Decimal(19)), Tax(category="Z", rate=Decimal(0))),
        *(Tax(category="L", rate=Decimal(0)), Tax(category="M", rate=Decimal(4))),
        *(Tax(category=c, exemption_reason="r") for c in ("E", "AE", "K", "G")),
    ]
    document = paper(*(line(tax=tax) for tax in taxes))

    assert check(calculate(document)) == ()
    assert check(paper(line(tax=Tax(category="O", exemption_code="VATEX-EU-O")))) == ()


@pytest.mark.parametrize(
    ("tax", "at", "code"),
    [
        (Tax(category="X"), "category", "tax.category"),
        (Tax(category="S"), "rate", "tax.rate_missing"),
        (Tax(category="S", rate=Decimal(0)), "rate", "tax.rate_missing"),
        (Tax(category="L"), "rate", "tax.rate_missing"),
        (Tax(category="M", rate=Decimal(-1)), "rate", "tax.rate_missing"),
        (Tax(category="Z", rate=Decimal(1)), "rate", "tax.rate_not_zero"),
        (Tax(category="O", rate=Decimal(0), exemption_code="c"), "rate", "tax.rate_unwanted"),
        (Tax(category="E"), "exemption_reason", "tax.exemption_missing"),
        (
            Tax(category="S", rate=Decimal(1), exemption_reason="r"),
            "exemption_reason",
            "tax.exemption_unwanted",
        ),
    ],
)
def test_a_tax_against_the_rules_of_its_category_is_named(tax: Tax, at: str, code: str):
    assert codes(paper(line(tax=tax))) == [(f"/lines/0/tax/{at}", code)]
    (found,) = codes(paper(charges=(Allowance(amount=eur("1.00"), tax=tax),)))
    assert found == (f"/charges/0/tax/{at}", code)


def test_prices_allowances_and_mixtures_against_the_rules_are_named():
    bad = line("1", "-1", per="-1", allowances=(Allowance(percent=Decimal(-1)), Allowance()))
    bad = replace(bad, price=replace(bad.price, gross=Decimal(-1)))
    document = paper(bad, line(tax=Tax(category="O", exemption_reason="r")), tax_currency="SEK")

    assert codes(document) == [
        ("/lines/0/price/amount", "price.negative"),
        ("/lines/0/price/gross", "price.negative"),
        ("/lines/0/price/base_quantity", "price.base_quantity"),
        ("/lines/0/allowances/0/percent", "allowance.percent"),
        ("/lines/0/allowances/1", "allowance.amount"),
        ("/lines", "tax.outside_scope_mixed"),
        ("/tax_rate_to_tax_currency", "tax.currency_rate_missing"),
    ]


def test_instalments_add_up_in_the_order_of_their_dates():
    march, april = date(2026, 3, 1), date(2026, 4, 1)
    right = calculate(
        paper(
            line(),
            instalments=(
                Instalment(due_on=march, amount=eur("19.00")),
                Instalment(due_on=april, amount=eur("100.00")),
            ),
        )
    )

    assert instalment_problems(right) == ()
    assert instalment_problems(replace(right, totals=None)) == ()
    short = replace(right, instalments=right.instalments[:1])
    assert [one.code for one in check(short)] == ["instalments.sum"]
    turned = replace(right, instalments=right.instalments[::-1])
    assert [one.code for one in check(turned)] == ["instalments.order"]
    foreign = replace(right, instalments=(Instalment(due_on=march, amount=Money(11900, "USD")),))
    assert [one.code for one in check(foreign)] == ["totals.currency"]
    held = calculate(replace(right, withholdings=(Withholding(percent=Decimal(19)),)))
    assert [one.code for one in check(held)] == ["instalments.sum"]


def test_differences_name_what_was_stated_and_what_the_lines_give():
    computed = totals_of(paper(line()))
    stated = replace(computed, net=eur("99.00"), due=eur("118.00"))

    found = differences(computed, stated)

    assert [one.pointer for one in found] == ["/totals/net", "/totals/due"]
    assert found[0].detail == "The net is stated as 99.00 EUR, but the lines give 100.00 EUR."
    assert differences(computed, computed) == ()
    assert differences(computed, {"line_net": None, "due": eur("119.00")}) == ()
    assert len(differences(computed, {"due": Money(11900, "USD")})) == 1


def test_a_discount_for_paying_early_is_a_share_of_the_whole():
    # 119.00 × 3 % = 3.57
    discount = EarlyDiscount(days=10, percent=Decimal(3))

    assert early_discount(eur("119.00"), discount) == eur("3.57")
