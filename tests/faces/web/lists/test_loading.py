"""Loading clients and items from a file: what is seen first, and that nothing is half done."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from guilder.registers.catalogue import queries as catalogue
from guilder.registers.catalogue.schemas import item_out
from guilder.registers.parties import queries as parties
from guilder.registers.parties.schemas import partner_out

CLIENTS = (
    "Firma;E-Mail;Straße;PLZ;Ort;Land;USt-IdNr\n"
    "Nordlicht GmbH;rechnung@nordlicht.example;Hafen 1;20457;Hamburg;Germany;DE136695976\n"
    "Öresund AB;faktura@oresund.example;Kajen 2;21120;Malmö;SE;\n"
)
CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Mette Holm\r\nORG:Nordhavn Klinik ApS;Office\r\n"
    "EMAIL;TYPE=work:mette@nordhavn.example\r\nTEL:+45 1234\r\n"
    "ADR;TYPE=work:;;Sundkaj 125;København;;2150;DK\r\nNOTE:Pays\\, always\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Lone\r\n some\r\nEND:VCARD\r\n"
)


@pytest.fixture
def alice(browsing):
    """An admin's browser."""
    return browsing("alice")


def upload(browser, name, text, **more):
    data = text if isinstance(text, bytes) else text.encode()
    return browser.post(reverse(name), {"file": SimpleUploadedFile("list.csv", data), **more})


def clients_of(world):
    from guilder.foundation.tenancy.transaction import transaction

    with transaction(world.organization):
        rows = parties.list_partners(world.organization, side="customer").order_by("name")
        return [partner_out(one, side="customer") for one in rows]


def test_rows_are_shown_before_anything_is_entered(world, alice):
    answer = upload(alice, "web:clients_import", CLIENTS)

    chosen = [head["chosen"] for head in answer.context["heads"]]
    assert chosen == ["name", "email", "line1", "postal_code", "city", "country", "vat_id"]
    assert (answer.context["count"], answer.context["faults"]) == (2, 0)
    assert clients_of(world) == []


def test_what_was_shown_is_entered_whole(world, alice):
    shown = upload(alice, "web:clients_import", CLIENTS)

    answer = alice.post(
        reverse("web:clients_import"), {"text": shown.context["text"], "do": "load"}
    )

    first, second = clients_of(world)
    assert answer["Location"] == reverse("web:clients")
    assert (first.name, first.email) == ("Nordlicht GmbH", "rechnung@nordlicht.example")
    assert (first.addresses[0].city, first.addresses[0].country) == ("Hamburg", "DE")
    assert first.tax_ids[0].value == "DE136695976"
    assert second.addresses[0].country == "SE"


def test_one_fault_keeps_everything_out_and_stands_at_its_row(world, alice):
    shown = upload(alice, "web:clients_import", CLIENTS + "Broken Ltd;nobody;;;;GB;\n")
    sent = {"text": shown.context["text"], "do": "load"}

    refused = alice.post(reverse("web:clients_import"), sent)

    assert refused.status_code == 422
    assert clients_of(world) == []
    (bad,) = [row for row in refused.context["rows"] if row["faults"]]
    assert (bad["n"], bad["cells"][0]) == (4, "Broken Ltd")

    alice.post(reverse("web:clients_import"), sent | {"skip": "1"})
    assert [one.name for one in clients_of(world)] == ["Nordlicht GmbH", "Öresund AB"]


def test_columns_are_matched_by_hand_where_no_head_says(world, alice):
    shown = upload(alice, "web:clients_import", "a,b\nHafen GmbH,Kiel\n")
    assert [head["chosen"] for head in shown.context["heads"]] == ["", ""]

    alice.post(
        reverse("web:clients_import"),
        {"text": shown.context["text"], "col-0": "name", "col-1": "city", "do": "load"},
    )

    (client,) = clients_of(world)
    # No country stands there, so it is the organization's own.
    assert (client.name, client.addresses[0].city, client.addresses[0].country) == (
        "Hafen GmbH",
        "Kiel",
        "DE",
    )


def test_address_cards_are_read(world, alice):
    shown = upload(alice, "web:clients_import", CARD)
    alice.post(reverse("web:clients_import"), {"text": shown.context["text"], "do": "load"})

    ada, klinik = clients_of(world)
    assert (ada.name, ada.kind) == ("Ada Lonesome", "individual")
    assert (klinik.name, klinik.kind) == ("Nordhavn Klinik ApS", "company")
    assert klinik.contacts[0].name == "Mette Holm"
    assert klinik.addresses[0].line1 == "Sundkaj 125"
    assert klinik.addresses[0].postal_code == "2150"
    assert klinik.notes == "Pays, always"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no rows"),
        (b"Name\n", "no rows"),
        (b"\x89PNG\x00\x00", "not a text file"),
        (b"Name\n" + b"x\n" * 1001, "more than 1,000"),
    ],
)
def test_what_is_no_list_is_said(world, alice, data, words):
    answer = upload(alice, "web:clients_import", data)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_items_come_with_prices_as_people_write_them(world, alice):
    from guilder.foundation.tenancy.transaction import transaction

    table = "Artikel;Einheit;Preis;MwSt\nBeratung;Stunde;1.250,50;standard\nHosting;MON;19;zero\n"
    shown = upload(alice, "web:items_import", table.replace("Stunde", "hour"))
    alice.post(reverse("web:items_import"), {"text": shown.context["text"], "do": "load"})

    with transaction(world.organization):
        rows = catalogue.list_items(world.organization).order_by("name")
        items = [item_out(one) for one in rows]
    assert [(one.name, one.unit, one.tax) for one in items] == [
        ("Beratung", "HUR", "standard"),
        ("Hosting", "MON", "zero"),
    ]
    assert [one.prices[0].amount for one in items] == ["1250.5", "19"]
