"""Value added tax in Norway."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="NO",
    tax_name="MVA",
    rates={
        "standard": rates(
            ("25", "2005-01-01", "Merverdiavgiftsloven § 5-1"),
        ),
        "reduced": rates(
            ("15", "2012-01-01", "Merverdiavgiftsloven § 5-2"),
        ),
        "reduced_2": rates(
            ("12", "2018-01-01", "Merverdiavgiftsloven §§ 5-3 to 5-11"),
            ("6", "2020-04-01", "Stortinget, temporary reduction"),
            ("12", "2021-10-01", "Merverdiavgiftsloven §§ 5-3 to 5-11"),
        ),
    },
)
