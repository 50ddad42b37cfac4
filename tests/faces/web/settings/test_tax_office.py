"""The settings page of what the tax office wants."""

import pytest
from django.test import Client

from guilder.foundation.tenancy.transaction import transaction
from guilder.office.verifactu import operations, queries
from guilder.papers.rendering import queries as looks
from guilder.registers.parties import operations as parties
from tests import make
from tests.make import NOW

ADDRESS = "/settings/tax-office/"


@pytest.fixture
def spanish(world):
    """An organization in Spain; its alice is signed in by `browsing`."""
    from guilder.foundation.identity.models import Organization

    Organization.objects.using("owner").filter(id=world.organization).update(country="ES")
    parties.set_seller_profile(
        by=world.alice, data={"legal_name": "Puerto SL", "vat_id": "ESB58378431", "country": "ES"}
    )
    return world


def test_it_is_turned_on_and_shows_what_was_recorded(spanish, browsing):
    client = browsing("alice")

    saved = client.post(ADDRESS, {"is_on": "on", "producer": "", "producer_nif": ""}, follow=True)
    invoice = make.issued_invoice(spanish.alice)
    operations.record(invoice.id, organization_id=spanish.organization, at=NOW)
    page = client.get(ADDRESS).content.decode()

    assert "Saved." in saved.content.decode()
    assert invoice.number in page
    assert client.get(f"{ADDRESS}records/").content.startswith(b"PK")
    client.post(ADDRESS, {"producer": "", "producer_nif": ""})
    assert not queries.get_chain(by=spanish.alice).is_on


def test_what_waits_is_listed_with_the_reason_and_tried_again(spanish, browsing):
    client = browsing("alice")
    operations.turn_on(by=spanish.alice, at=NOW)
    moved = {"country": "PT", "vat_id": "", "tax_number": "12/345"}
    parties.set_seller_profile(by=spanish.alice, data=moved)
    invoice = make.issued_invoice(spanish.alice)
    operations.record(invoice.id, organization_id=spanish.organization, at=NOW)
    with transaction(spanish.organization):
        one = queries.list_waiting(by=spanish.alice).get()
    again = f"{ADDRESS}waiting/{one.id}/retry/"

    page = client.get(ADDRESS).content.decode()
    told = client.post(again, follow=True).content.decode()
    all_of_it = client.post(f"{ADDRESS}waiting/retry/", follow=True).content.decode()
    assert browsing("mallory").post(again).status_code == 404
    assert browsing("bob").post(again).status_code == 403
    assert Client().post(again).status_code == 302
    found = {"country": "ES", "vat_id": "ESB58378431"}
    parties.set_seller_profile(by=spanish.alice, data=found)
    done = client.post(again, follow=True).content.decode()

    reason = "Enter your NIF: a Spanish billing record names it."
    assert invoice.number in page
    assert page.count(reason) == 1
    assert told.count(reason) == 2  # the message, and the list
    assert "1 document still waits." in all_of_it
    assert f"{invoice.number} is recorded." in done
    assert reason not in done
    assert client.post(again).status_code == 404


def test_a_paper_without_the_nif_cannot_go_out_while_records_are_kept(spanish, browsing):
    client = browsing("alice")
    operations.turn_on(by=spanish.alice, at=NOW)
    draft = make.draft(spanish.alice)
    review = f"/invoices/{draft.id}/review/"
    whole = client.get(review).content.decode()
    parties.set_seller_profile(by=spanish.alice, data={"vat_id": "", "tax_number": "12/345"})

    kept = client.get(review).content.decode()
    operations.turn_off(by=spanish.alice)
    warned = client.get(review).content.decode()

    assert "Enter your NIF" not in whole
    assert "There is a problem" in kept
    assert "Enter your NIF" in kept
    assert "There is a problem" not in warned
    assert "Enter your NIF" in warned


def test_a_wrong_nif_is_told_beside_its_field(spanish, browsing):
    answer = browsing("alice").post(ADDRESS, {"is_on": "on", "producer_nif": "B1"})

    assert answer.status_code == 422
    assert "no valid NIF" in answer.content.decode()


def test_elsewhere_only_the_code_is_switched(world, browsing):
    client = browsing("alice")

    client.post(ADDRESS, {"is_on": "on"})

    assert looks.look_of(by=world.alice).tax_code
    assert "Billing records" not in client.get(ADDRESS).content.decode()
    assert ADDRESS not in client.get("/settings/").content.decode()  # it does not concern Germany


def test_others_are_kept_out(world, browsing):
    assert Client().get(ADDRESS).status_code == 302
    assert browsing("bob").get(ADDRESS).status_code == 403
