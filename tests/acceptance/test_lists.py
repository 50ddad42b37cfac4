"""The lists in a real browser: state in the address, selection, sums, files, print, no script."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from guilder.faces.web.lists import PAGE
from tests.acceptance import people
from tests.acceptance.browsing import LOOKS, WIDTHS, assert_none, faults, overflow, resize, settle

NAMES = ("=cmd|' /C calc'!A0 GmbH", "Nordlicht Studio", "Ünterföhring & Söhne <b>KG</b>")
ISSUED = 120


@pytest.fixture(scope="module")
def full(house: Any) -> people.Firm:
    """A firm with 120 issued invoices and drafts in four currencies."""
    from guilder.books.invoicing import operations as invoicing
    from tests import make

    firm = people.new_firm("Harbour & Sons")
    clients = [make.client(firm.by, name=name) for name in NAMES]
    at = datetime.now(UTC)
    for start in range(0, ISSUED, 40):
        data = [
            {
                "client": str(clients[n % 3].id),
                "currency": "EUR",
                "lines": [make.line(quantity=str(n + 1))],
            }
            for n in range(start, start + 40)
        ]
        invoicing.create_and_issue_many(data, by=firm.by, at=at)
    for currency, price in (("JPY", "1500"), ("KWD", "1.234"), ("CHF", "99.95")):
        line = make.line(unit_price=price)
        data = {"client": str(clients[0].id), "currency": currency, "lines": [line]}
        invoicing.create_draft(by=firm.by, data=data, at=at)
    return firm


def numbers(page: Any) -> list[str]:
    """The first cell of each row."""
    return page.locator("#list tbody td:nth-child(2)").all_inner_texts()


def go(page: Any, path: str) -> None:
    """Open a page and wait for it to rest."""
    page.goto(path)
    settle(page)


def test_the_address_holds_the_whole_list(full, browse):
    """21. Filter, sort, columns, page are in the URL; opening it elsewhere gives the same list."""
    page = browse(full)
    go(page, "/invoices/")
    page.fill("#filter-q", "Nordlicht")
    settle(page, quiet=400)
    page.get_by_role("link", name="Total", exact=True).click()
    settle(page)
    page.locator("[popovertarget=columns]").click()
    page.locator("#col-net").click()
    settle(page)
    page.keyboard.press("Escape")
    page.locator("#down-client, [popovertarget=columns]").first.wait_for(state="attached")

    assert "q=Nordlicht" in page.url
    assert "sort=-gross" in page.url
    assert "cols=" in page.url
    heads = page.locator("#list thead th").all_inner_texts()
    rows = numbers(page)
    assert len(rows) == PAGE
    assert "Net" in heads
    assert page.locator("th[aria-sort=descending]").inner_text().strip() == "Total"

    other = browse(full)
    go(other, page.url)
    assert numbers(other) == rows
    assert other.locator("#list thead th").all_inner_texts() == heads


def test_the_page_is_in_the_address_too(full, browse):
    """21. Filter, sort, columns, page are in the URL; opening it elsewhere gives the same list."""
    page = browse(full)
    go(page, "/invoices/?sort=number")
    page.locator("#older").click()
    settle(page)
    second = numbers(page)

    other = browse(full)
    go(other, page.url)

    assert numbers(other) == second
    page.go_back()
    settle(page)
    assert numbers(page) != second


def test_older_and_newer_meet_every_row_once(full, browse):
    """20. Invoice list: Older at any depth (its time among 1,000,000 is benchmarks/pages.py)."""
    page = browse(full)
    go(page, "/invoices/?sort=-number")
    seen = numbers(page)
    while page.locator("a#older").count():
        page.locator("#older").click()
        settle(page)
        seen += numbers(page)

    issued = [one for one in seen if one.startswith("INV-")]
    assert len(issued) == len(set(issued)) == ISSUED
    assert issued == sorted(issued, reverse=True)
    assert len(seen) == ISSUED + 3


def test_a_saved_view_keeps_what_was_chosen_and_the_team_sees_it(full, browse):
    """22. Saved view keeps filter, columns, sort; visible to team if shared."""
    page = browse(full)
    go(page, "/invoices/?q=Nordlicht&sort=-gross&cols=client,total,kind&density=compact")
    rows, heads = numbers(page), page.locator("#list thead th").all_inner_texts()
    page.locator("[popovertarget=save-view]").click()
    page.fill("#view-name", "Big ones of Nordlicht")
    page.locator("#view-shared").check()
    page.locator("#save-view button[value=save]").click()
    settle(page)

    assert re.search(r"view=[0-9a-f-]{36}$", page.url)
    tab = page.locator(".views a[aria-current]")
    assert tab.inner_text().split("\n")[0].startswith("Big ones of Nordlicht")
    assert numbers(page) == rows

    mate = browse(full.colleague("accountant"))
    go(mate, "/invoices/")
    mate.get_by_role("link", name=re.compile("Big ones of Nordlicht")).click()
    settle(mate)
    assert numbers(mate) == rows
    assert mate.locator("#list thead th").all_inner_texts() == heads
    assert "compact" in (mate.locator("#list").get_attribute("class") or "")


def test_selection_outlives_sort_page_and_filter(full, browse):
    """23. Selection survives sort and Older/Newer; "Select all n" selects exactly n."""
    page = browse(full)
    go(page, "/invoices/?q=Nordlicht")
    first = page.locator("[data-tick]").nth(1)
    name = first.get_attribute("value")
    first.check()
    settle(page)
    go(page, "/invoices/")
    page.locator("#older").click()
    settle(page)
    page.locator("[data-tick]").nth(0).check()
    settle(page)
    assert page.locator("[data-selected]").inner_text() == "2 selected"

    page.get_by_role("link", name="Total", exact=True).click()
    settle(page)
    assert page.locator("[data-selected]").inner_text() == "2 selected"
    go(page, "/invoices/?q=Nordlicht")
    assert page.locator(f"[data-tick][value='{name}']").is_checked()


def test_select_all_selects_exactly_what_the_filter_finds(full, browse):
    """23. Selection survives sort and Older/Newer; "Select all n" selects exactly n."""
    page = browse(full)
    go(page, "/invoices/?q=Nordlicht")
    page.locator("[data-tick]").nth(0).check()
    settle(page)
    page.get_by_role("button", name=f"Select all {ISSUED // 3}").click()
    settle(page)
    assert page.locator("[data-selected]").inner_text() == f"{ISSUED // 3} selected"
    page.locator("[data-tick]").nth(2).uncheck()
    settle(page)
    assert page.locator("[data-selected]").inner_text() == f"{ISSUED // 3 - 1} selected"

    page.locator("[popovertarget=bulk-more]").click()
    with page.expect_download() as got:
        page.locator("button[value=export-csv]").click()
    lines = list(csv.reader(io.StringIO(got.value.path().read_text(encoding="utf-8-sig"))))
    assert len(lines) - 1 == ISSUED // 3 - 1
    assert {line[1] for line in lines[1:]} == {"Nordlicht Studio"}


def exported(page: Any, query: str) -> list[dict[str, str]]:
    """The CSV of a list, a row each."""
    answer = page.request.get(f"/invoices/export/?format=csv&{query}")
    assert answer.status == 200
    return list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"))))


def footer(page: Any) -> dict[str, dict[str, Decimal]]:
    """The sums under the list, as their buttons copy them: label → written amount → amount."""
    found: dict[str, dict[str, Decimal]] = {}
    for part in page.locator(".pager .sum").all():
        label = part.locator("span").first.inner_text()
        buttons = part.locator("button")
        found[label] = {
            one.inner_text(): Decimal(one.get_attribute("data-copy")) for one in buttons.all()
        }
    return found


@pytest.mark.parametrize(
    "query", ["", "q=Nordlicht", "status=draft", "amount_min=5000&currency=EUR", "view=open"]
)
def test_the_sums_are_those_of_the_export(full, browse, query):
    """24. Footer sums equal the export's sums, per currency, for any filter."""
    page = browse(full)
    go(page, f"/invoices/?{query}")
    rows = exported(page, query)

    shown = footer(page)

    for label in ("Total", "Open"):
        sums: dict[str, Decimal] = {}
        for row in rows:
            if row[label]:
                sums[row["Currency"]] = sums.get(row["Currency"], Decimal(0)) + Decimal(row[label])
        known = sorted(value for value in sums.values() if value)
        assert sorted(shown.get(label, {}).values()) == known
    assert page.locator(".pager .count").inner_text().split()[0] == str(len(rows))


