"""All proofs of the books, run for one organization as the app's role."""

from guilder.books.bills import queries as bills
from guilder.books.invoicing import queries as invoicing
from guilder.books.ledger import queries as ledger
from guilder.books.payments import queries as payments
from guilder.books.sepa import queries as sepa
from guilder.books.workflow import queries as workflow
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction

ALL = (
    *ledger.proofs(),
    *invoicing.proofs(),
    *bills.proofs(),
    *payments.proofs(),
    *workflow.proofs(),
    *sepa.proofs(),
)


def faults(organization_id) -> list[tuple]:
    """(invariant, row id, fault) of everything that does not hold."""
    found = []
    with transaction(organization_id):
        for name, _, sql in ALL:
            for _, row_id, fault in cursor().execute(sql).fetchall():
                found.append((name, row_id, fault))
    return found
