"""What tests of mail share: servers, certificates, and a world that may call them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.office.dispatch import servers


@pytest.fixture(scope="session")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-made certificate with its key."""
    return servers.certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def trusted(pem: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The self-made certificate, trusted by this process for one test."""
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    return pem


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator allows mail servers on this machine."""
    monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", "127.0.0.0/8, ::1/128")


@pytest.fixture
def office(loopback: None) -> Iterator[servers.PostOffice]:
    """A running SMTP server without sign-in."""
    with servers.post_office() as running:
        yield running


@pytest.fixture
def use() -> Callable[..., Any]:
    """Sets an organization's mail server: use(by, port, …)."""
    from guilder.office.dispatch import operations as dispatch

    def chosen(by: Any, port: int, **changes: Any) -> Any:
        data = {
            "sender_name": "Alice & Co",
            "sender_email": "billing@northlight.example",
            "host": "127.0.0.1",
            "port": str(port),
            "security": "none",
            **changes,
        }
        return dispatch.set_mail_settings(by=by, data=data)

    return chosen


@pytest.fixture
def settings() -> Iterator[Callable[..., None]]:
    """Sets Django settings for one test: settings(EMAIL_HOST="…")."""
    from django.test import override_settings

    changed: list[override_settings] = []

    def change(**values: Any) -> None:
        one = override_settings(**values)
        one.enable()
        changed.append(one)

    yield change
    for one in reversed(changed):
        one.disable()


@pytest.fixture
def settings_timeout(settings: Callable[..., None]) -> None:
    """No server is waited for longer than a second."""
    settings(EMAIL_TIMEOUT=1)
