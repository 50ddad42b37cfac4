"""Value added tax in Poland."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="PL",
    tax_name="VAT",
    rates={
        "standard": rates(
            ("23", "2011-01-01", "Ustawa o VAT art. 41 ust. 1, art. 146a/146ef"),
        ),
        "reduced": rates(
            ("8", "2011-01-01", "Ustawa o VAT art. 41 ust. 2, art. 146a/146ef"),
        ),
        "reduced_2": rates(
            ("5", "2011-01-01", "Ustawa o VAT art. 41 ust. 2a"),
        ),
    },
)
