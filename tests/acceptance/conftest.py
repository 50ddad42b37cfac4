"""Fixtures of the acceptance tests.

`house`    the running program: base, mailbox, another() web process
`firm`     a fresh organization and its admin; `new_firm(...)` makes more
`demo`     the demo organization, made once
`browse`   browse(firm, width=390, dark=True, script=False, locale="de-DE") → a signed-in page
`page`     browse(firm), 1440 × 900; `demo_page` the same in the demo
`shared`   as browse, but the tests of a file open their pages one after another in one window
`watch`    watch.allow(pattern) forgives what a test provokes

Helpers are imported from tests.acceptance.browsing: settle, count, axe, overflow.
"""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance import people
from tests.acceptance.browsing import CHROMIUM, Browse, Shared, Watch, window
from tests.acceptance.house import House, running_house

if TYPE_CHECKING:
    from tests.database import TestServer

HERE = os.path.dirname(__file__)  # noqa: PTH120  (compared with the paths of items as text)
MISSING = pytest.mark.skip(reason="Chromium is not installed: apt install chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is a browser's, and rests where there is none."""
    for item in items:
        if str(item.path).startswith(HERE):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(MISSING)


@pytest.fixture(scope="session")
def served(server: "TestServer") -> Iterator[House]:
    """Web processes on this test process's database, started when a test first asks."""
    with running_house() as started:
        yield started


@pytest.fixture(scope="module")
def house(served: House) -> Iterator[House]:
    """The running program; its worker ends with the file, since it would take others' jobs."""
    with served.working():
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps a loop in this thread, which Django would take for ours.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture
def watch(house: House) -> Iterator[Watch]:
    """What this test's windows complain about; it must be nothing."""
    kept = Watch((house.base,))
    yield kept
    assert kept.complaints() == []


@pytest.fixture
def browse(house: House, browser: Any, watch: Watch) -> Iterator[Browse]:
    """`browse(who, **options)`: a page signed in as a Firm, or as nobody; see browsing.window."""
    opened = []

    def open_window(who: Any = None, **options: Any) -> Any:
        base = options.pop("base", house.base)
        watch.origins = (*watch.origins, base)
        page = window(browser, watch, base=base, who=who, **options)
        opened.append(page.context)
        return page

    yield open_window
    for context in opened:
        context.close()


@pytest.fixture(scope="module")
def windows(house: House, browser: Any) -> Iterator[Shared]:
    """The windows that the tests of a file share; they keep what they have fetched."""
    kept = Shared(browser, Watch((house.base,)), house.base)
    yield kept
    kept.close()


@pytest.fixture
def shared(windows: Shared) -> Iterator[Browse]:
    """`shared(who, **options)`: one window for all tests of the file that ask alike."""
    windows.watch.said.clear()
    yield windows.of
    assert windows.watch.complaints() == []


@pytest.fixture
def new_firm(house: House) -> Any:
    """Makes organizations; see people.new_firm."""
    return people.new_firm


@pytest.fixture
def firm(house: House) -> people.Firm:
    """A fresh organization with a complete seller's profile, seen by its admin."""
    return people.new_firm()


@pytest.fixture(scope="session")
def demo(server: "TestServer") -> people.Firm:
    """The demo organization, made once; a test that changes it spoils it for others."""
    return people.demo_firm()


@pytest.fixture
def page(browse: Browse, firm: people.Firm) -> Any:
    """A page of the fresh firm's admin."""
    return browse(firm)


@pytest.fixture
def demo_page(browse: Browse, demo: people.Firm) -> Any:
    """A page in the demo organization."""
    return browse(demo)
