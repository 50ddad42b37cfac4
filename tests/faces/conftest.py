"""Each test speaks from an address of its own: what is counted by address starts at none."""

from typing import Any

import pytest
from django.test import RequestFactory

from tests import make


@pytest.fixture(autouse=True)
def own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Test clients that name no address have this test's."""
    address, usual = make.somewhere(), RequestFactory._base_environ

    def environ(self: RequestFactory, **request: Any) -> dict[str, Any]:
        return usual(self, **{"REMOTE_ADDR": address, **self.defaults, **request})

    monkeypatch.setattr(RequestFactory, "_base_environ", environ)
