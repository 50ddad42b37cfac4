"""Value added tax in Greece."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="GR",
    tax_name="ΦΠΑ",
    rates={
        "standard": rates(
            ("24", "2016-06-01", "Law 4389/2016 art. 52"),
        ),
        "reduced": rates(
            ("13", "2011-01-01", "VAT Code art. 21"),
        ),
        "reduced_2": rates(
            ("6", "2015-07-20", "Law 4334/2015"),
        ),
    },
)
