"""Value added tax in Estonia."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="EE",
    tax_name="käibemaks",
    rates={
        "standard": rates(
            ("20", "2009-07-01", "Käibemaksuseadus § 15(1)"),
            ("22", "2024-01-01", "Käibemaksuseadus § 15(1)"),
            ("24", "2025-07-01", "Käibemaksuseadus § 15(1)"),
        ),
        "reduced": rates(
            ("9", "2009-01-01", "Käibemaksuseadus § 15(2)"),
        ),
    },
)
