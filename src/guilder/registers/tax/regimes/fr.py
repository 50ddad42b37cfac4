"""Value added tax in France."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="FR",
    tax_name="TVA",
    rates={
        "standard": rates(
            ("20", "2014-01-01", "CGI art. 278"),
        ),
        "reduced": rates(
            ("5.5", "1982-07-01", "CGI art. 278-0 bis"),
        ),
        "reduced_2": rates(
            ("10", "2014-01-01", "CGI art. 278 bis, 279"),
        ),
        "reduced_3": rates(
            ("2.1", "1986-01-01", "CGI art. 281 quater et seq."),
        ),
    },
)