def test_csv_opens_with_right_columns_and_runs_nothing(full, browse):
    """25. CSV export opens with right columns and no formula injection (=, +, @ prefixed)."""
    page = browse(full)

    rows = exported(page, "cols=client,status,issued,total")

    assert list(rows[0]) == ["Number", "Client", "Status", "Issued", "Total", "Currency"]
    names = {row["Client"] for row in rows}
    assert f"'{NAMES[0]}" in names
    assert not [value for row in rows for value in row.values() if value[:1] in "=+@\t\r" and value]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", rows[-1]["Issued"])
    assert re.fullmatch(r"\d+\.\d\d", rows[-1]["Total"])


def test_xlsx_holds_numbers_and_text_that_stays_text(full, browse, tmp_path):
    """25. The workbook has real numbers, and a name that looks like a formula is text."""
    import zipfile

    page = browse(full)
    answer = page.request.get("/invoices/export/?format=xlsx&q=cmd")
    place = tmp_path / "list.xlsx"
    place.write_bytes(answer.body())

    with zipfile.ZipFile(place) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()

    assert "<f>" not in sheet
    assert "=cmd|" in sheet
    assert re.search(r'<c r="F2" s="\d+"><v>[\d.]+</v>', sheet)


def test_a_swap_tells_the_count_once(full, browse):
    """50. Every swap of a list announces its count once."""
    page = browse(full)
    go(page, "/invoices/")
    page.evaluate(
        """() => { window.said = [];
        new MutationObserver(() => window.said.push(document.getElementById("live").textContent))
          .observe(document.getElementById("live"), { childList: true, characterData: true, subtree: true }); }"""
    )
    page.fill("#filter-q", "Nordlicht")
    settle(page, quiet=400)
    page.get_by_role("link", name="Drafts").click()
    settle(page)

    said = [one.strip() for one in page.evaluate("window.said")]
    assert said == [f"{ISSUED // 3} invoices", "3 invoices"]


