"""Value added tax in the Netherlands."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="NL",
    tax_name="btw",
    rates={
        "standard": rates(
            ("21", "2012-10-01", "Wet OB 1968 art. 9 lid 1"),
        ),
        "reduced": rates(
            ("9", "2019-01-01", "Wet OB 1968 art. 9 lid 2 onder a"),
        ),
    },
)
