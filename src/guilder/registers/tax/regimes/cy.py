"""Value added tax in Cyprus."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="CY",
    tax_name="ΦΠΑ",
    rates={
        "standard": rates(
            ("19", "2014-01-13", "VAT Law 95(I)/2000, art. 17"),
        ),
        "reduced": rates(
            ("9", "2014-01-13", "VAT Law 95(I)/2000, Twelfth Schedule"),
        ),
        "reduced_2": rates(
            ("5", "2003-07-01", "VAT Law 95(I)/2000, Fifth Schedule"),
        ),
    },
)
