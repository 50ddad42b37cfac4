"""The story of one invoice in a real browser, against a whole Guilder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt install chromium"),
]
OWN = ("DATABASE_URL", "GUILDER_OWNER_DATABASE_URL", "DJANGO_SETTINGS_MODULE", "GUILDER_HOME")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty installation, ready for the first visitor."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path_factory.mktemp("home")
    environment = {name: value for name, value in os.environ.items() if name not in OWN}
    guilder = str(Path(sys.executable).parent / "guilder")
    with subprocess.Popen(
        [guilder, "up", "--port", str(port), "--no-demo"],
        cwd=home,
        env=environment | {"GUILDER_HOME": str(home / "data")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        said = []
        for line in process.stdout or ():
            said.append(line)
            if "Guilder is ready at" in line:
                break
        else:
            pytest.fail("".join(said))
        yield f"http://127.0.0.1:{port}"
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


@pytest.fixture
def page(site: str) -> Iterator[Any]:
    """A page whose console must stay empty, and which asks nobody but the site."""
    from playwright.sync_api import sync_playwright

    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 1440, "height": 900})
        opened.on(
            "console",
            lambda one: said.append(one.text) if one.type in ("error", "warning") else None,
        )
        opened.on("pageerror", lambda error: said.append(str(error)))
        opened.on(
            "request",
            lambda one: (
                None if one.url.startswith((site, "data:")) else said.append(f"foreign: {one.url}")
            ),
        )
        yield opened
        browser.close()
    assert said == []


def test_from_the_first_visit_to_a_paid_invoice(site: str, page: Any) -> None:
    page.goto(site)
    page.wait_for_url(f"{site}/setup/")
    page.fill("[name=name]", "Ida Brandt")
    page.fill("[name=email]", "ida@harbour.example")
    page.fill("[name=password]", "a long and quiet harbour")
    page.click("form [data-primary]")
    page.wait_for_url(f"{site}/setup/company/")
    page.fill("[name=company]", "Harbour Light GmbH")
    page.select_option("[name=country]", "DE")
    page.click("form [data-primary]")
    page.wait_for_url(f"{site}/setup/start/")

    page.goto(f"{site}/settings/")
    page.fill("[name=line1]", "Hafenstraße 7")
    page.fill("[name=postal_code]", "20457")
    page.fill("[name=city]", "Hamburg")
    page.fill("[name=vat_id]", "DE136695976")
    page.fill("[name=iban]", "DE89370400440532013000")
    page.click("header [data-primary]")
    page.wait_for_load_state("networkidle")

    page.goto(site)
    page.keyboard.press("c")
    page.wait_for_url(f"{site}/invoices/new/")
    page.fill("#id_client_name", "Polder Fresh BV")
    page.locator("[data-line] [data-name=name]").first.fill("Lighting concept")
    page.locator("[data-line] [data-name=quantity]").first.fill("2,5")
    with page.expect_response("**/invoices/figures/"):
        page.locator("[data-line] [data-name=unit_price]").first.fill("1.234,50")
    page.locator("#totals .total", has_text="€3,672.64").wait_for()  # 3,086.25 and 19 %
    page.locator("#preview img").wait_for()

    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/?ask=issue")
    page.locator("#ask-issue button.primary").click()
    page.locator("h1", has_text="00001").wait_for(state="attached")
    address = page.locator("a[data-key=d]").get_attribute("href")
    pdf = page.request.get(f"{site}{address}")
    assert pdf.body()[:5] == b"%PDF-"

    page.keyboard.press("p")
    page.wait_for_url("**/payments/new/?invoice=*")
    page.locator("#id_reference").wait_for()
    page.locator("header [data-primary]").click()
    page.locator("#status", has_text="Paid in full on").wait_for()
