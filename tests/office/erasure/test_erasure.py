"""Erasing a client: what goes, what the law keeps, and that the seals still hold."""

from datetime import UTC, date, datetime

import pytest

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries as invoices
from guilder.foundation.audit import operations as audit
from guilder.foundation.audit import queries as trail
from guilder.foundation.audit.models import AuditEntry
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import NotAllowed, NotFound
from guilder.office.erasure import calc
from guilder.office.erasure import operations as erasure
from guilder.registers.parties import operations as parties
from guilder.registers.parties import queries as registers
from tests import make
from tests.make import NOW, TODAY, World

PERSON = {
    "kind": "individual",
    "name": "Erika Mustermann",
    "email": "erika@example.test",
    "phone": "+49 30 1234567",
    "notes": "Likes tea",
    "contacts": [{"name": "Erika", "email": "erika@work.example"}],
    "bank_accounts": [{"iban": "DE89370400440532013000"}],
}


def words_of(world: World, client_id: object) -> str:
    """Everything that the register and the trail say of a client."""
    with transaction(world.organization):
        partner = registers.get_partner(world.organization, client_id)
        parts = [
            list(getattr(partner, name).values())
            for name in ("addresses", "contacts", "tax_ids", "bank_accounts")
        ]
        entries = AuditEntry.objects.filter(
            organization_id=world.organization, row_id=client_id
        ).values_list("before", "after")
        return f"{partner.__dict__} {parts} {list(entries)}"


def erase(world: World, client_id: object, *, today: date = TODAY) -> erasure.ErasurePlan:
    return erasure.erase_partner(client_id, by=world.alice, at=NOW, today=today)


def test_who_has_no_papers_is_erased_whole(world: World) -> None:
    client = make.client(world.alice, **PERSON)
    parties.update_partner(
        client.id, by=world.alice, side="customer", data={"notes": "Likes coffee"}, at=NOW
    )
    audit.seal_organization(world.organization)

    plan = erase(world, client.id)

    assert plan.is_whole
    said = words_of(world, client.id)
    for word in ("Erika", "Mustermann", "example", "1234567", "coffee", "tea", "DE89", "Ringstr"):
        assert word not in said, word
    assert trail.breaches(world.organization) == []


def test_who_has_papers_stays_on_them_until_the_law_lets_go(world: World) -> None:
    client = make.client(world.alice, **PERSON)
    invoice = make.issued_invoice(world.alice, client_id=client.id)  # 2026: until the end of 2034
    make.payment(world.alice, invoice, "119.00")

    plan = erase(world, client.id)

    assert plan.kept_until == date(2034, 12, 31)
    with transaction(world.organization):
        partner = registers.get_partner(world.organization, client.id)
    assert (partner.name, partner.email, partner.notes) == ("Erika Mustermann", "", "")
    assert partner.archived_at is not None
    assert "DE89" not in words_of(world, client.id)
    assert invoices.prove(invoice.id, by=world.alice).holds
    later = erase(world, client.id, today=date(2035, 1, 1))
    assert later.is_whole
    assert "Mustermann" not in words_of(world, client.id)
    assert invoices.prove(invoice.id, by=world.alice).holds


def test_what_is_open_keeps_it_back(world: World) -> None:
    client = make.client(world.alice, **PERSON)
    invoice = make.issued_invoice(world.alice, client_id=client.id)
    draft = make.draft(world.alice, client_id=client.id)

    with pytest.raises(erasure.NotErasable):
        erase(world, client.id)
    make.payment(world.alice, invoice, "119.00")
    with pytest.raises(erasure.NotErasable):
        erase(world, client.id)
    invoicing.delete_draft(draft.id, by=world.alice)
    assert erase(world, client.id).issued == 1


def mandates_of(world: World, client_id: object) -> str:
    """Everything that mandates of a client say, and the trail of them."""
    from guilder.books.sepa.models import Mandate

    with transaction(world.organization):
        rows = list(Mandate.objects.of(world.organization).filter(partner_id=client_id).values())
        entries = AuditEntry.objects.filter(
            organization_id=world.organization, row_id__in=[one["id"] for one in rows]
        ).values_list("before", "after")
        return f"{rows} {list(entries)}"


def test_what_payment_services_keep_of_a_client_is_ended(world: World) -> None:
    from guilder.books.charging import queries as charging
    from guilder.books.charging.models import SavedMethod
    from tests.books.charging import making

    client = make.client(world.alice, **PERSON)
    through = making.gateway(world.alice, "stripe")
    with transaction(world.organization):
        row = SavedMethod.objects.create(
            organization_id=world.organization, partner_id=client.id, gateway_id=through.id,
            customer="cus_1", token="pm_1", method="card", label="visa •••• 4242", agreed_at=NOW,
        )  # fmt: skip
    erase(world, client.id)
    found = charging.get_saved(row.id, by=world.alice)

    assert (found.is_active, found.label, found.ended_at) == (False, "", NOW)
    assert found.ended_reason == "Personal data was erased."


def test_a_mandate_that_was_never_used_goes_with_the_contacts(world: World) -> None:
    from tests.books.sepa import making

    client = make.client(world.alice, **PERSON)
    making.mandate(world.alice, client)
    audit.seal_organization(world.organization)
    assert making.IBAN in mandates_of(world, client.id)

    erase(world, client.id)
    erase(world, client.id)

    said = mandates_of(world, client.id)
    assert "Personal data was erased." in said
    for word in (making.IBAN, "Erika", "Mustermann"):
        assert word not in said, word
    assert trail.breaches(world.organization) == []


def test_a_mandate_that_proves_collections_is_kept_as_long_as_they_are(world: World) -> None:
    from guilder.books.sepa import operations, queries
    from tests.books.sepa import making

    client = make.client(world.alice, **PERSON)
    making.creditor(world.alice)
    mandate = making.mandate(world.alice, client)
    making.due(world.alice, client)
    making.handed(world.alice, making.collection(world.alice))
    operations.book_due(by=world.alice, at=datetime(2026, 11, 23, 12, tzinfo=UTC))

    erase(world, client.id, today=date(2026, 11, 24))

    row = queries.get_mandate(mandate.id, by=world.alice)
    assert (row.iban, row.ended_reason) == (making.IBAN, "Personal data was erased.")
    erase(world, client.id, today=date(2035, 1, 1))
    assert making.IBAN not in mandates_of(world, client.id)
    assert queries.get_mandate(mandate.id, by=world.alice).reference == mandate.reference


def test_twice_is_once(world: World) -> None:
    client = make.client(world.alice, **PERSON)

    assert erase(world, client.id).is_whole
    assert erase(world, client.id).is_whole


def test_who_may_not(world: World) -> None:
    client = make.client(world.alice, **PERSON)

    with pytest.raises(NotAllowed):
        erasure.erase_partner(client.id, by=world.bob, at=NOW, today=TODAY)
    with pytest.raises(NotFound):
        erasure.erase_partner(client.id, by=world.mallory, at=NOW, today=TODAY)


@pytest.mark.parametrize(
    ("country", "until"),
    [("DE", date(2034, 12, 31)), ("FR", date(2036, 12, 31)), ("XX", date(2036, 12, 31))],
)
def test_how_long_papers_are_kept(country: str, until: date) -> None:
    assert calc.kept_until(date(2026, 3, 1), country=country) == until
