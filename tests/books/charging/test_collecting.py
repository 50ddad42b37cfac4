"""What is charged by itself: never what the client is about to pay."""

from datetime import date

from guilder.books.charging.operations.collecting import next_on
from guilder.foundation.tenancy.transaction import transaction
from tests import make
from tests.books.charging import making

DUE = date(2026, 3, 2)


def test_while_a_client_is_paying_nothing_is_taken_by_itself(world):
    by = world.alice
    invoice, other = make.issued_invoice(by), make.issued_invoice(by)
    making.charge(by, invoice, making.gateway(by))

    with transaction(by.organization_id):
        assert next_on(invoice.id, DUE, by=by) is None
        assert next_on(other.id, DUE, by=by) == DUE
