"""JavaScript off: what must work for everybody works by links and forms."""

import re

import pytest

from tests import make


@pytest.fixture
def plain(browse, firm):
    """A page of the firm's admin in a browser without script."""
    return browse(firm, script=False)


def test_signing_in_and_out_needs_no_script(house, browse, firm):
    """61. JavaScript off: sign-in works."""
    page = browse(script=False)
    page.goto("/invoices/")
    page.fill("[name=email]", firm.email)
    page.fill("[name=password]", firm.password)
    page.locator("main button[type=submit], form [data-primary]").first.click()

    assert page.url == f"{house.base}/invoices/"
    assert page.locator("h1").first.inner_text() == "Invoices"


def test_a_list_is_filtered_sorted_and_opened_by_links_and_forms(plain, firm):
    """61. JavaScript off: lists and documents work."""
    first = make.issued_invoice(firm.by, lines=[make.line(unit_price="10.00")])
    second = make.issued_invoice(firm.by, lines=[make.line(unit_price="20.00")])
    plain.goto("/invoices/")
    rows = plain.locator("table tbody tr[data-row]")
    assert rows.count() == 2

    plain.locator("thead th a", has_text="Total").first.click()
    assert "sort=" in plain.url
    numbers = [one.split()[0] for one in rows.all_inner_texts()]
    assert sorted(numbers) == sorted([first.number, second.number])

    plain.fill("#filter-q", second.number)
    plain.locator("#filter-q").press("Enter")
    assert rows.count() == 1
    rows.first.locator("a", has_text=second.number).click()
    assert second.number in plain.title()
    assert plain.locator("main").is_visible()


def test_an_invoice_is_written_and_issued_by_forms(plain, firm):
    """61. JavaScript off: a document is made with what a browser does by itself."""
    client = make.client(firm.by)
    plain.goto("/invoices/new/")
    plain.fill("#id_client_name", client.name)
    plain.locator("[data-line] [data-name=name]").first.fill("Work by hand")
    plain.locator("[data-line] [data-name=quantity]").first.fill("2")
    plain.locator("[data-line] [data-name=unit_price]").first.fill("50.00")
    plain.locator("#id_client_name").press("Enter")
    plain.wait_for_load_state()

    assert re.search(r"/invoices/[0-9a-f-]{36}/", plain.url), plain.url


def test_a_setting_is_saved_by_its_form(plain):
    """61. JavaScript off: settings work."""
    plain.goto("/settings/")
    plain.fill("[name=phone]", "+49 40 7654321")
    plain.locator("form#settings [data-primary], form#settings button[type=submit]").first.click()
    plain.goto("/settings/")

    assert plain.input_value("[name=phone]") == "+49 40 7654321"
