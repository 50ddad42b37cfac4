"""While billing records are kept no door issues without a NIF, so no record waits by surprise."""

from collections.abc import Callable
from datetime import date

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse

from guilder.books.invoicing import queries as invoices
from guilder.faces.cli.commands import invoice as commands
from guilder.flows.billing import queries as billing
from guilder.foundation.identity.models import User
from guilder.foundation.tenancy.transaction import transaction
from guilder.office.verifactu import operations, queries
from guilder.registers.parties import operations as parties
from tests import make
from tests.faces.rest.speaking import HOST, Speaker
from tests.flows.billing import test_recurring as recurring
from tests.make import NOW, World

SPANISH = {"legal_name": "Puerto SL", "vat_id": "ESB58378431", "city": "Bilbao", "country": "ES"}
WITHOUT = {"vat_id": "", "tax_number": "12/345"}


@pytest.fixture
def firm(db) -> World:
    """A Spanish organization that keeps records and lost its NIF since."""
    world = make.make_world(country="ES")
    parties.set_seller_profile(by=world.alice, data=SPANISH)
    operations.turn_on(by=world.alice, at=NOW)
    parties.set_seller_profile(by=world.alice, data=WITHOUT)
    return world


def by_rest(world: World, draft_id: str) -> None:
    said = Speaker.of(world.alice)("POST", f"invoices/{draft_id}/issue/")
    assert (said.status, said.body["code"]) == (422, "verifactu.not_recordable")
    assert said.pointers == {"#/seller/vat_id"}


def by_rest_at_once(world: World, _: str) -> None:
    client = str(make.client(world.alice).id)
    lines = [{"description": "Work", "quantity": "1", "unit_price": "9", "tax": "standard"}]
    body = {"client": client, "currency": "EUR", "lines": lines, "issue": True}
    said = Speaker.of(world.alice)("POST", "invoices/", body)
    assert (said.status, said.pointers) == (422, {"#/seller/vat_id"})


def by_the_command_line(world: World, draft_id: str) -> None:
    arguments = ["issue", draft_id, "--organization", str(world.organization)]
    result = CliRunner().invoke(commands.command, arguments, obj=None)
    assert result.exit_code == 1
    assert "Enter your NIF" in result.output


def by_the_page(world: World, draft_id: str) -> None:
    client = Client(SERVER_NAME=HOST)
    client.force_login(User.objects.get(id=world.alice.user_id))
    page = client.post(reverse("web:invoice_issue", args=[draft_id]), follow=True)
    assert "Enter your NIF" in page.content.decode()


DOORS = (by_rest, by_rest_at_once, by_the_command_line, by_the_page)


@pytest.mark.parametrize("door", DOORS)
def test_a_door_refuses_and_says_what_to_enter(firm: World, door: Callable[[World, str], None]):
    draft = make.draft(firm.alice)

    door(firm, str(draft.id))

    assert invoices.get_invoice(draft.id, by=firm.alice).status == "draft"
    with transaction(firm.organization):
        assert not queries.list_waiting(by=firm.alice).exists()
    parties.set_seller_profile(by=firm.alice, data=SPANISH)
    Speaker.of(firm.alice).ok("POST", f"invoices/{draft.id}/issue/")


def test_a_credit_note_is_refused_too_and_its_draft_is_not(firm: World):
    parties.set_seller_profile(by=firm.alice, data=SPANISH)
    issued = make.issued_invoice(firm.alice)
    parties.set_seller_profile(by=firm.alice, data=WITHOUT)
    speaker = Speaker.of(firm.alice)

    refused = speaker("POST", f"invoices/{issued.id}/credit/", {})
    drafted = speaker("POST", f"invoices/{issued.id}/credit/", {"issue": False})

    assert (refused.status, refused.pointers) == (422, {"#/seller/vat_id"})
    assert drafted.body["status"] == "draft"


def test_a_recurring_invoice_waits_with_the_reason_and_is_made_once_the_nif_is_there(firm: World):
    made = recurring.recurring(firm.alice)

    assert recurring.run(firm, date(2026, 11, 20)) == 0
    told = billing.get_recurring(made.id, by=firm.alice)
    assert "Enter your NIF" in told.problem
    assert told.made_count == 0

    parties.set_seller_profile(by=firm.alice, data=SPANISH)
    assert recurring.run(firm, date(2026, 11, 20)) == 1


def test_who_keeps_no_records_issues_without_a_nif(firm: World):
    operations.turn_off(by=firm.alice)
    draft = make.draft(firm.alice)

    Speaker.of(firm.alice).ok("POST", f"invoices/{draft.id}/issue/")
