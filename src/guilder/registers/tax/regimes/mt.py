"""Value added tax in Malta."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="MT",
    tax_name="VAT",
    rates={
        "standard": rates(
            ("18", "2004-01-01", "VAT Act Cap. 406, art. 19"),
        ),
        "reduced": rates(
            ("5", "1995-01-01", "VAT Act Cap. 406, Eighth Schedule"),
        ),
        "reduced_2": rates(
            ("7", "2011-01-01", "VAT Act Cap. 406, Eighth Schedule"),
        ),
        "reduced_3": rates(
            ("12", "2024-01-01", "VAT Act Cap. 406, Eighth Schedule"),
        ),
    },
)
