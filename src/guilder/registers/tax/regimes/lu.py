"""Value added tax in Luxembourg."""

from guilder.registers.tax.regimes.base import Regime, rates

REGIME = Regime(
    country="LU",
    tax_name="TVA",
    rates={
        "standard": rates(
            ("17", "2015-01-01", "Loi TVA art. 39"),
            ("16", "2023-01-01", "Loi du 26 octobre 2022"),
            ("17", "2024-01-01", "Loi TVA art. 39"),
        ),
        "reduced": rates(
            ("8", "2015-01-01", "Loi TVA art. 40"),
            ("7", "2023-01-01", "Loi du 26 octobre 2022"),
            ("8", "2024-01-01", "Loi TVA art. 40"),
        ),
        "reduced_2": rates(
            ("14", "2015-01-01", "Loi TVA art. 40"),
            ("13", "2023-01-01", "Loi du 26 octobre 2022"),
            ("14", "2024-01-01", "Loi TVA art. 40"),
        ),
        "reduced_3": rates(
            ("3", "1983-07-01", "Loi TVA art. 40, annexe B"),
        ),
    },
)
