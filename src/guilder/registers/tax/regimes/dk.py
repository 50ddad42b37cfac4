"""Value added tax in Denmark."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="DK",
    tax_name="moms",
    rates={
        "standard": rates(
            ("25", "1992-01-01", "Momsloven § 33"),
        ),
    },
)
