"""Value added tax in Hungary."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="HU",
    tax_name="ÁFA",
    rates={
        "standard": rates(
            ("27", "2012-01-01", "Act CXXVII of 2007, § 82(1)"),
        ),
        "reduced": rates(
            ("5", "2004-01-01", "Act CXXVII of 2007, § 82(2), annex 3"),
        ),
        "reduced_2": rates(
            ("18", "2009-07-01", "Act CXXVII of 2007, § 82(3), annex 3/A"),
        ),
    },
)
