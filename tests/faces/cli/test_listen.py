"""`guilder listen`: what happens is forwarded signed, from here and from another installation."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import CliRunner, Result
from standardwebhooks import Webhook

from tests import make
from tests.faces.rest.speaking import Speaker
from tests.make import World
from tests.office.webhooks.receiver import Receiver, start

pytestmark = pytest.mark.timeout(30)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", "")
    running = start()
    yield running
    running.close()


def run(*arguments: str, meanwhile: Callable[[], Any]) -> Result:
    """The command, while something happens in another thread as soon as it listens."""
    from django.db import connections

    from guilder.faces.cli.commands.listen import command, talk
    from guilder.faces.cli.main import Program

    program = Program()
    program.open = program.set_up = lambda: None  # type: ignore[method-assign]

    listening = threading.Event()

    def happen() -> None:
        if listening.wait(10):
            meanwhile()
        connections.close_all()

    thread = threading.Thread(target=happen)
    thread.start()
    with patch.object(talk, "success", lambda _: listening.set()):
        result = CliRunner().invoke(command, list(arguments), obj=program)
    listening.set()
    thread.join()
    return result


def test_what_happens_here_is_forwarded_signed(world: World, receiver: Receiver) -> None:
    make.client(world.alice)  # before: not told

    result = run(
        "--organization", str(world.organization), "--to", receiver.url, "--secret", SECRET,
        "--types", "partner.*", "--count", "1", "--json",
        meanwhile=lambda: make.client(world.alice, name="Heard Ltd"),
    )  # fmt: skip

    assert result.exception is None, result.output
    said = Webhook(SECRET).verify(receiver.calls[0].body, receiver.calls[0].headers)
    assert (said["type"], said["data"]["name"]) == ("partner.created", "Heard Ltd")
    told = json.loads(result.stdout.splitlines()[-1])
    assert (told["type"], told["status"]) == ("partner.created", 204)


def test_without_a_receiver_it_prints_lines(world: World) -> None:
    result = run(
        "--organization", str(world.organization), "--types", "partner.created", "--count", "1",
        meanwhile=lambda: make.client(world.alice),
    )  # fmt: skip

    assert "partner.created" in result.stdout


def test_a_secret_that_is_none_is_refused(world: World) -> None:
    result = run(
        "--organization", str(world.organization), "--secret", "whsec_?", meanwhile=lambda: None
    )

    assert "base64" in str(result.exception)


@pytest.fixture
def installation(world: World) -> Iterator[str]:
    """Another installation: its API behind a real port."""
    speaker = Speaker.of(world.alice)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = speaker("GET", self.path)
            body = json.dumps(said.body, default=str).encode()
            self.send_response(said.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_another_installation_is_followed_by_its_feed(
    world: World, receiver: Receiver, installation: str
) -> None:
    result = run(
        "--server", installation, "--key", "gld_live_x", "--to", receiver.url, "--secret", SECRET,
        "--types", "partner.*", "--count", "1", "--every", "1",
        meanwhile=lambda: make.client(world.alice, name="Far Ltd"),
    )  # fmt: skip

    assert result.exception is None, result.output
    said = Webhook(SECRET).verify(receiver.calls[0].body, receiver.calls[0].headers)
    assert said["data"]["name"] == "Far Ltd"
    assert said["organization"] == str(world.organization)


def test_a_server_needs_a_key() -> None:
    result = run("--server", "https://guilder.example", "--key", "", meanwhile=lambda: None)

    assert result.exit_code == 2
