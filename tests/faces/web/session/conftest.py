"""A login throttle that bites at once, and a mail server that takes all."""

import uuid
from collections.abc import Iterator

import pytest

from tests.office.dispatch.servers import PostOffice, post_office


@pytest.fixture
def settings_throttle(db, monkeypatch) -> Iterator[None]:
    """Two logins a minute; the address is one that no other test has."""
    from django.conf import settings

    from guilder.faces.web.session import views

    address = f"2001:db8:{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}::1"
    monkeypatch.setitem(settings.THROTTLES, "login", "2/minute")
    monkeypatch.setattr(views, "address_of", lambda _request: address)
    yield


@pytest.fixture(scope="session")
def office() -> Iterator[PostOffice]:
    """One mail server for all."""
    with post_office() as running:
        yield running


@pytest.fixture
def mailbox(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    """The installation's mail server, empty."""
    from django.conf import settings

    office.mails.clear()
    office.answer = "250 OK"
    monkeypatch.setitem(settings.THROTTLES, "secret", "off")  # all tests have one address
    monkeypatch.setattr(settings, "EMAIL_HOST", "127.0.0.1")
    monkeypatch.setattr(settings, "EMAIL_PORT", office.port)
    monkeypatch.setattr(settings, "DEFAULT_FROM_EMAIL", "Guilder <billing@guilder.example>")
    return office


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation where anybody may register."""
    from django.conf import settings

    monkeypatch.setattr(settings, "REGISTRATION", "open")
