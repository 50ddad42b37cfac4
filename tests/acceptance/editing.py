"""What tests of the editor do and read."""

from typing import Any

from tests import make
from tests.acceptance.browsing import settle

PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""
CELLS = ("name", "quantity", "unit", "unit_price", "tax")


def lines(page: Any) -> list[list[str]]:
    """Name, quantity, unit, price and tax of every row, the empty last one included."""
    return page.locator("[data-lines] tbody [data-line]").evaluate_all(
        "(rows, cells) => rows.map(row => cells.map("
        "name => row.querySelector(`[data-name=${name}]`).value))",
        list(CELLS),
    )


def cell(page: Any, row: int, name: str) -> Any:
    """A cell of the grid; rows count from 0."""
    return page.locator("[data-lines] tbody [data-line]").nth(row).locator(f"[data-name={name}]")


def focused(page: Any) -> tuple[str, str]:
    """(cell name or id, label) of what has focus."""
    return tuple(
        page.evaluate(
            "() => { const at = document.activeElement;"
            " return [at.dataset.name || at.id, at.getAttribute('aria-label') || '']; }"
        )
    )


def total(page: Any) -> str:
    """The total as it is shown."""
    return page.locator("#totals .total bdi").inner_text()


def saved(page: Any) -> None:
    """Until the server has kept what is typed."""
    page.wait_for_function(
        "() => document.getElementById('saved').dataset.state === 'saved'", timeout=8000
    )


def open_new(page: Any) -> None:
    """The editor of a new invoice."""
    page.goto("/invoices/new/")
    settle(page)


def open_draft(page: Any, by: Any, **changes: Any) -> Any:
    """The editor of a draft that is stored already."""
    draft = make.draft(by, **changes)
    page.goto(f"/invoices/{draft.id}/edit/")
    settle(page)
    return draft


def type_line(page: Any, row: int, name: str, price: str, quantity: str = "") -> None:
    """Write one line by keys."""
    cell(page, row, "name").focus()
    page.keyboard.type(name)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    page.keyboard.type(quantity)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type(price)
