"""Clients who open links: browsers that are nobody's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def visitor() -> Client:
    """A browser without an account."""
    return Client()


@pytest.fixture
def opened(visitor: Client) -> Callable[[str], Any]:
    """`opened(link)`: the page that a mailed link leads to, cookie and all."""

    def follow(link: str) -> Any:
        return visitor.get(link, follow=True)

    return follow
