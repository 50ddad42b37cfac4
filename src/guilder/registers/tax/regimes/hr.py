"""Value added tax in Croatia."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="HR",
    tax_name="PDV",
    rates={
        "standard": rates(
            ("25", "2012-03-01", "Zakon o PDV-u čl. 38(1)"),
        ),
        "reduced": rates(
            ("13", "2014-01-01", "Zakon o PDV-u čl. 38(3)"),
        ),
        "reduced_2": rates(
            ("5", "2013-01-01", "Zakon o PDV-u čl. 38(2)"),
        ),
    },
)
