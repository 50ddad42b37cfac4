"""VAT ids are asked about online, and the answers stay as evidence."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError

from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import NotAllowed
from guilder.registers.parties import operations, queries
from guilder.registers.parties.models import VatCheck
from tests import make
from tests.services.tax_offices import TaxOffices, asked_here

NUMBER = "FR40303265045"
NAME = ("SA SODIMAS", "137 RUE DE L'UNIVERSITE 69007 LYON")


@pytest.fixture
def offices(monkeypatch) -> Iterator[TaxOffices]:
    with asked_here(monkeypatch) as found:
        yield found


def client_with(world, number: str):
    return make.client(world.alice, tax_ids=[{"scheme": "vat", "value": number}])


def check(world, client, **more):
    values = {"by": world.alice, "at": make.NOW, "side": "customer", **more}
    return operations.check_vat_id(client.id, **values)


def is_valid(world, client) -> bool | None:
    with transaction(world.organization):
        return queries.invoicing_context(world.organization, client.id).vat_id_is_valid


def test_the_answer_is_kept_with_its_consultation_number_and_holds_for_the_tax(world, offices):
    operations.set_seller_profile(by=world.alice, data={"vat_id": "DE136695976"})
    client = client_with(world, NUMBER)
    assert is_valid(world, client) is None

    found = check(world, client)

    assert (found.is_valid, found.name, found.address) == (True, *NAME)
    assert (found.consultation, found.requester) == ("WAPIAAAAYz1", "DE136695976")
    assert offices.asked == [
        {
            "countryCode": "FR",
            "vatNumber": NUMBER[2:],
            "requesterMemberStateCode": "DE",
            "requesterNumber": "136695976",
        }
    ]
    assert is_valid(world, client) is True


def test_an_id_that_is_not_valid_is_told_so_and_a_later_answer_wins(world, offices):
    client = client_with(world, "ATU33864707")

    assert check(world, client).is_valid is False
    assert is_valid(world, client) is False
    offices.valid["ATU33864707"] = ("A", "B")
    check(world, client, at=make.NOW + timedelta(days=1))

    assert is_valid(world, client) is True
    with transaction(world.organization):
        rows = queries.vat_checks(world.organization, client.id)
    assert [row.is_valid for row in rows] == [True, False]


def test_other_changes_leave_the_answer_another_number_does_not(world, offices):
    client = client_with(world, NUMBER)
    check(world, client)

    numbers = [{"scheme": "vat", "value": NUMBER}, {"scheme": "tax", "value": "7"}]
    operations.update_partner(
        client.id, by=world.alice, side="customer", data={"tax_ids": numbers}, at=make.NOW
    )
    kept = is_valid(world, client)
    numbers[0] = {"scheme": "vat", "value": "ATU33864707"}
    operations.update_partner(
        client.id, by=world.alice, side="customer", data={"tax_ids": numbers}, at=make.NOW
    )

    assert (kept, is_valid(world, client)) == (True, None)


def test_hmrc_is_asked_for_british_ids(world, offices):
    operations.set_seller_profile(by=world.alice, data={"vat_id": "GB980780684"})

    found = check(world, client_with(world, "GB980780684"))

    assert (found.service, found.is_valid, found.consultation) == ("hmrc", True, "uk-1")
    assert offices.asked == [{"target": "980780684", "requester": ["980780684"]}]


@pytest.mark.parametrize(
    ("trouble", "error", "words"),
    [
        ("MS_UNAVAILABLE", operations.NoAnswer, "Try again later"),
        ("INVALID_REQUESTER_INFO", operations.CannotBeAsked, "your own VAT id"),
    ],
)
def test_without_an_answer_nothing_is_kept(world, offices, trouble, error, words):
    offices.trouble = trouble
    client = client_with(world, NUMBER)

    with pytest.raises(error, match=words):
        check(world, client)

    assert is_valid(world, client) is None
    with transaction(world.organization):
        assert queries.vat_checks(world.organization, client.id) == []


def test_what_nobody_can_be_asked_about_is_said(world, offices, monkeypatch):
    with pytest.raises(operations.CannotBeAsked, match="CH"):
        check(world, client_with(world, "CHE109322551MWST"))
    with pytest.raises(operations.NoVatId):
        check(world, make.client(world.alice))
    monkeypatch.setattr(settings, "HMRC_ID", "")
    with pytest.raises(operations.CannotBeAsked, match="GUILDER_HMRC_ID"):
        check(world, client_with(world, "GB980780684"))
    offices.server.shutdown()
    offices.server.server_close()
    with pytest.raises(operations.NoAnswer):
        check(world, client_with(world, NUMBER))


def test_an_answer_cannot_be_changed_and_others_cannot_ask(world, offices):
    client = client_with(world, NUMBER)
    check(world, client)

    with pytest.raises(DatabaseError), transaction(world.organization):
        VatCheck.objects.of(world.organization).update(is_valid=False)
    with pytest.raises(queries.NoSuchPartner):
        check(world, client, by=world.mallory)
    with pytest.raises(NotAllowed):
        check(world, client, by=replace(world.alice, permissions=frozenset({"partner.view"})))
