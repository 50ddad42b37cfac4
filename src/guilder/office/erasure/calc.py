"""How long the papers of a business are kept, by country; pure data with its sources."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Retention:
    """Years from the end of the calendar year in which a document was issued, and who says so."""

    years: int
    source: str


RETENTIONS = {
    "AT": Retention(7, "§ 132 BAO"),
    "BE": Retention(10, "Art. 60 W.BTW / CTVA, from 2023"),
    "CH": Retention(10, "Art. 958f OR"),
    "DE": Retention(8, "§ 147 Abs. 3 AO and § 14b UStG as of BEG IV, from 2025"),
    "ES": Retention(6, "Art. 30 Código de Comercio"),
    "FR": Retention(10, "Art. L123-22 Code de commerce"),
    "IT": Retention(10, "Art. 2220 Codice civile"),
    "NL": Retention(7, "Art. 52 AWR"),
}
# Where no law is known here, the longest of those that are: nothing is erased too early.
LONGEST = Retention(10, "")


def retention_of(country: str) -> Retention:
    """What holds in a country (ISO 3166-1 alpha-2)."""
    return RETENTIONS.get(country, LONGEST)


def kept_until(issued_on: date, *, country: str) -> date:
    """The last day on which a document issued on a day must be kept."""
    return date(issued_on.year + retention_of(country).years, 12, 31)
