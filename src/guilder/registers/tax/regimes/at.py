"""Value added tax in Austria."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="AT",
    tax_name="USt",
    rates={
        "standard": rates(
            ("20", "1984-01-01", "UStG 1994 § 10 Abs. 1"),
        ),
        "reduced": rates(
            ("10", "1984-01-01", "UStG 1994 § 10 Abs. 2"),
        ),
        "reduced_2": rates(
            ("13", "2016-01-01", "UStG 1994 § 10 Abs. 3"),
        ),
    },
)
