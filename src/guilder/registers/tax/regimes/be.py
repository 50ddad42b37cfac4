"""Value added tax in Belgium."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="BE",
    tax_name="TVA/BTW",
    rates={
        "standard": rates(
            ("21", "1996-01-01", "Royal Decree no. 20 of 20 July 1970, art. 1"),
        ),
        "reduced": rates(
            ("6", "1996-01-01", "Royal Decree no. 20 of 20 July 1970, table A"),
        ),
        "reduced_2": rates(
            ("12", "1996-01-01", "Royal Decree no. 20 of 20 July 1970, table B"),
        ),
    },
)
