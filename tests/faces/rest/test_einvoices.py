"""E-invoices over the API: the files, what they cannot carry, and the refusals."""

from datetime import date

import pytest

from guilder.papers.exchange.formats.pdf import attached_xml
from guilder.papers.exchange.reading import read
from guilder.papers.exchange.rules import engine, packs
from tests.faces.rest.speaking import Speaker, client_in, draft_in, issued_in, line


def raw(speaker: Speaker, path: str, form: str = "") -> bytes:
    said = speaker("GET", f"{path}?format={form}" if form else path)
    assert said.status == 200, said.body
    return said.body


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        ("ubl", "urn:cen.eu:en16931:2017"),
        ("cii", "urn:cen.eu:en16931:2017"),
        ("xrechnung-ubl", "xrechnung_3.0"),
        ("xrechnung-cii", "xrechnung_3.0"),
        ("peppol", "poacc:billing:3.0"),
    ],
)
def test_an_invoice_is_given_in_each_format(alice: Speaker, name: str, profile: str):
    issued = issued_in(alice)

    reading = read(raw(alice, f"invoices/{issued['id']}/xml/", name))

    assert reading.profile.endswith(profile)
    assert reading.document.number == issued["number"]
    assert str(reading.stated.due) == issued["totals"]["due"]


def test_ubl_is_the_format_where_none_is_asked_for(alice: Speaker):
    issued = issued_in(alice)

    said = alice("GET", f"invoices/{issued['id']}/xml/")

    assert read(said.body).format == "ubl-invoice"
    assert said.headers["Content-Type"] == "application/xml"
    assert issued["number"] in said.headers["Content-Disposition"]


def test_the_pdf_takes_the_e_invoice_inside(alice: Speaker):
    path = f"invoices/{issued_in(alice)['id']}/pdf/"

    plain, hybrid = raw(alice, path), raw(alice, path, "facturx")

    assert hybrid.startswith(plain)
    assert attached_xml(hybrid)[0] == "factur-x.xml"


def test_the_report_names_what_has_no_place(alice: Speaker):
    lines = [line(description="Work", name="Hour")]
    issued = issued_in(alice, lines=lines)
    path = f"invoices/{issued['id']}/xml/report/"

    whole = alice.ok("GET", f"{path}?format=xrechnung-cii")
    narrow = alice.ok("GET", f"{path}?format=facturx-minimum")
    refused = alice.ok("GET", f"{path}?format=ksef")

    assert whole["is_writable"]
    assert not [one for one in whole["differences"] if one["term"] and one["change"] == "lost"]
    assert {"BT-153", "BT-129"} <= {one["term"] for one in narrow["differences"]}
    assert not narrow["is_lossless"]
    assert (refused["is_writable"], "NIP" in refused["refusal"]) == (False, True)


def test_a_credit_note_is_one_in_its_format(alice: Speaker):
    issued = issued_in(alice)
    note = alice.ok("POST", f"invoices/{issued['id']}/credit/", {})
    path = f"credit-notes/{note['id']}"

    reading = read(raw(alice, f"{path}/xml/", "peppol"))

    assert reading.format == "ubl-creditnote"
    assert reading.document.preceding[0].number == issued["number"]
    assert raw(alice, f"{path}/pdf/", "facturx-xrechnung")[:5] == b"%PDF-"
    assert alice("GET", f"credit-notes/{issued['id']}/xml/").status == 404


def test_what_cannot_be_is_refused(alice: Speaker):
    draft, issued = draft_in(alice), issued_in(alice)

    asked = {
        "exchange.not_issued": alice("GET", f"invoices/{draft['id']}/xml/"),
        "exchange.unknown_format": alice("GET", f"invoices/{issued['id']}/xml/?format=edifact"),
        "exchange.no_hybrid": alice("GET", f"invoices/{issued['id']}/pdf/?format=peppol"),
        "exchange.ksef": alice("GET", f"invoices/{issued['id']}/xml/?format=ksef"),
    }

    assert {name: said.body["code"] for name, said in asked.items()} == {
        name: name for name in asked
    }
    assert [said.status for said in asked.values()] == [409, 404, 422, 422]


def test_a_price_with_tax_comes_to_the_same(alice: Speaker):
    lines = [line(quantity="3", unit_price="0.99", tax_inclusive=True)]
    issued = issued_in(alice, client=client_in(alice)["id"], lines=lines)

    reading = read(raw(alice, f"invoices/{issued['id']}/xml/"))

    assert str(reading.stated.due) == issued["totals"]["due"] == "2.97"


@pytest.mark.parametrize("name", ["ubl", "cii", "facturx", "facturx-basic", "facturx-minimum"])
def test_an_ordinary_invoice_is_lawful_by_the_official_rules(alice: Speaker, name: str):
    lines = [line(quantity="3", unit_price="19.90"), line(unit_price="49.00", tax="reduced")]
    issued = issued_in(alice, client=client_in(alice)["id"], lines=lines)
    rules = packs.in_force(packs.all_packs(None), on=date(2026, 11, 21))

    verdict = engine.judge(raw(alice, f"invoices/{issued['id']}/xml/", name), rules)

    assert [one.text for one in verdict.fired if one.is_grave] == []
    assert verdict.valid
