"""Value added tax in Portugal."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="PT",
    tax_name="IVA",
    rates={
        "standard": rates(
            ("23", "2011-01-01", "CIVA art. 18(1)(c)"),
        ),
        "reduced": rates(
            ("6", "2010-07-01", "CIVA art. 18(1)(a)"),
        ),
        "reduced_2": rates(
            ("13", "2010-07-01", "CIVA art. 18(1)(b)"),
        ),
    },
)
