"""Built page over mock-up: named anchors of the drawn screens stand within 4 px of where they were drawn."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance import places
from tests.acceptance.browsing import Browse, settle

ROOT = Path(__file__).resolve().parents[2]
DRAWN = Path(os.environ.get("GUILDER_SHARED", ROOT.parent / "shared")) / "design"
NEAR = 4  # px


@dataclass(frozen=True, slots=True)
class Anchor:
    """One thing in both: `held` names what is compared of x, y, width, height; the rest is content's."""

    name: str
    ours: str
    drawn: str = ""
    held: str = "xywh"


A = Anchor
SHELL = (
    A("navigation", ".nav"),
    A("organization", ".nav .org"),
    A("first place", ".nav .nav-group li a"),
    A("second group", ".nav-group + .nav-group h2"),
    A("bar", ".bar"),
)
BAR = (
    A("search", ".bar .search"),
    A("primary button", ".bar .btn.primary"),
    A("account", ".bar .end > .avatar, .bar .avatar"),
    A("head", "main h1", held="xyh"),
)
SCREENS: dict[str, tuple[str, str, tuple[Anchor, ...]]] = {
    "overview": (
        "overview",
        "dashboard.html",
        (
            *SHELL,
            *BAR,
            A("figures", ".kpis", held="xyw"),
            A("first figure", ".kpis > div:first-child", held="xyw"),
            A("large amount", ".kpis .money-lg", held="xyh"),
            A("chart's card", ".cols section.card, .cols .card", held="xw"),
            A("chart", ".chart", held="xwh"),
            A("side", ".cols > div:nth-child(2)", held="xw"),
        ),
    ),
    "invoices": (
        "invoices",
        "invoices.html",
        (
            *SHELL,
            *BAR,
            A("card", "main .card", held="xyw"),
            A("views", "main .views", held="xyh"),
            A("filter", ".tools .input"),
            A("table head", "main thead tr"),
            A("first row", "main tbody tr"),
            A("second row", "main tbody tr:nth-child(2)"),
            A("tick", "main tbody .check"),
            A("badge", "main tbody .badge", held="yh"),
        ),
    ),
    "editor": (
        "invoice_edit",
        "invoice-editor.html",
        (
            *SHELL,
            A("primary button", ".bar .btn.primary", held="yh"),
            A("lines", ".lines"),
            A("first line", ".lines tbody tr"),
            A("sums", ".sum", held="xyw"),
            A("preview", ".preview"),
            A("paper", ".preview .paper"),
        ),
    ),
    "document": (
        "invoice",
        "document.html",
        (*SHELL, A("viewer", ".viewer", held="xyh"), A("paper", ".viewer .paper", held="xy"),
         A("facts", ".facts", held="yh")),
    ),
    "bank": ("bank", "bank.html", (*SHELL, *BAR[:3])),
}  # fmt: skip
WHERE = """(wanted) => wanted.map((selector) => {
  const one = [...document.querySelectorAll(selector)].find((one) => one.getBoundingClientRect().width > 1);
  const box = one?.getBoundingClientRect();
  return box ? { x: box.x, y: box.y, w: box.width, h: box.height } : null;
})"""


@pytest.mark.skipif(not DRAWN.is_dir(), reason="the mock-ups are not here: GUILDER_SHARED")
@pytest.mark.parametrize("screen", SCREENS)
def test_a_page_lies_over_its_mock_up(screen: str, shared: Browse, browser, demo):
    name, drawing, anchors = SCREENS[screen]
    path = places.path_of(name, demo)
    page = shared(demo)
    assert places.go(page, path)
    settle(page, quiet=300)
    built = page.evaluate(WHERE, [one.ours for one in anchors])
    board = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    board.goto(f"{(DRAWN / drawing).as_uri()}#light")
    drawn = board.evaluate(WHERE, [one.drawn or one.ours for one in anchors])
    board.close()

    off = []
    for anchor, here, there in zip(anchors, built, drawn, strict=True):
        assert there, f"{anchor.name} is not in {drawing}"
        if not here:
            off.append(f"{anchor.name} is not on the page")
            continue
        far = {side: round(here[side] - there[side], 1) for side in anchor.held}
        if any(abs(by) > NEAR for by in far.values()):
            off.append(f"{anchor.name}: {far}")
    assert not off, "\n" + "\n".join(off)
