"""Value added tax in Ireland."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="IE",
    tax_name="VAT",
    rates={
        "standard": rates(
            ("23", "2012-01-01", "VAT Consolidation Act 2010 s. 46(1)(a)"),
            ("21", "2020-09-01", "Financial Provisions (Covid-19) (No. 2) Act 2020"),
            ("23", "2021-03-01", "VAT Consolidation Act 2010 s. 46(1)(a)"),
        ),
        "reduced": rates(
            ("13.5", "2003-01-01", "VAT Consolidation Act 2010 s. 46(1)(c)"),
        ),
    },
)
