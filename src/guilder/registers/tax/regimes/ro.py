"""Value added tax in Romania."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="RO",
    tax_name="TVA",
    rates={
        "standard": rates(
            ("19", "2017-01-01", "Codul fiscal art. 291(1)"),
            ("21", "2025-08-01", "Codul fiscal art. 291(1), Legea 141/2025"),
        ),
        "reduced": rates(
            ("9", "2008-12-01", "Codul fiscal art. 291(2)"),
            ("11", "2025-08-01", "Codul fiscal art. 291(2), Legea 141/2025"),
        ),
    },
)
