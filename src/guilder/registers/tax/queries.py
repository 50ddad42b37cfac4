"""Reading tax codes, and finding the one a supply falls under."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.kernel.document import Document, Tax
from guilder.kernel.errors import Invalid, NotFound
from guilder.registers.tax import calc
from guilder.registers.tax.models import TaxCode
from guilder.registers.tax.regimes import COUNTRIES, discounts, duties, regime

CODES_ON = """
SELECT c.code, c.category, c.exemption_code, c.exemption_reason, r.percent, c.id
FROM tax_taxcode c
LEFT JOIN LATERAL (
  SELECT percent FROM tax_taxrate
  WHERE organization_id = c.organization_id AND tax_code_id = c.id AND valid_from <= %(on)s
    AND (valid_to IS NULL OR valid_to >= %(on)s)
  ORDER BY valid_from DESC LIMIT 1
) r ON true
WHERE c.organization_id = %(organization)s AND c.is_active
"""
NO_RATES = "No tax rates are set up, so none is charged."
ADD_RATES = "If you charge a tax, add its code and rate in the settings."


class NoSuchTaxCode(Invalid):
    """The organization has no active code of that name."""

    code = "tax.unknown_code"


class NoRateOnThatDay(Invalid):
    """The code is taxed, but no rate holds on the day."""

    code = "tax.no_rate"


@dataclass(frozen=True, slots=True)
class Resolved:
    """The tax of a line, why it is that one, and what a person should look at."""

    tax: Tax
    reason: str
    warning: str = ""


class TaxTable:
    """An organization's active codes with the rates of one day."""

    def __init__(self, rows: list[tuple[str, str, str, str, Decimal | None, UUID]]) -> None:
        self._taxes: dict[str, Tax] = {}
        self._ids: dict[UUID, str] = {}
        self._without_rate: set[str] = set()
        for code, category, exemption_code, reason, percent, row_id in rows:
            self._ids[row_id] = code
            if percent is None and category in {"S", "L", "M"}:
                self._without_rate.add(code)
                continue
            self._taxes[code] = calc.line_tax(
                code=code,
                category=category,
                percent=percent.normalize() if percent is not None else None,
                exemption_code=exemption_code,
                reason=reason,
            )

    def __contains__(self, code: str) -> bool:
        return code in self._taxes or code in self._without_rate

    @property
    def charges_nothing(self) -> bool:
        """Whether no code has a rate to charge: the country's are not known and none was added."""
        return not self._without_rate and not any(one.rate for one in self._taxes.values())

    def tax(self, code: str) -> Tax:
        """The tax of `code`; NoSuchTaxCode or NoRateOnThatDay."""
        if found := self._taxes.get(code):
            return found
        if code in self._without_rate:
            raise NoRateOnThatDay(f"Tax code “{code}” has no rate on that day. Add one first.")
        known = ", ".join(sorted(self._taxes)) or "none"
        raise NoSuchTaxCode(f"There is no tax code “{code}”. Codes are: {known}.")

    def code_of(self, tax_code_id: UUID | None) -> str | None:
        """The code of a row id, None when it is not an active one."""
        return self._ids.get(tax_code_id) if tax_code_id else None


def table_on(organization_id: UUID, on: date) -> TaxTable:
    """All active codes with their rates on `on`, in one statement."""
    rows = cursor(binary=True).execute(
        CODES_ON, {"organization": organization_id, "on": on}, prepare=True
    )
    return TaxTable(rows.fetchall())


def resolve(
    table: TaxTable, *, given: str = "", item_code: str | None = None, supply: calc.Supply
) -> Resolved:
    """The tax of a line: the `given` code, else place of supply, else the item's, else standard.

    Where no rates are known at all, such as for a seller in the United States, nothing is charged.

    Raises NoSuchTaxCode or NoRateOnThatDay.
    """
    if given:
        return Resolved(table.tax(given), "Chosen on the line.")
    decided = calc.treatment(supply)
    if decided.code:
        return Resolved(table.tax(decided.code), decided.reason, decided.warning)
    if item_code:
        return Resolved(table.tax(item_code), f"The item's own code. {decided.reason}")
    if "standard" not in table and "outside" in table and table.charges_nothing:
        return Resolved(table.tax("outside"), NO_RATES, ADD_RATES)
    return Resolved(table.tax("standard"), decided.reason, decided.warning)


def list_tax_codes(organization_id: UUID) -> list[TaxCode]:
    """All codes with their rates, by code."""
    return list(
        TaxCode.objects.of(organization_id).prefetch_related("rates").order_by("code", "id")
    )


def get_tax_code(organization_id: UUID, tax_code_id: UUID) -> TaxCode:
    """One code with its rates; NotFound."""
    found = (
        TaxCode.objects.of(organization_id).prefetch_related("rates").filter(id=tax_code_id).first()
    )
    if found is None:
        raise NotFound("There is no such tax code.")
    return found


def rates_of_country(country: str, *, on: date) -> tuple[str, list[Decimal]]:
    """What a country calls its tax, and its rates on a day, the standard one first; "" and none
    where nothing certain is known."""
    if country not in COUNTRIES:
        return "", []
    known = regime(country)
    held = ((code, [one for one in rates if one.valid_from <= on]) for code, rates in
            known.rates.items())  # fmt: skip
    return known.tax_name, [rates[-1].percent for _, rates in held if rates]


def unmet_duties(document: Document, *, printed: Callable[[], str]) -> Iterable[duties.Duty]:
    """What the law of the seller's country wants on `document` (with totals) and is not there.

    `printed` gives the texts that stand on every paper of the seller.
    """
    return duties.unmet(document, printed=printed)


def discount_corrects_tax(country: str) -> bool:
    """Whether a seller there books less tax when a client keeps a discount for paying early."""
    return discounts.corrects_tax(country)
