"""Value added tax in Finland."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="FI",
    tax_name="ALV",
    rates={
        "standard": rates(
            ("24", "2013-01-01", "Arvonlisäverolaki 84 §"),
            ("25.5", "2024-09-01", "Arvonlisäverolaki 84 §"),
        ),
        "reduced": rates(
            ("14", "2013-01-01", "Arvonlisäverolaki 85 §"),
            ("13.5", "2026-01-01", "Arvonlisäverolaki 85 §"),
        ),
        "reduced_2": rates(
            ("10", "2013-01-01", "Arvonlisäverolaki 85 a §"),
        ),
    },
)
