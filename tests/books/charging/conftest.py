"""A fake of Stripe in the place of the network."""

from typing import Any

import pytest

from guilder.books.charging.gateways import wire
from tests.fakes.stripe import FakeStripe


@pytest.fixture
def stripe(monkeypatch: Any) -> FakeStripe:
    """The service as it will have been called."""
    fake = FakeStripe()
    monkeypatch.setattr(wire.outbound, "request", fake.request)
    return fake
