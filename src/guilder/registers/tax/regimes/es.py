"""Value added tax in Spain."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="ES",
    tax_name="IVA",
    rates={
        "standard": rates(
            ("21", "2012-09-01", "Ley 37/1992 art. 90, RDL 20/2012"),
        ),
        "reduced": rates(
            ("10", "2012-09-01", "Ley 37/1992 art. 91.uno, RDL 20/2012"),
        ),
        "reduced_2": rates(
            ("4", "1995-01-01", "Ley 37/1992 art. 91.dos"),
        ),
    },
)
