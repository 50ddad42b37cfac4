"""Clients who open links: browsers that are nobody's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import make


@pytest.fixture
def visitor() -> Client:
    """A browser without an account, at an address of its own."""
    return Client(REMOTE_ADDR=make.somewhere())


@pytest.fixture
def opened(visitor: Client) -> Callable[[str], Any]:
    """`opened(link)`: the page that a mailed link leads to, cookie and all."""

    def follow(link: str) -> Any:
        return visitor.get(link, follow=True)

    return follow