def test_money_stands_right_and_even(full, browse):
    """57. Money right-aligned, tabular, same decimals per currency (JPY 0, KWD 3)."""
    page = browse(full)
    go(page, "/invoices/?view=drafts")

    cells = page.locator("td.r bdi.num")
    words = set(cells.all_inner_texts())

    assert any(re.fullmatch(r"JPY\s1,785|¥1,785", one) for one in words)
    assert any(re.fullmatch(r"KWD\s1\.\d{3}", one) for one in words)
    assert any(re.fullmatch(r"CHF\s\d+\.\d\d", one) for one in words)
    style = cells.first.evaluate(
        "e => [getComputedStyle(e).fontVariantNumeric, getComputedStyle(e.closest('td')).textAlign]"
    )
    assert "tabular-nums" in style[0]
    assert style[1] == "end"


def test_print_is_the_list_alone(full, browse):
    """59. Print of list and report: no navigation, heads repeated."""
    page = browse(full)
    go(page, "/invoices/")
    page.emulate_media(media="print")

    for part in (".nav", ".bar", ".viewbar", ".toolbar", ".tabbar", ".pager .end"):
        assert not page.locator(part).first.is_visible(), part
    assert page.locator("#list thead").evaluate("e => getComputedStyle(e).display") == (
        "table-header-group"
    )
    assert page.locator("#list .badge").first.is_visible()
    assert page.locator("#list [data-tick]").first.is_hidden()


