"""Value added tax in Lithuania."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="LT",
    tax_name="PVM",
    rates={
        "standard": rates(
            ("21", "2009-09-01", "PVM įstatymas 19 str. 1 d."),
        ),
        "reduced": rates(
            ("5", "2001-01-01", "PVM įstatymas 19 str."),
        ),
    },
)
