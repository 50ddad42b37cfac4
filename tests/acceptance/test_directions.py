"""Languages in the browser: Arabic mirrors, figures do not, and every language is whole."""

import re

import pytest

from guilder.foundation.identity import operations as identity
from tests.acceptance import places
from tests.acceptance.browsing import assert_none, axe, overflow, resize, settle

MAIN = ["overview", "invoices", "invoice", "invoice_edit", "clients", "client", "payments"]
MAIN += ["payment_new", "settings", "settings_documents", "quotes", "items"]


# Each amount, account and address stands in a box that the words around it cannot turn round.
LOOSE = """() => {
  const kinds = [/[€$£¥]\\s?\\d|\\d\\s?[€$£¥]/, /^[A-Z]{2}\\d\\d( ?[A-Z0-9]{4}){3,}/, /\\S+@\\S+\\.\\S+/];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const out = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    if (!kinds.some((kind) => kind.test(text))) continue;
    const box = walker.currentNode.parentElement;
    if (box.closest("script, style, textarea, .tip, svg, option") || !box.checkVisibility()) continue;
    const held = box.closest("bdi, [dir], code, .num");
    if (held === document.documentElement || !held)
      out.push(`${box.tagName}.${box.className}: ${text.slice(0, 60)}`);
  }
  return out.slice(0, 8);
}"""


@pytest.fixture(scope="module")
def reader(demo):
    """A colleague in the demo who reads Arabic."""
    person = demo.colleague("admin", name="Amal")
    identity.update_user(person.user, data={"language": "ar"})
    return person


@pytest.mark.parametrize("name", MAIN)
def test_arabic_mirrors_every_page(name, shared, reader):
    """55. Arabic UI mirrors; amounts, IBANs, mails read left to right."""
    page = shared(reader)
    assert places.go(page, places.path_of(name, reader))
    settle(page)

    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("html").get_attribute("lang") == "ar"
    assert page.locator(".nav").bounding_box()["x"] > 1100
    assert page.locator("h1").first.bounding_box()["x"] > 600
    assert overflow(page) == []
    assert_none(page.evaluate(LOOSE))
    if name == "invoices":
        assert axe(page) == []
    resize(page, 390, 800)
    assert overflow(page) == []


def test_arrows_that_point_on_are_mirrored(shared, reader):
    """55. Arabic UI mirrors, arrows too."""
    page = shared(reader)
    page.goto("/invoices/")

    mirrored = page.locator("svg:has(use[href$='#right'])").evaluate_all(
        "all => all.map((one) => getComputedStyle(one).rotate + getComputedStyle(one).transform)"
    )
    assert mirrored
    assert all("-1" in one or "180deg" in one for one in mirrored), mirrored


@pytest.mark.parametrize(
    ("language", "head", "amount"),
    [
        ("de", "Rechnungen", r"\d{1,3}(\.\d{3})+,\d\d\s€"),
        ("fr", "Factures", r"\d{1,3}([\u202f\u00a0]\d{3})+,\d\d\s€"),
        ("es", "Facturas", r"\d{1,3}(\.\d{3})+,\d\d\s€"),
        ("nl", "Facturen", r"€\s\d{1,3}(\.\d{3})+,\d\d"),
        ("en", "Invoices", r"€\d{1,3}(,\d{3})+\.\d\d"),
    ],
)
def test_a_list_in_every_language_has_its_words_and_figures(language, head, amount, browse, demo):
    person = demo.colleague("admin", name="Lin")
    identity.update_user(person.user, data={"language": language})
    page = browse(person)
    page.goto("/invoices/")

    assert page.locator("h1").first.inner_text() == head
    assert page.locator("html").get_attribute("lang") == language
    assert re.search(amount, page.locator("main").inner_text())


def test_a_fault_is_told_in_the_readers_language(browse, new_firm):
    firm = new_firm(language="de")
    page = browse(firm)
    page.goto("/clients/new/")
    page.fill("#id_name", "Sehr lang")
    page.fill("#id_email", "keine Adresse")
    page.locator("[data-primary]").first.click()
    page.locator(".summary").wait_for()

    assert "Geben Sie eine E-Mail-Adresse ein" in page.locator(".summary").inner_text()
    assert page.title().startswith("Fehler:")
