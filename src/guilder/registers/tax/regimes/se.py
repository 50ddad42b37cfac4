"""Value added tax in Sweden."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="SE",
    tax_name="moms",
    rates={
        "standard": rates(
            ("25", "1990-07-01", "Mervärdesskattelagen (2023:200) 9 kap. 2 §"),
        ),
        "reduced": rates(
            ("12", "1996-01-01", "Mervärdesskattelagen (2023:200) 9 kap."),
        ),
        "reduced_2": rates(
            ("6", "1996-01-01", "Mervärdesskattelagen (2023:200) 9 kap."),
        ),
    },
)
