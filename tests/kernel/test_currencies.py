"""Our own copy of ISO 4217."""

from datetime import date

import pytest
from babel.core import get_global

from guilder.kernel.currencies import (
    CURRENCIES,
    UnknownCurrency,
    currency,
    is_currency,
    minor_digits,
)
from guilder.kernel.errors import Invalid

NO_DECIMALS = {
    *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI"),
    *("VND", "VUV", "XAF", "XOF", "XPF"),
}
THREE_DECIMALS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
FOUR_DECIMALS = {"CLF", "UYW"}


def test_every_currency_has_its_decimals():
    for code in CURRENCIES:
        expected = (
            0
            if code in NO_DECIMALS
            else 3
            if code in THREE_DECIMALS
            else 4
            if code in FOUR_DECIMALS
            else 2
        )
        assert minor_digits(code) == expected, code


def test_the_table_is_well_formed():
    active = [record for record in CURRENCIES.values() if record.withdrawn_on is None]

    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)
    assert all(len(record.numeric) == 3 and record.name for record in CURRENCIES.values())
    assert len({record.numeric for record in active}) == len(active) == 165


def test_every_legal_tender_that_babel_knows_today_is_in_the_table():
    tender = {
        code
        for uses in get_global("territory_currencies").values()
        for code, _, until, is_tender in uses
        if until is None and is_tender
    }

    assert tender <= set(CURRENCIES)


def test_withdrawn_currencies_are_still_read():
    assert currency("HRK").withdrawn_on == date(2023, 1, 1)
    assert is_currency("HRK")


@pytest.mark.parametrize("code", ["XAU", "XXX", "XTS", "XDR", "eur", "", "EURO"])
def test_what_nobody_invoices_in_is_refused(code: str):
    assert not is_currency(code)
    with pytest.raises(UnknownCurrency) as refusal:
        minor_digits(code)
    assert isinstance(refusal.value, Invalid)
    assert refusal.value.code == "currency.unknown"
    with pytest.raises(UnknownCurrency, match="ISO 4217"):
        currency(code)
