"""Value added tax in Slovakia."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="SK",
    tax_name="DPH",
    rates={
        "standard": rates(
            ("20", "2011-01-01", "Act 222/2004 § 27(1)"),
            ("23", "2025-01-01", "Act 222/2004 § 27(1), Act 278/2024"),
        ),
        "reduced": rates(
            ("10", "2007-01-01", "Act 222/2004 § 27(2)"),
            ("19", "2025-01-01", "Act 222/2004 § 27(2), Act 278/2024"),
        ),
        "reduced_2": rates(
            ("5", "2025-01-01", "Act 222/2004 § 27(3), Act 278/2024"),
        ),
    },
)
