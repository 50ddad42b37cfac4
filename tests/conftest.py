"""What every test has: settings, a database of its own for each worker, and a small world.

The database is migrated once as the owner into a template, cloned for each worker, and used as the
app's role. Nothing is rolled back or truncated: every test takes fresh organizations.
"""

import gc
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.uncounted import untraced

if TYPE_CHECKING:
    from tests.database import TestServer
    from tests.make import World

ROOT = Path(__file__).resolve().parents[1]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
DATABASE = f"guilder_test_{os.getpid()}_{WORKER}"

# Files that take longest, begun first in this order, so that no worker is left alone with one. While
# the first one's worker makes the database, the second needs none.
LONG = (
    "faces/rest/test_sweep",
    "papers/rendering/test_pdfa",
    "attacks/test_pages",
    "acceptance/",
    "stories/",
    "faces/rest/test_schemathesis",
    "deploy/",
    "foundation/jobs/",
    "runtime/",
    "attacks/",
    "office/",
    "papers/",
    "faces/rest/test_docs",
    "faces/web/live/",
    "books/invoicing/test_hot_equals_orm",
    "foundation/events/",
    "faces/web/test_form_errors",
    "config/test_tracing",
)

settings.register_profile(
    "guilder",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("guilder")


def prepare_environment() -> None:
    """Point Guilder at a home and a database that are this process's own."""
    from tests.database import addresses

    app, owner = addresses(DATABASE)
    home = tempfile.mkdtemp(prefix="guilder-test-home-")
    os.environ.update(
        DJANGO_SETTINGS_MODULE="guilder.config.settings",
        GUILDER_HOME=home,
        GUILDER_SHARED=os.environ.get("GUILDER_SHARED", str(ROOT.parent / "shared")),
        DATABASE_URL=app,
        GUILDER_OWNER_DATABASE_URL=owner,
        SECRET_KEY="a test's own secret key, long enough to be taken for a real one",
        GUILDER_THROTTLE_ANON="off",
        GUILDER_THROTTLE_USER="off",
        GUILDER_THROTTLE_LOGIN="off",
    )
    for name in ("DEBUG", "GUILDER_BASE_URL", "EMAIL_HOST", "CACHE_URL", "REDIS_URL"):
        os.environ.pop(name, None)


def pytest_configure() -> None:
    """Set Django up before any test module is imported; pure runs (GUILDER_PURE=1) do without."""
    if os.environ.get("GUILDER_PURE"):
        return
    prepare_environment()
    import django

    django.setup()
    from django.conf import settings as django_settings

    # Argon2 costs 50 ms a password on purpose; signing in is tested with it by its own tests.
    django_settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        *django_settings.PASSWORD_HASHERS,
    ]
    find_static_files_once()


def find_static_files_once() -> None:
    """Each test client makes the middleware anew, and it looks through all styles and scripts, which
    costs more than most requests: what the first one found in this process does for all."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    look, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def known(self: WhiteNoiseMiddleware) -> None:
        key = (self.static_prefix, self.max_age, self.charset)
        if key not in found:
            look(self)
            found[key] = dict(self.files)
        self.files.update(found[key])

    WhiteNoiseMiddleware.add_files_from_finders = known


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Mark what grows, and order the files: long ones first, the tests of one in their own order."""
    for item in items:
        if hasattr(item.module, "is_full_size"):
            item.add_marker("sized")
    sizes = Counter(item.path for item in items)
    items.sort(key=lambda item: (rank_of(item.path), -sizes[item.path], str(item.path)))


def rank_of(path: Path) -> int:
    """The place of a file's folder in LONG; what is not there comes last."""
    name = path.relative_to(ROOT / "tests").as_posix()
    return next((at for at, start in enumerate(LONG) if name.startswith(start)), len(LONG))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """Every other worker begins at the far end: each compiles half of the tests for all of them."""
    report = yield
    if WORKER[-1] in "13579" and isinstance(collector, pytest.Directory):
        report.result.reverse()
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Tests that repeat what others have counted run without the tracer of the coverage."""
    if item.get_closest_marker("uncounted") is None:
        return (yield)
    with untraced():
        return (yield)


def pytest_collection_finish() -> None:
    """Nothing that was imported is ever garbage: do not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def nothing_waits() -> None:
    """Files begin with an empty queue: a worker need not do first what others left behind."""
    if "tests.database" in sys.modules:
        from tests.database import TestServer

        TestServer.forget_waiting()


@pytest.fixture(scope="session")
def server() -> Iterator["TestServer"]:
    """The database server of the tests, with this worker's database in it."""
    from tests.database import TestServer

    with TestServer(DATABASE) as running:
        TestServer.running = running
        yield running
        TestServer.running = None


@pytest.fixture
def db(server: "TestServer") -> Iterator["TestServer"]:
    """The database is there; connections are closed cleanly after the test."""
    from django.db import connections

    yield server
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            connection.close()


@pytest.fixture
def world(db: "TestServer") -> "World":
    """Alice (admin) and Bob (agent) of one organization, Mallory (admin) of another."""
    from tests.make import make_world

    return make_world()
