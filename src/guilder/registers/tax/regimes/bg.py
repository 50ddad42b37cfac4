"""Value added tax in Bulgaria."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="BG",
    tax_name="ДДС",
    rates={
        "standard": rates(
            ("20", "1999-01-01", "VAT Act (ZDDS) art. 66(1)"),
        ),
        "reduced": rates(
            ("9", "2011-04-01", "VAT Act (ZDDS) art. 66(2)"),
        ),
    },
)
