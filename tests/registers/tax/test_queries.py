"""The tax of a line where a country's rates are not known."""

from decimal import Decimal

import pytest

from guilder.foundation.tenancy.transaction import transaction
from guilder.registers.tax import operations, queries
from guilder.registers.tax.calc import Supply
from tests import make

AT_HOME = Supply(seller_country="US", customer_country="US", customer_is_business=True)


def resolved(by, **given):
    with transaction(by.organization_id):
        table = queries.table_on(by.organization_id, make.TODAY)
    return queries.resolve(table, supply=AT_HOME, **given)


@pytest.fixture
def american(db):
    return make.make_world(country="US", currency="USD").alice


def test_without_any_rate_nothing_is_charged_and_it_is_said(american):
    found = resolved(american)

    assert (found.tax.category, found.tax.rate) == ("O", None)
    assert "Add" not in found.reason and "add its code and rate" in found.warning


def test_an_invoice_can_be_written_where_no_rates_are_known(american):
    draft = make.draft(american, currency="USD", lines=[{**make.line(), "tax": None}])

    assert draft.gross_amount == 100_00


def test_a_rate_of_ones_own_ends_that(american):
    operations.create_tax_code(
        by=american,
        data={
            "code": "state",
            "name": "Sales tax",
            "category": "S",
            "percent": "8.25",
            "valid_from": "2026-01-01",
        },
    )

    with pytest.raises(queries.NoSuchTaxCode):
        resolved(american)
    assert resolved(american, given="state").tax.rate == Decimal("8.25")


def test_where_rates_are_known_a_missing_standard_code_is_still_a_fault(world):
    with transaction(world.organization):
        table = queries.table_on(world.organization, make.TODAY)

    assert not table.charges_nothing
