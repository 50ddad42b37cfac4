"""Opening the books of a new organization."""

from guilder.books.ledger import operations as ledger
from guilder.books.ledger.models import Account
from guilder.foundation.identity.models import Organization
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.registers.numbering import operations as numbering
from guilder.registers.parties import operations as parties
from guilder.registers.tax import operations as tax


def open_books(*, by: Actor) -> None:
    """Give an organization its series, tax codes, chart of accounts and seller profile; twice is
    once."""
    by.require("settings.edit")
    with transaction(by.organization_id):
        organization = Organization.objects.select_for_update().get(id=by.organization_id)
        if Account.objects.of(by.organization_id).exists():
            return
        numbering.set_up(by=by)
        tax.set_up(by=by, country=organization.country)
        ledger.set_up(by=by, country=organization.country)
        parties.set_up(by=by)
