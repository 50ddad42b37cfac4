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
    "CZ": Retention(10, "§ 35 zákona č. 235/2004 Sb."),
    "DE": Retention(8, "§ 147 Abs. 3 AO and § 14b UStG as of BEG IV, from 2025"),
    "DK": Retention(5, "§ 12 bogføringsloven (lov nr. 700 af 24/05/2022)"),
    "ES": Retention(6, "Art. 30 Código de Comercio"),
    "FI": Retention(6, "2 luku 10 § kirjanpitolaki (1336/1997)"),
    "FR": Retention(10, "Art. L123-22 Code de commerce"),
    "GB": Retention(6, "Value Added Tax Act 1994, Schedule 11, paragraph 6"),
    "HU": Retention(8, "169. § 2000. évi C. törvény"),
    "IE": Retention(6, "Section 84 Value-Added Tax Consolidation Act 2010"),
    "IT": Retention(10, "Art. 2220 Codice civile"),
    "LU": Retention(10, "Art. 16 Code de commerce"),
    "NL": Retention(7, "Art. 52 AWR"),
    "NO": Retention(5, "§ 13 bokføringsloven"),
    "PT": Retention(10, "Art. 52.º CIVA"),
    "SE": Retention(7, "7 kap. 2 § bokföringslagen (1999:1078)"),
    "SK": Retention(10, "§ 76 zákona č. 222/2004 Z. z."),
}
# Where no law is known here, the longest of those that are: nothing is erased too early.
LONGEST = Retention(10, "")


def retention_of(country: str) -> Retention:
    """What holds in a country (ISO 3166-1 alpha-2)."""
    return RETENTIONS.get(country, LONGEST)


def kept_until(issued_on: date, *, country: str) -> date:
    """The last day on which a document issued on a day must be kept."""
    return date(issued_on.year + retention_of(country).years, 12, 31)
