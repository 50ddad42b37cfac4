"""Programs that speak to the API in the name of each person of the world."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.faces.rest.speaking import Speaker

if TYPE_CHECKING:
    from tests.make import World


@pytest.fixture
def alice(world: "World") -> Speaker:
    """An admin."""
    return Speaker.of(world.alice)


@pytest.fixture
def bob(world: "World") -> Speaker:
    """An agent of the same organization."""
    return Speaker.of(world.bob)


@pytest.fixture
def mallory(world: "World") -> Speaker:
    """An admin of another organization."""
    return Speaker.of(world.mallory)


@pytest.fixture
def stranger(db: object) -> Speaker:
    """Nobody."""
    return Speaker()


@pytest.fixture(autouse=True)
def offices(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tax office that says yes, so that no test asks a real one."""
    from guilder.registers.parties import vat_services

    said = vat_services.Answer(service="vies", is_valid=True, consultation="WAPIAAAAYz1")
    monkeypatch.setattr(vat_services, "ask", lambda _vat_id, **_: said)


@pytest.fixture
def throttled(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Throttles that a test may set."""
    from django.conf import settings

    rates = dict(settings.THROTTLES)
    monkeypatch.setattr(settings, "THROTTLES", rates)
    yield rates


@pytest.fixture
def served(world: "World") -> Iterator[str]:
    """The address of the whole application on a port of its own."""
    import threading

    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class Quiet(WSGIRequestHandler):
        """No line per request."""

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
