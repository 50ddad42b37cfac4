"""Value added tax in Italy."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="IT",
    tax_name="IVA",
    rates={
        "standard": rates(
            ("22", "2013-10-01", "DPR 633/1972 art. 16"),
        ),
        "reduced": rates(
            ("10", "1995-02-24", "DPR 633/1972, tabella A parte III"),
        ),
        "reduced_2": rates(
            ("5", "2016-01-01", "DPR 633/1972, tabella A parte II-bis"),
        ),
        "reduced_3": rates(
            ("4", "1989-01-01", "DPR 633/1972, tabella A parte II"),
        ),
    },
)
