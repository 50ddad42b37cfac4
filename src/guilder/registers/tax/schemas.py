"""The public shape of a tax code."""

import msgspec

from guilder.registers.tax.models import TaxCode


class TaxRateOut(msgspec.Struct):
    """A percentage (decimal string) with its days (ISO 8601) and source."""

    percent: str
    valid_from: str
    valid_to: str | None
    source: str


class TaxCodeOut(msgspec.Struct):
    """A tax code with all its rates, newest first."""

    id: str
    code: str
    name: str
    category: str
    exemption_code: str
    exemption_reason: str
    is_active: bool
    rates: list[TaxRateOut]
    etag: str


def tax_code_out(tax_code: TaxCode) -> TaxCodeOut:
    """The public shape of `tax_code`; give it with its rates prefetched."""
    rates = sorted(tax_code.rates.all(), key=lambda rate: rate.valid_from, reverse=True)
    return TaxCodeOut(
        id=str(tax_code.id),
        code=tax_code.code,
        name=tax_code.name,
        category=tax_code.category,
        exemption_code=tax_code.exemption_code,
        exemption_reason=tax_code.exemption_reason,
        is_active=tax_code.is_active,
        rates=[
            TaxRateOut(
                percent=f"{rate.percent.normalize():f}",
                valid_from=rate.valid_from.isoformat(),
                valid_to=rate.valid_to.isoformat() if rate.valid_to else None,
                source=rate.source,
            )
            for rate in rates
        ],
        etag=str(tax_code.version),
    )
