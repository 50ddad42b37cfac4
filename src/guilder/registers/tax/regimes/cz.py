"""Value added tax in Czechia."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="CZ",
    tax_name="DPH",
    rates={
        "standard": rates(
            ("21", "2013-01-01", "Act 235/2004 Coll., § 47(1)(a)"),
        ),
        "reduced": rates(
            ("15", "2013-01-01", "Act 235/2004 Coll., § 47(1)(b)"),
            (
                "12",
                "2024-01-01",
                "Act 235/2004 Coll., § 47(1)(b), as amended by Act 349/2023 Coll.",
            ),
        ),
    },
)
