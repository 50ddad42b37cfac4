"""UX 13 in the editor: client, line grid, paste, numbers, nothing lost."""

import time

import pytest

from guilder.books.invoicing import queries
from guilder.registers.parties import queries as parties
from tests import make
from tests.acceptance.browsing import axe, overflow, settle
from tests.acceptance.editing import (
    PASTE,
    cell,
    focused,
    lines,
    open_draft,
    open_new,
    saved,
    total,
    type_line,
)

SHEET = (
    "Cable\t10\tpcs\t3,50\t19%\n"
    '"Spot ""Aurora""\twarm"\t2\tpcs\t58,90\t19%\n'
    "Work\t1,5\th\t1.234,50\t19%\n"
    "Catalogue\t40\tpcs\t24\t7%\n"
    "Travel\t1\tflat\t80\t19%\n"
)


def drafts_of(firm):
    found = queries.list_invoices(
        queries.InvoiceFilter(today=make.TODAY, words=("draft",)), by=firm.by, limit=20
    )
    return [queries.get_invoice(one.id, by=firm.by) for one in found]


@pytest.mark.parametrize("start", ["/", "/clients/", "/settings/"])
def test_c_i_opens_the_editor_with_focus_in_client(page, start):
    """3. `C I` opens the editor from any page; focus is in Client."""
    page.goto(start)
    settle(page)
    page.keyboard.press("c")
    page.keyboard.press("i")
    page.wait_for_url("**/invoices/new/")
    settle(page)

    assert focused(page)[0] == "client_name"


def test_an_unknown_client_is_made_in_place_and_lines_are_kept(page, firm):
    """4. Unknown client name + Enter creates it in place; lines typed before are kept."""
    open_new(page)
    type_line(page, 0, "Lighting concept", "6480")
    page.locator("#id_client_name").focus()
    page.keyboard.type("Hotel Alpenglühn AG")
    page.keyboard.press("Enter")
    page.locator("#client-email:not([hidden])").wait_for()
    page.keyboard.type("lena@alpengluehn.example")
    page.keyboard.press("Enter")
    saved(page)
    settle(page, quiet=400)

    assert page.url.endswith("/edit/")
    assert lines(page)[0][0] == "Lighting concept"
    found = parties.list_partners(firm.organization, side="customer")
    with_transaction = [(one.name, one.email) for one in in_firm(firm, found)]
    assert with_transaction == [("Hotel Alpenglühn AG", "lena@alpengluehn.example")]
    (draft,) = drafts_of(firm)
    assert draft.net_amount == 648000


def in_firm(firm, rows):
    from guilder.foundation.tenancy.transaction import transaction

    with transaction(firm.organization):
        return list(rows)


def test_tab_walks_the_cells_and_enter_makes_the_next_line(page, firm):
    """5. Tab walks item → qty → unit → price → VAT; Enter in any cell makes a next line."""
    open_draft(page, firm.by)
    cell(page, 0, "name").focus()
    walked = [focused(page)[0]]
    for _step in range(4):
        page.keyboard.press("Tab")
        walked.append(focused(page)[0])
    assert walked == ["name", "quantity", "unit", "unit_price", "tax"]

    for name in ("name", "quantity", "unit", "unit_price", "tax"):
        cell(page, 0, name).focus()
        page.keyboard.press("Enter")
        assert focused(page) == ("name", "Item, line 2")
        assert lines(page)[1][0] == ""


def test_arrows_alt_and_control_work_on_lines(page, firm):
    draft = [make.line(name=name, description="") for name in ("One", "Two", "Three")]
    open_draft(page, firm.by, lines=draft)
    cell(page, 1, "unit_price").focus()
    page.keyboard.press("Alt+ArrowUp")
    assert [one[0] for one in lines(page)] == ["Two", "One", "Three", ""]
    assert focused(page)[0] == "unit_price"

    page.keyboard.press("Control+d")
    assert [one[0] for one in lines(page)] == ["Two", "Two", "One", "Three", ""]

    page.keyboard.press("Control+z")
    assert [one[0] for one in lines(page)] == ["Two", "One", "Three", ""]

    page.keyboard.press("Control+/")
    assert focused(page) == ("name", "Item, line 4") or focused(page)[0] == "name"
    cell(page, 0, "name").focus()
    page.keyboard.press("ArrowDown")
    assert focused(page)[0] == "description"


def test_pasted_rows_become_lines(page, firm):
    """7. Pasting 5 tab-separated rows makes 5 lines."""
    open_new(page)
    cell(page, 0, "name").focus()
    page.evaluate(PASTE, SHEET)

    found = lines(page)
    assert len(found) == 6
    assert [one[0] for one in found] == [
        "Cable", 'Spot "Aurora"\twarm', "Work", "Catalogue", "Travel", "",
    ]  # fmt: skip
    assert found[2] == ["Work", "1.5", "HUR", "1,234.50", "standard"]
    assert found[3][4] == "reduced"
    page.keyboard.press("Control+z")
    assert len(lines(page)) == 1


