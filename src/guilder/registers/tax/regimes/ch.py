"""Value added tax in Switzerland."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="CH",
    tax_name="MWST",
    rates={
        "standard": rates(
            ("7.7", "2018-01-01", "MWSTG art. 25(1)"),
            ("8.1", "2024-01-01", "MWSTG art. 25(1), AHV 21"),
        ),
        "reduced": rates(
            ("2.5", "2011-01-01", "MWSTG art. 25(2)"),
            ("2.6", "2024-01-01", "MWSTG art. 25(2), AHV 21"),
        ),
        "reduced_2": rates(
            ("3.7", "2018-01-01", "MWSTG art. 25(4)"),
            ("3.8", "2024-01-01", "MWSTG art. 25(4), AHV 21"),
        ),
    },
)
