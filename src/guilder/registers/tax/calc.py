"""Where a supply is taxed: the place-of-supply rules, pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from guilder.kernel.document import Tax
from guilder.registers.tax.regimes.zones import EU, NORTHERN_IRELAND

SERVICES = frozenset({"service", "metered"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What the rules look at; countries are ISO 3166-1 (or XI), `item_kind` as in the catalogue."""

    seller_country: str
    customer_country: str
    customer_is_business: bool
    customer_vat_id: str = ""
    vat_id_is_valid: bool | None = None  # None: nobody has asked yet
    item_kind: str = "service"
    agreed: str = "automatic"  # the partnership's tax treatment


@dataclass(frozen=True, slots=True)
class Treatment:
    """The code that applies (None: the item's own domestic one), why, and what to check."""

    code: str | None
    reason: str
    warning: str = ""


def treatment(supply: Supply) -> Treatment:
    """The tax treatment of a supply, by Directive 2006/112/EC Art. 31–33, 44, 45, 138, 146, 196."""
    if supply.agreed != "automatic":
        return agreed_treatment(supply)
    if not supply.customer_country or supply.customer_country == supply.seller_country:
        return Treatment(None, "Customer and seller are in the same country.")
    if supply.seller_country not in EU:
        return from_outside_the_union(supply)
    if in_union(supply):
        return within_the_union(supply)
    return to_a_third_country(supply)


def agreed_treatment(supply: Supply) -> Treatment:
    """What the partnership fixes, whatever the countries say."""
    codes = {"domestic": None, "exempt": "exempt", "reverse_charge": "reverse_charge"}
    words = supply.agreed.replace("_", " ")
    return Treatment(codes[supply.agreed], f"Agreed with this client: {words}.")


def in_union(supply: Supply) -> bool:
    """Whether the customer is in the Union for this kind of supply."""
    if supply.customer_country == NORTHERN_IRELAND:
        return supply.item_kind not in SERVICES
    return supply.customer_country in EU


def within_the_union(supply: Supply) -> Treatment:
    """From one member state to another."""
    place = f"from {supply.seller_country} to {supply.customer_country}"
    if not has_usable_vat_id(supply):
        warning = (
            "The VAT id is not valid, so the domestic rate applies."
            if supply.customer_vat_id
            else "Above 10,000 EUR a year, sales to consumers in other member states are taxed "
            "there (Art. 59c Directive 2006/112/EC)."
        )
        return Treatment(None, f"Sale {place} to a customer without a valid VAT id.", warning)
    unchecked = "" if supply.vat_id_is_valid else "The VAT id has not been checked online yet."
    if supply.item_kind in SERVICES:
        return Treatment("reverse_charge", f"Service {place} to a business.", unchecked)
    return Treatment("intra_eu", f"Goods {place} to a business.", unchecked)


def to_a_third_country(supply: Supply) -> Treatment:
    """Out of the Union."""
    place = f"from {supply.seller_country} to {supply.customer_country}"
    if supply.item_kind not in SERVICES:
        return Treatment(
            "export", f"Goods {place}, outside the Union.", "Keep the proof of export."
        )
    if supply.customer_is_business:
        return Treatment("outside", f"Service {place} to a business outside the Union.")
    return Treatment(
        None, f"Service {place} to a consumer: taxed where the seller is (Art. 45).", ""
    )


def from_outside_the_union(supply: Supply) -> Treatment:
    """A seller in GB, CH, NO: exports of goods and services to businesses abroad are not taxed."""
    place = f"from {supply.seller_country} to {supply.customer_country}"
    if supply.item_kind not in SERVICES:
        return Treatment("export", f"Goods {place}.", "Keep the proof of export.")
    if supply.customer_is_business:
        return Treatment("outside", f"Service {place} to a business abroad.")
    return Treatment(None, f"Service {place} to a consumer.")


def has_usable_vat_id(supply: Supply) -> bool:
    """A VAT id of a business that no check has refused."""
    return (
        supply.customer_is_business
        and bool(supply.customer_vat_id)
        and supply.vat_id_is_valid is not False
    )


@dataclass(frozen=True, slots=True)
class DatedPercent:
    """A percentage with the days on which it holds, both included; None is open."""

    percent: Decimal
    valid_from: date
    valid_to: date | None = None


def percent_on(rates: list[DatedPercent], day: date) -> Decimal | None:
    """The rate that holds on `day`, None when none does."""
    holding = [
        rate
        for rate in rates
        if rate.valid_from <= day and (rate.valid_to is None or day <= rate.valid_to)
    ]
    return max(holding, key=lambda rate: rate.valid_from).percent if holding else None


def line_tax(
    *, code: str, category: str, percent: Decimal | None, exemption_code: str, reason: str
) -> Tax:
    """The kernel's tax of a line: rate 0 for the untaxed categories, none at all for O."""
    if category == "O":
        rate = None
    elif category in {"Z", "E", "AE", "K", "G"}:
        rate = Decimal(0)
    else:
        rate = percent
    return Tax(
        category=category,
        rate=rate,
        exemption_code=exemption_code,
        exemption_reason=reason,
        code=code,
    )
