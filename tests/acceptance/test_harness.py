"""The harness itself: it sees what it should, and would fail if it did not."""

import gzip
import json
from pathlib import Path

import pytest

from guilder.office.dispatch.operations import sending
from tests import make
from tests.acceptance.browsing import AXE, axe, count, overflow, settle

ROOT = Path(__file__).resolve().parents[2]


def test_a_signed_in_page_shows_the_firm(page, firm):
    page.goto("/")
    settle(page)

    assert firm.name in page.locator(".nav").inner_text()


def test_the_demo_is_there_and_its_words_open_it(house, browse, demo):
    page = browse()
    page.goto("/sign-in/")
    page.fill("#id_email", "demo@guilder.example")
    page.fill("[name=password]", "guilder-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{house.base}/")

    assert demo.name in page.locator(".nav").inner_text()


def test_fields_clicks_and_keys_are_counted(browse):
    page = browse()
    counted = count(page)
    page.goto("/sign-in/")
    page.locator("#id_email").click()
    page.keyboard.type("ab")
    page.fill("[name=password]", "x")
    page.keyboard.press("Enter")  # presses the button: a key, no click
    page.locator(".summary").wait_for()

    assert (len(counted.fields), counted.clicks, counted.keys) == (2, 1, 3)


def test_what_a_page_complains_about_would_fail_a_test(house, browse, watch):
    page = browse()
    page.goto("/sign-in/")
    page.evaluate("console.error('broken')")
    page.evaluate("fetch('http://127.0.0.1:9/').catch(() => 0)")
    with pytest.raises(Exception, match="ERR_"):
        page.goto("http://127.0.0.1:9/")
    said = watch.complaints()
    watch.said.clear()

    assert "console: broken" in said
    assert "foreign: http://127.0.0.1:9/" in said
    assert any("connect-src" in one for one in said)
    watch.said.append("console: known trouble")
    watch.allow("known")
    assert watch.complaints() == []


def test_axe_and_the_ruler_find_what_is_planted(browse):
    page = browse(width=320)
    page.goto("/sign-in/")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', "
        "'<img src=\"data:,\" id=planted width=900>')"
    )

    assert any(line.startswith("image-alt") and "planted" in line for line in axe(page))
    assert overflow(page)[0].startswith("page is ")


def test_axe_here_is_the_one_of_the_lock_file():
    lock = json.loads((ROOT / "frontend/package-lock.json").read_text())
    version = lock["packages"]["node_modules/axe-core"]["version"]

    assert f"axe v{version}" in gzip.decompress(AXE.read_bytes()).decode()[:200]


def test_mail_reaches_the_mailbox(house, firm):
    invoice = make.issued_invoice(firm.by)

    sending.send_paper(invoice.id, by=firm.by, to=["buyer@example.test"], at=make.NOW)

    mail = house.mailed(lambda one: one.recipients == ["buyer@example.test"])
    assert invoice.number in str(mail.message["Subject"])
