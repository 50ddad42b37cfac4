"""A login throttle that bites at once, in a window of its own."""

import uuid
from collections.abc import Iterator

import pytest


@pytest.fixture
def settings_throttle(db, monkeypatch) -> Iterator[None]:
    """Two logins a minute; the address is one that no other test has."""
    from django.conf import settings

    from guilder.faces.web.session import views

    address = f"2001:db8:{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}::1"
    monkeypatch.setitem(settings.THROTTLES, "login", "2/minute")
    monkeypatch.setattr(views, "address_of", lambda _request: address)
    yield
