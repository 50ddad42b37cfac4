"""Days without a debt or at 0 percent, and half-years that nobody has typed."""

from datetime import date
from decimal import Decimal

from guilder.office.dunning.calc.interest import Principal, Rate, spans_of
from guilder.office.dunning.calc.statutes import REFERENCES, Statute, rates_of

START, END = date(2026, 1, 1), date(2026, 1, 31)


def test_paid_days_and_days_at_no_percent_are_left_out():
    rates = [Rate(START, Decimal(0)), Rate(date(2026, 1, 11), Decimal(9))]
    debt = [Principal(START, 10_000), Principal(date(2026, 1, 21), 0)]

    spans = spans_of(debt, rates, start_on=START, end_on=END)

    assert [(one.start_on, one.end_on) for one in spans] == [(date(2026, 1, 11), date(2026, 1, 20))]


def statute(reference: str) -> Statute:
    return Statute("XX", True, reference, Decimal(8), "A law", date(2000, 1, 1))


def test_a_half_year_between_two_rows_is_unknown(monkeypatch):
    monkeypatch.setitem(REFERENCES, "none", type(REFERENCES["ecb"])("None", "nowhere", ()))
    typed = [(date(2026, 1, 1), Decimal(2)), (date(2027, 1, 1), Decimal(3))]

    found = rates_of(statute("none"), typed)

    assert [(one.valid_from, one.percent) for one in found] == [
        (date(2026, 1, 1), Decimal(10)),
        (date(2026, 7, 1), None),
        (date(2027, 1, 1), Decimal(11)),
        (date(2027, 7, 1), None),
    ]
    assert rates_of(statute("none"), []) == []