@pytest.mark.parametrize("language", ["en", "de"])
def test_both_ways_of_writing_a_number_are_read(browse, firm, language):
    """8. `1.234,50` and `1,234.50` both give 1234.50 under de and en locales; `3*85` gives 255."""
    from guilder.foundation.identity.models import User

    User.objects.filter(id=firm.user).update(language=language)
    page = browse(firm, locale="de-DE" if language == "de" else "en-GB")
    open_draft(page, firm.by)
    for text, shown in (
        ("1.234,50", {"en": "1,234.50", "de": "1.234,50"}),
        ("1,234.50", {"en": "1,234.50", "de": "1.234,50"}),
        ("1 234,5", {"en": "1,234.50", "de": "1.234,50"}),
        ("3*85", {"en": "255.00", "de": "255,00"}),
    ):
        cell(page, 0, "unit_price").fill(text)
        page.keyboard.press("Tab")
        settle(page, quiet=500)
        assert cell(page, 0, "unit_price").input_value() == shown[language]
        amount = page.locator("[data-line] .w-amount .cell").first.inner_text()
        assert amount == shown[language]


def test_an_empty_last_line_is_not_saved(page, firm):
    """6. Empty last line is not saved and not on the PDF."""
    draft = open_draft(page, firm.by)
    cell(page, 0, "name").focus()
    page.keyboard.press("Enter")
    cell(page, 0, "quantity").fill("2")
    page.keyboard.press("Control+s")
    page.locator(".toast").get_by_text("The draft is saved.").wait_for()
    page.reload()
    settle(page)

    assert len(lines(page)) == 2  # the one and an empty one
    record = queries.get_invoice(draft.id, by=firm.by)
    assert len(record.paper["lines"]) == 1
    assert record.net_amount == 20000
    document = queries.get_document(draft.id, by=firm.by, at=make.NOW)
    assert len(document.lines) == 1


def test_a_reload_in_the_middle_of_typing_loses_nothing(page, firm):
    """11. Reload in the middle of typing loses nothing older than 2 s."""
    draft = open_draft(page, firm.by)
    cell(page, 1, "name").focus()
    page.keyboard.type("Half a line without a pri")
    page.locator("#id_message").fill("Typed just now")
    time.sleep(1.9)
    page.reload()
    settle(page)

    assert lines(page)[1][0] == "Half a line without a pri"
    assert page.locator("#id_message").input_value() == "Typed just now"
    saved_paper = queries.get_invoice(draft.id, by=firm.by).paper
    assert saved_paper["notes"][0]["text"] == "Typed just now"


def test_a_new_invoice_survives_a_reload_before_it_has_a_client(page):
    open_new(page)
    type_line(page, 0, "Lighting concept", "6480", "2")
    time.sleep(1)
    page.reload()
    settle(page)

    assert lines(page)[0][:2] == ["Lighting concept", "2"]
    assert total(page) != "€0.00"


def test_offline_it_is_kept_here_and_sent_when_back(page, firm, watch):
    watch.allow("Failed to fetch|ERR_INTERNET")
    draft = open_draft(page, firm.by)
    page.context.set_offline(True)
    cell(page, 0, "quantity").fill("7")
    page.wait_for_function(
        "() => /Offline/.test(document.getElementById('saved').textContent)", timeout=5000
    )
    page.context.set_offline(False)
    saved(page)

    assert queries.get_invoice(draft.id, by=firm.by).net_amount == 70000


def test_an_item_brings_its_price_and_what_was_charged_last(page, firm):
    from guilder.registers.catalogue import operations as catalogue

    client = make.client(firm.by)
    item = catalogue.create_item(
        by=firm.by,
        data={
            "name": "Senior designer",
            "kind": "service",
            "unit": "HUR",
            "prices": [{"currency": "EUR", "amount": "128.00"}],
        },
        at=make.NOW,
    )
    make.issued_invoice(
        firm.by, client_id=client.id, lines=[make.line(item=str(item.id), unit_price="120.00")]
    )
    open_draft(page, firm.by, client_id=client.id)
    cell(page, 1, "name").focus()
    page.keyboard.type("Sen")
    option = page.locator("[data-line] .suggestions [role=option]").first
    option.wait_for()
    assert "€128.00" in option.inner_text()
    assert "last €120.00 on 20 Nov 2026" in option.inner_text()
    page.keyboard.press("Enter")

    assert lines(page)[1][:4] == ["Senior designer", "1", "HUR", "128.00"]


def test_the_editor_is_sound_for_everybody(browse, firm):
    lines_of = [make.line(name="Lighting concept", description="Lobby"), make.line()]
    draft = make.draft(firm.by, lines=lines_of)
    for options in ({}, {"dark": True}, {"width": 390, "touch": True}):
        page = browse(firm, **options)
        page.goto(f"/invoices/{draft.id}/edit/")
        settle(page)
        assert axe(page) == []
    narrow = browse(firm, width=320)
    narrow.goto(f"/invoices/{draft.id}/edit/")
    settle(narrow)
    assert overflow(narrow) == []


def test_without_script_the_form_still_saves(browse, firm):
    page = browse(firm, script=False)
    page.goto("/invoices/new/")
    page.fill("#id_client_name", "Plain Client")
    page.fill("[data-name=name] >> nth=0", "Plain work")
    page.fill("[data-name=unit_price] >> nth=0", "3*85")
    page.press("#id_order_reference", "Enter")
    page.wait_for_url("**/review/**")
    (draft,) = drafts_of(firm)

    assert draft.net_amount == 25500
    assert draft.partner_name == "Plain Client"
