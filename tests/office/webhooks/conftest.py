"""A receiver that may be called though it is on loopback, and an endpoint there."""

from collections.abc import Iterator

import pytest

from tests.office.webhooks.receiver import Receiver, start


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A real receiver; the operator has opened its place."""
    running = start()
    monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", f"127.0.0.1:{running.port}")
    yield running
    running.close()
