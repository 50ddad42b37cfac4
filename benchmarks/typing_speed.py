"""Typing into the editor in a real browser: when a key's figure stands, and the preview."""

import re
import shutil
from typing import Any

from benchmarks.houses import House
from benchmarks.record import Result, result

FIGURE, PREVIEW = 50.0, 600.0  # milliseconds
DIGITS = "1234567891234567"
ROUNDS = 4
# The clock starts with the key's own time and stops when what it changed has been drawn.
FIGURES = """() => {
  window.__figures = [];
  let at = 0;
  const of = (node) => node.closest ? node : node.parentElement;
  document.addEventListener("keydown", (event) => { at = event.timeStamp; }, true);
  new MutationObserver((changes) => {
    if (!at || !changes.some((one) => of(one.target)?.closest("#totals"))) return;
    const began = at;
    at = 0;
    requestAnimationFrame(() => {
      const drawn = new MessageChannel();
      drawn.port1.onmessage = () => window.__figures.push(performance.now() - began);
      drawn.port2.postMessage(0);
    });
  }).observe(document.body, {
    childList: true, characterData: true, subtree: true,
  });
}"""
PREVIEWS = """() => {
  window.__preview = 0;
  let at = 0;
  document.addEventListener("keydown", (event) => { at = event.timeStamp; }, true);
  let last = document.querySelector("#preview img").src;
  new MutationObserver(async () => {
    const picture = document.querySelector("#preview img");
    if (!picture || picture.src === last) return;
    last = picture.src;
    await picture.decode();
    window.__preview = performance.now() - at;
  }).observe(document.body, {
    childList: true, attributes: true, subtree: true,
  });
}"""


def measure(house: House) -> list[Result]:
    """A key to its figure and to the preview, each the best of some rounds."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        base = f"http://127.0.0.1:{house.port}"
        context = browser.new_context(base_url=base, viewport={"width": 1440, "height": 900})
        context.add_cookies(
            [{"name": name, "value": value, "url": base} for name, value in house.cookies.items()]
        )
        page = context.new_page()
        price = a_price(page)
        figure = [key_to_figure(page, price) for _ in range(ROUNDS)]
        preview = [key_to_preview(page, price, str(one)) for one in range(ROUNDS)]
        browser.close()
    return [
        result(
            "pages.editor.key_to_figure", ours=[min(figure)], reference=[FIGURE], target="≤ 1",
            reference_is="what a key may take to be drawn; p95 in the best of some rounds",
        ),
        result(
            "pages.editor.key_to_preview", ours=[min(preview)], reference=[PREVIEW], target="≤ 1",
            reference_is="what the preview may take after a key; the best of some rounds",
        ),
    ]  # fmt: skip


def a_price(page: Any) -> Any:
    """The price of a line in the editor of a draft."""
    page.goto("/invoices/?view=drafts")
    address = page.locator("#list [data-row] a").first.get_attribute("href")
    page.goto(f"{re.sub('edit/$', '', address)}edit/")
    page.locator("#preview img").first.wait_for()
    page.evaluate(FIGURES)
    page.evaluate(PREVIEWS)
    return page.locator("[data-lines] tbody [data-line] [data-name=unit_price]").first


def key_to_figure(page: Any, price: Any) -> float:
    """The p95 of a price's digits, one after the other."""
    price.fill("")
    page.wait_for_timeout(1500)
    page.evaluate("window.__figures = []")
    for digit in DIGITS[:8]:
        page.keyboard.press(digit)
        page.wait_for_timeout(120)
    page.wait_for_timeout(100)
    taken = sorted(page.evaluate("window.__figures"))
    if len(taken) < 6:
        raise RuntimeError(f"Only {len(taken)} keys changed a figure.")
    return taken[round(len(taken) * 0.95) - 1]


def key_to_preview(page: Any, price: Any, digit: str) -> float:
    """One key until the new picture can be drawn."""
    price.fill(f"1{digit}")
    page.wait_for_timeout(2500)
    page.evaluate("window.__preview = 0")
    page.keyboard.press("7")
    page.wait_for_function("() => window.__preview > 0")
    return page.evaluate("window.__preview")
