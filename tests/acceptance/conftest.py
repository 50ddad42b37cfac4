"""Fixtures of the acceptance tests.

`stage`    the database of the browser tests, which no other test works on
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
from tests.acceptance.browsing import Browse, Watch
from tests.acceptance.chromium import PROGRAM, Chromium
from tests.acceptance.house import House
from tests.acceptance.stage import Stage
from tests.acceptance.windows import Pool, Shared

if TYPE_CHECKING:
    from tests.database import TestServer

HERE = os.path.dirname(__file__)  # noqa: PTH120  (compared with the paths of items as text)
MISSING = pytest.mark.skip(reason="Chromium is not installed: apt install chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is a browser's, and rests where there is none."""
    for item in items:
        if str(item.path).startswith(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.uncounted)
            if PROGRAM is None:
                item.add_marker(MISSING)


@pytest.fixture(scope="session")
def stages(server: "TestServer") -> Iterator[Stage]:
    """The browser tests' own database, with what stands on it."""
    name = f"{server.database}_stage"
    with server.another(name) as addresses:
        stage = Stage(name, addresses)
        with stage.closing:
            yield stage


@pytest.fixture(scope="module", autouse=True)
def stage(stages: Stage) -> Iterator[Stage]:
    """The stage; the tests of a file work on it, and so does what they start."""
    with stages.entered():
        yield stages


@pytest.fixture(scope="module")
def house(stage: Stage) -> Iterator[House]:
    """The running program; between two files its worker sleeps and costs nothing."""
    started = stage.house()
    with started.working():
        yield started


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """The browser of all files."""
    started = Chromium()
    yield started
    started.end()


@pytest.fixture(scope="module")
def browser(chromium: Chromium) -> Iterator[Any]:
    """Headless Chromium."""
    with chromium.awake() as found:
        yield found


@pytest.fixture
def watch(house: House) -> Iterator[Watch]:
    """What this test's windows complain about; it must be nothing."""
    kept = Watch((house.base,))
    yield kept
    assert kept.complaints() == []


@pytest.fixture(scope="module")
def pool(chromium: Chromium, browser: Any) -> Pool:
    """The browser contexts that tests hand on."""
    assert chromium.pool and chromium.pool.browser is browser
    return chromium.pool


@pytest.fixture
def browse(house: House, pool: Pool, watch: Watch) -> Iterator[Browse]:
    """`browse(who, **options)`: a page signed in as a Firm, or as nobody; see Pool.open."""

    def open_window(who: Any = None, **options: Any) -> Any:
        base = options.pop("base", house.base)
        watch.origins = (*watch.origins, base)
        return pool.open(watch, base=base, who=who, **options)

    yield open_window
    pool.take_back()


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


@pytest.fixture(scope="module")
def demo(stage: Stage) -> people.Firm:
    """The demo organization, made once; a test that changes it spoils it for others."""
    return stage.demo()


@pytest.fixture
def page(browse: Browse, firm: people.Firm) -> Any:
    """A page of the fresh firm's admin."""
    return browse(firm)


@pytest.fixture
def demo_page(browse: Browse, demo: people.Firm) -> Any:
    """A page in the demo organization."""
    return browse(demo)
