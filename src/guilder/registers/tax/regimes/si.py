"""Value added tax in Slovenia."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="SI",
    tax_name="DDV",
    rates={
        "standard": rates(
            ("22", "2013-07-01", "ZDDV-1 41. člen"),
        ),
        "reduced": rates(
            ("9.5", "2013-07-01", "ZDDV-1 41. člen"),
        ),
        "reduced_2": rates(
            ("5", "2020-01-01", "ZDDV-1 41. člen, priloga IV"),
        ),
    },
)
