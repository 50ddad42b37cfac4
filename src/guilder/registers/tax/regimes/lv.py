"""Value added tax in Latvia."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="LV",
    tax_name="PVN",
    rates={
        "standard": rates(
            ("21", "2012-07-01", "PVN likums 41. pants"),
        ),
        "reduced": rates(
            ("12", "2011-01-01", "PVN likums 42. pants"),
        ),
        "reduced_2": rates(
            ("5", "2018-01-01", "PVN likums 42. pants"),
        ),
    },
)
