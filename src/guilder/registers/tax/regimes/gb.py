"""Value added tax in the United Kingdom."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="GB",
    tax_name="VAT",
    rates={
        "standard": rates(
            ("20", "2011-01-04", "VAT Act 1994 s. 2(1)"),
        ),
        "reduced": rates(
            ("5", "1997-09-01", "VAT Act 1994 s. 29A"),
        ),
    },
)
