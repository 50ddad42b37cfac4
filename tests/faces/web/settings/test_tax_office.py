"""The settings page of what the tax office wants."""

import pytest
from django.test import Client

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
