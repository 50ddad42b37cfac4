"""/taxes/: tax codes with their dated rates."""

from typing import Any

import msgspec

from guilder.faces.rest.listing import answer_of
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.wire import Amount, Category, Day
from guilder.registers.tax import operations, queries
from guilder.registers.tax.schemas import TaxCodeOut, tax_code_out


class TaxCodesOut(msgspec.Struct):
    """All tax codes; there are never many."""

    data: list[TaxCodeOut]
    next: str | None


class TaxCodeIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A code of a category of EN 16931; the taxed ones (S, L, M) need a rate."""

    code: str
    category: Category
    name: str = ""
    exemption_code: str = ""
    exemption_reason: str = ""
    percent: Amount | None = None
    valid_from: Day | None = None
    source: str = ""


class TaxCodePatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What changes."""

    name: str = ""
    exemption_code: str = ""
    exemption_reason: str = ""
    is_active: bool = True


class TaxRateIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A rate in percent (decimal string) from a day on."""

    percent: Amount
    valid_from: Day
    source: str = ""


@route("GET", "taxes/", permission="tax.view", answer=TaxCodesOut)
def list_taxes(call: Call) -> Any:
    """List tax codes"""
    rows = queries.list_tax_codes(call.by.organization_id)
    return answer_of([tax_code_out(row) for row in rows], None)


@route("POST", "taxes/", permission="tax.edit", body=TaxCodeIn, answer=TaxCodeOut)
def create_tax(call: Call) -> TaxCodeOut:
    """Make a tax code"""
    made = operations.create_tax_code(by=call.by, data=call.body)
    return tax_code_out(queries.get_tax_code(call.by.organization_id, made.id))


@route("GET", "taxes/{id}/", permission="tax.view", answer=TaxCodeOut)
def read_tax(call: Call) -> TaxCodeOut:
    """Read a tax code"""
    return tax_code_out(queries.get_tax_code(call.by.organization_id, call.id))


@route("PATCH", "taxes/{id}/", permission="tax.edit", body=TaxCodePatch, answer=TaxCodeOut)
def update_tax(call: Call) -> TaxCodeOut:
    """Change the words of a tax code, or retire it"""
    operations.update_tax_code(call.id, by=call.by, data=call.body, version=call.version)
    return tax_code_out(queries.get_tax_code(call.by.organization_id, call.id))


@route("POST", "taxes/{id}/rates/", permission="tax.edit", body=TaxRateIn, answer=TaxCodeOut)
def add_tax_rate(call: Call) -> TaxCodeOut:
    """Add a rate from a day on"""
    operations.add_rate(call.id, by=call.by, data=call.body, version=call.version)
    return tax_code_out(queries.get_tax_code(call.by.organization_id, call.id))
