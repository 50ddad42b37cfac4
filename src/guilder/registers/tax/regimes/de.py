"""Value added tax in Germany."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="DE",
    tax_name="USt",
    rates={
        "standard": rates(
            ("19", "2007-01-01", "UStG § 12 Abs. 1"),
            ("16", "2020-07-01", "UStG § 28 Abs. 1, Zweites Corona-Steuerhilfegesetz"),
            ("19", "2021-01-01", "UStG § 12 Abs. 1"),
        ),
        "reduced": rates(
            ("7", "1983-07-01", "UStG § 12 Abs. 2"),
            ("5", "2020-07-01", "UStG § 28 Abs. 2, Zweites Corona-Steuerhilfegesetz"),
            ("7", "2021-01-01", "UStG § 12 Abs. 2"),
        ),
    },
)
