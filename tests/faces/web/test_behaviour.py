"""The pages' own script in a real browser, on the sample pages under the real policy."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt install chromium"),
]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The sample pages, served."""
    port = _free_port()
    command = [sys.executable, str(ROOT / "frontend/preview/serve.py"), str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        base = f"http://127.0.0.1:{port}"
        for _attempt in range(100):
            try:
                urllib.request.urlopen(f"{base}/p/404/", timeout=5)
                break
            except OSError:
                time.sleep(0.1)
        yield base
        server.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page that must leave its console empty."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    opened = context.new_page()
    said: list[str] = []
    opened.on(
        "console",
        lambda message: said.append(message.text) if message.type in ("error", "warning") else None,
    )
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    context.close()
    assert said == []


def _focused(page: Any, attribute: str) -> str:
    return page.evaluate(f"document.activeElement.getAttribute({attribute!r})")


def _names(page: Any) -> list[str]:
    return page.locator("[data-line] [data-name=name]").evaluate_all("all => all.map(a => a.value)")


def test_the_theme_is_switched_and_kept(site, page):
    page.goto(f"{site}/p/overview/")
    page.locator(".bar [data-do=theme]").click()

    page.reload()

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_palette_sifts_and_goes(site, page):
    page.goto(f"{site}/p/overview/")
    page.keyboard.press("Control+k")
    page.keyboard.type("setti")
    page.locator("#palette-hits [role=option]").first.wait_for()

    labels = page.locator("#palette [data-sift] a:visible").all_inner_texts()
    assert [label.split("\n")[0] for label in labels] == ["Settings"]

    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/settings/")


def test_single_keys_walk_a_list_and_rest_in_fields(site, page):
    page.goto(f"{site}/p/invoices/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert "Hotel Alpenglühn AG" in page.evaluate(
        "document.activeElement.closest('tr').textContent"
    )

    page.keyboard.press("/")
    page.keyboard.type("jc")

    assert page.locator("#filter-q").input_value() == "jc"
    assert page.url.startswith(f"{site}/p/invoices/")


def test_keys_in_a_row_go_to_a_place_and_can_be_switched_off(site, page):
    page.goto(f"{site}/p/overview/")
    page.keyboard.press("?")
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_timeout(200)
    assert page.url == f"{site}/p/overview/"

    page.locator("[popovertarget=help]").click()
    page.locator("#help [data-target=keys]").click()
    page.locator("#keys-on").check()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url(f"{site}/invoices/")


def test_a_menu_opens_beside_its_button_and_is_walked_by_arrows(site, page):
    page.goto(f"{site}/p/invoices/")
    button = page.locator("button[popovertarget=acts-INV-2026-00184]")
    button.click()
    menu = page.locator("#acts-INV-2026-00184")
    at, below = button.bounding_box(), menu.bounding_box()

    assert at["y"] < below["y"] < at["y"] + 60
    assert below["x"] + below["width"] <= 1440

    page.keyboard.press("ArrowDown")
    assert "Record payment" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Escape")
    assert not menu.is_visible()


def test_enter_makes_the_next_line_and_tab_walks_the_cells(site, page):
    page.goto(f"{site}/p/editor/")
    quantity = page.locator("[data-line] [data-name=quantity]").first
    quantity.focus()
    page.keyboard.press("Enter")
    assert _focused(page, "data-name") == "name"
    assert _names(page)[1] == ""

    walked = []
    for _step in range(5):
        page.keyboard.press("Tab")
        walked.append(_focused(page, "data-name"))

    assert walked == ["description", "quantity", "unit", "unit_price", "tax"]
    assert _focused(page, "aria-label") == "Tax, line 2"


def test_an_empty_last_line_always_exists(site, page):
    page.goto(f"{site}/p/editor/")
    page.locator("[data-line] [data-name=name]").last.fill("Travel")

    assert _names(page)[-2:] == ["Travel", ""]


def test_alt_arrows_move_a_line_and_control_d_copies_it(site, page):
    page.goto(f"{site}/p/editor/")
    page.locator("[data-line] [data-name=unit_price]").nth(1).focus()
    page.keyboard.press("Alt+ArrowUp")
    assert _names(page)[:2] == ["Senior lighting designer", "Lighting concept and 3D study"]
    assert _focused(page, "data-name") == "unit_price"

    page.keyboard.press("Control+d")

    assert _names(page)[:2] == ["Senior lighting designer", "Senior lighting designer"]
    units = page.locator("[data-line] [data-name=unit]").evaluate_all(
        "all => all.map(a => a.value)"
    )
    assert units[:2] == ["HUR", "HUR"]


def test_pasted_rows_become_lines(site, page):
    page.goto(f"{site}/p/editor/")
    page.locator("[data-line] [data-name=name]").last.focus()
    page.evaluate(
        """() => {
        const data = new DataTransfer();
        data.setData('text/plain', 'Cable\\t10\\t3.50\\nSpot\\t2\\t58.90\\n');
        const paste = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
        document.activeElement.dispatchEvent(paste);
        }"""
    )

    assert _names(page)[-3:] == ["Cable", "Spot", ""]
    prices = page.locator("[data-line] [data-name=unit_price]").evaluate_all(
        "all => all.map(a => a.value)"
    )
    assert prices[-3:] == ["3.50", "58.90", ""]


def test_a_chosen_item_fills_its_line(site, page):
    page.goto(f"{site}/p/editor/")
    page.locator("[data-line] [data-name=name]").last.press_sequentially("Sen")
    page.locator(".suggestions [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    row = page.locator("[data-line]").nth(4)

    assert row.locator("[data-name=name]").input_value() == "Senior lighting designer"
    assert row.locator("[data-name=unit_price]").input_value() == "128.00"
    assert row.locator("[data-name=unit]").input_value() == "HUR"
    assert row.locator("[data-name=item]").input_value() == "1"


def test_typing_another_client_forgets_the_chosen_one(site, page):
    page.goto(f"{site}/p/editor/")
    assert page.locator("#id_client").input_value() != ""

    page.locator("#id_client_name").press_sequentially("x")

    assert page.locator("#id_client").input_value() == ""


def test_the_figures_are_asked_once_typing_rests_and_focus_stays(site, page):
    page.goto(f"{site}/p/editor/")
    asked = []
    page.on("request", lambda request: asked.append(request) if "figures" in request.url else None)
    field = page.locator("[data-line] [data-name=quantity]").first
    field.select_text()
    page.locator("#totals").evaluate("element => element.replaceChildren()")
    page.keyboard.type("1234", delay=20)
    page.locator("#totals .total").wait_for()

    assert len(asked) == 1
    assert "lines-a-quantity=1234" in asked[0].post_data
    assert _focused(page, "data-name") == "quantity"
    assert page.locator("#amount-b").inner_text() == "8,192.00"


def test_control_enter_presses_the_main_button_and_enter_in_a_line_does_not(site, page):
    page.goto(f"{site}/p/draft/")
    page.keyboard.press("Control+Enter")
    assert page.locator("#ask-issue").evaluate("dialog => dialog.matches(':modal')")

    page.keyboard.press("Escape")
    assert not page.locator("#ask-issue").is_visible()


def test_a_dialog_without_script_is_a_page_state(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/p/draft-asked/")

    assert page.locator("#ask-issue").is_visible()
    assert page.locator("#ask-issue button[name=send]").count() == 2
    context.close()


def test_a_refused_form_puts_focus_on_its_summary_and_says_so_in_the_title(site, page):
    page.goto(f"{site}/p/client-edit/")

    assert page.title().startswith("Error: ")
    assert "There is a problem" in page.evaluate("document.activeElement.textContent")
    page.locator(".summary a").first.click()
    assert _focused(page, "id") == "id_name"
    assert page.locator("#id_vat_id").get_attribute("aria-invalid") == "true"


def test_a_toast_goes_by_itself(site, page):
    page.clock.install()
    page.goto(f"{site}/p/overview/?toast=Saved.")
    assert page.locator(".toast [data-text]").inner_text() == "Saved."

    page.clock.run_for(8500)

    assert page.locator(".toast").count() == 0


@pytest.mark.parametrize("name", ["swagger", "redoc"])
def test_the_api_pages_ask_no_foreign_host_and_break_no_policy(site, page, name):
    foreign = []
    page.on(
        "request",
        lambda request: (
            foreign.append(request.url) if not request.url.startswith((site, "data:")) else None
        ),
    )

    page.goto(f"{site}/p/{name}/", wait_until="networkidle")

    page.get_by_text("List invoices").filter(visible=True).first.wait_for()
    assert foreign == []


def test_redoc_searches_with_its_worker(site, page):
    page.goto(f"{site}/p/redoc/", wait_until="networkidle")

    assert page.locator(".menu-content").bounding_box()["width"] == 260  # it is styled
    page.locator("input[type=text]").first.press_sequentially("invoices")

    page.locator("[data-role='search:results'] li").first.wait_for(timeout=5000)


def test_arabic_turns_the_page_around(site, browser):
    context = browser.new_context(locale="ar", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{site}/p/invoices/")

    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator(".nav").bounding_box()["x"] > 1000
    assert page.evaluate("document.documentElement.scrollWidth") == 1440
    context.close()