def test_lists_work_without_script(full, browse):
    """61. JavaScript off: lists work: filter, sort, page, columns, acts on what is ticked."""
    page = browse(full, script=False)
    page.goto("/invoices/")
    page.fill("#filter-q", "Nordlicht")
    page.locator("form.tools noscript button").click()
    assert "q=Nordlicht" in page.url
    assert len(numbers(page)) == PAGE
    page.get_by_role("link", name="Number", exact=True).click()
    assert "sort=" in page.url
    page.goto("/invoices/")
    page.locator("#older").click()
    assert len(numbers(page)) == PAGE
    page.goto("/invoices/?view=drafts")
    page.locator("[data-tick]").first.check()
    page.get_by_role("button", name="Delete drafts").click()
    assert page.get_by_role("heading", name="Delete 1 draft?").is_visible()
    page.get_by_role("link", name="Not yet").click()
    assert len(numbers(page)) == 3


def test_keys_tick_and_open_rows(full, browse):
    """4. J and K move, X selects, Shift+X a range, Enter opens."""
    page = browse(full)
    go(page, "/invoices/?sort=-number&q=INV")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    settle(page)
    assert page.locator("[data-selected]").inner_text() == "3 selected"

    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/invoices/[0-9a-f-]{36}/"))


def test_acts_on_many_say_what_they_left_out(new_firm, browse):
    """23. One request acts on all that is selected; what is refused is told, with its reason."""
    from tests import make

    firm = new_firm()
    drafts = [make.draft(firm.by) for _ in range(2)]
    make.draft(firm.by, lines=[])
    page = browse(firm)
    go(page, "/invoices/")
    page.locator("[data-tick-page]").check()
    settle(page)
    page.get_by_role("button", name="Issue", exact=True).click()
    page.locator("#bulk-issue[open] button[data-sure]").click()
    settle(page)

    assert page.locator(".leftout li").count() == 1
    assert page.locator(".toast").first.inner_text().startswith("2 invoices are issued.")
    assert len([one for one in numbers(page) if one.startswith("INV-")]) == len(drafts)
    assert page.locator("[data-selected]").count() == 0


@pytest.mark.parametrize("place", [0, 1])
def test_nothing_breaks_at_any_width(full, browse, place):
    """51. 390 px and 320 px: no sideways scroll of the page, also with the bar and panels open."""
    page = browse(full, width=LOOKS[place][0])
    go(page, "/invoices/?status=overdue,sent&issued=this_year&amount_min=1")
    page.locator("[popovertarget=filters]").click()
    assert_none(faults(page, place, widths=(LOOKS[place][0],)))
    page.keyboard.press("Escape")
    go(page, "/invoices/")
    page.locator("[data-tick]").first.check()
    settle(page)
    assert_none(faults(page, place))


@pytest.mark.parametrize("path", ["/invoices/", "/clients/", "/credit-notes/"])
def test_no_list_is_wider_than_its_window(full, browse, path):
    """51. 390 px and 320 px: no sideways scroll of the page."""
    page = browse(full)
    go(page, path)

    for width in WIDTHS:
        resize(page, width)
        assert_none(overflow(page))


def soon(days: int) -> str:
    """A day from now, ISO."""
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def test_a_range_of_days_is_typed_and_kept(full, browse):
    """21. A filter set in the panel is in the URL, in a form that means the same tomorrow."""
    page = browse(full)
    go(page, "/invoices/")
    page.locator("[popovertarget=filters]").click()
    page.locator("#filter-due summary").click()
    page.fill("#due-from", "+5")
    page.keyboard.press("Tab")
    settle(page, quiet=400)

    assert f"due_from={soon(5)}" in page.url
    assert page.locator(".chip", has_text="Due").count() == 1
