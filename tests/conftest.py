"""What every test has: settings, a database of its own for each worker, and a small world.

The database is migrated once as the owner into a template, cloned for each worker, and used as the
app's role. Nothing is rolled back or truncated: every test takes fresh organizations.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.database import TestServer
    from tests.make import World

ROOT = Path(__file__).resolve().parents[1]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
DATABASE = f"guilder_test_{os.getpid()}_{WORKER}"

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


@pytest.fixture(scope="session")
def server() -> Iterator["TestServer"]:
    """The database server of the tests, with this worker's database in it."""
    from tests.database import TestServer

    with TestServer(DATABASE) as running:
        yield running


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
