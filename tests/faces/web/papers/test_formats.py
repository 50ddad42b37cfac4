"""The page of e-invoice formats: what fits, what is lost, the files, and who may not."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from guilder.books.invoicing import queries
from guilder.papers.exchange.formats.pdf import attached_xml
from guilder.papers.exchange.reading import read
from tests import make
from tests.make import NOW, World

Browse = Callable[[str], Client]


def page_of(invoice_id, **query: str) -> tuple[str, dict[str, str]]:
    return reverse("web:invoice_formats", args=[invoice_id]), query


def file_of(invoice_id, name: str) -> str:
    return reverse("web:invoice_einvoice", args=[invoice_id, name])


def test_each_format_says_how_well_it_fits(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)

    answer = browsing("alice").get(page_of(invoice.id)[0])
    text = answer.content.decode()

    assert answer.status_code == 200
    assert "Carries everything." in text
    assert "values have no place in it." in text
    assert file_of(invoice.id, "xrechnung-ubl") in text
    assert f"{file_of(invoice.id, 'facturx')}?in=pdf" in text


def test_the_document_leads_to_it(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)

    text = browsing("alice").get(reverse("web:invoice", args=[invoice.id])).content.decode()

    assert page_of(invoice.id)[0] in text


def test_a_draft_is_tried_but_gives_no_file(world: World, browsing: Browse):
    draft = make.draft(world.alice)
    alice = browsing("alice")

    text = alice.get(page_of(draft.id)[0]).content.decode()

    assert "This is a draft." in text
    assert file_of(draft.id, "ubl") not in text
    assert alice.get(file_of(draft.id, "ubl")).status_code == 302


@pytest.mark.parametrize(
    ("name", "media_type"), [("peppol", "application/xml"), ("json", "application/json")]
)
def test_the_file_says_what_the_invoice_says(
    world: World, browsing: Browse, name: str, media_type: str
):
    invoice = make.issued_invoice(world.alice)

    answer = browsing("alice").get(file_of(invoice.id, name))

    document = queries.get_document(invoice.id, by=world.alice, at=NOW)
    back = read(answer.content)
    assert answer["Content-Type"] == media_type
    assert answer["Content-Disposition"].startswith("attachment")
    assert back.document.number == document.number
    assert back.stated.due == document.totals.due.amount


def test_the_pdf_has_the_e_invoice_inside(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)

    answer = browsing("alice").get(file_of(invoice.id, "facturx"), {"in": "pdf"})

    assert answer["Content-Type"] == "application/pdf"
    assert attached_xml(answer.content)[0] == "factur-x.xml"


def test_a_format_without_a_profile_stands_in_no_pdf(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)

    alice = browsing("alice")

    answer = alice.get(file_of(invoice.id, "ubl"), {"in": "pdf"}, follow=True)

    assert "does not stand inside a PDF" in answer.content.decode()


def test_a_long_paper_is_tried_in_one_format_at_a_time(world: World, browsing: Browse, monkeypatch):
    from guilder.faces.web.papers import formats

    invoice = make.issued_invoice(world.alice)
    monkeypatch.setattr(formats, "MOST_LINES", 0)
    alice = browsing("alice")

    before = alice.get(page_of(invoice.id)[0]).content.decode()
    after = alice.get(page_of(invoice.id)[0], {"try": "ubl"}).content.decode()

    assert "Carries everything." not in before
    assert "?try=ubl#format-ubl" in before
    assert after.count("Carries everything.") == 1


@pytest.mark.parametrize("where", ["web:invoice_formats", "web:invoice_einvoice"])
def test_others_find_nothing(world: World, browsing: Browse, where: str):
    invoice = make.issued_invoice(world.alice)
    named = [invoice.id, "ubl"] if where.endswith("einvoice") else [invoice.id]
    address = reverse(where, args=named)

    assert browsing("mallory").get(address).status_code == 404
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("where", ["web:invoice_formats", "web:invoice_einvoice"])
def test_without_the_permission_it_is_refused(
    world: World, browsing: Browse, where: str, monkeypatch
):
    invoice = make.issued_invoice(world.alice)
    named = [invoice.id, "ubl"] if where.endswith("einvoice") else [invoice.id]
    alice = browsing("alice")
    from guilder.faces.web import door

    seen = door.visit_of

    def poorer(request, arrived):
        visit = seen(request, arrived)
        return replace(visit, by=replace(visit.by, permissions=frozenset()))

    monkeypatch.setattr(door, "visit_of", poorer)

    assert alice.get(reverse(where, args=named)).status_code == 403


def test_an_unknown_format_is_not_found(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)

    assert browsing("alice").get(file_of(invoice.id, "edifact")).status_code == 404
