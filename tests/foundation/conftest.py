"""An organization with nothing but an admin: the foundation's tests need no books."""

import itertools
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from guilder.kernel.actor import Actor

PASSWORD = "correct horse battery staple"
_counter = itertools.count(1)


@pytest.fixture
def founded(db: Any) -> Callable[..., Actor]:
    """Makes an organization; gives its admin."""
    from guilder.foundation.identity import operations, queries

    def make(name: str = "Ada") -> Actor:
        mark = f"{next(_counter)}-{os.urandom(4).hex()}"
        user = operations.create_user(
            email=f"{name}-{mark}@guilder.example", password=PASSWORD, name=name
        )
        organization = operations.create_organization(
            name=f"{name} Ltd {mark}", country="DE", base_currency="EUR", owner=user
        )
        return queries.actor_for(user.id, organization.id, source="web")

    return make


@pytest.fixture
def ada(founded: Callable[..., Actor]) -> Actor:
    """The admin of an organization of her own."""
    return founded()


@pytest.fixture
def email_of() -> Callable[[Actor], str]:
    """The mail address of an actor."""
    from guilder.foundation.identity.models import User

    return lambda actor: User.objects.get(id=actor.user_id).email


@pytest.fixture
def rates(settings_throttles: Callable[..., None]) -> Callable[..., None]:
    """Sets throttles for one test: rates(user="3/day")."""
    return settings_throttles


@pytest.fixture
def settings_throttles() -> Iterator[Callable[..., None]]:
    from django.conf import settings

    before = settings.THROTTLES
    yield lambda **given: setattr(settings, "THROTTLES", {**before, **given})
    settings.THROTTLES = before


@pytest.fixture
def in_threads(db: Any) -> Callable[..., list[Any]]:
    """Calls a function in so many threads at once; gives results and errors in thread order."""
    from threading import Barrier, Thread

    from django.db import connections

    def run(function: Callable[[int], Any], count: int) -> list[Any]:
        results: list[Any] = [None] * count
        barrier = Barrier(count)

        def work(number: int) -> None:
            try:
                connections["default"].ensure_connection()
                barrier.wait(30)
                results[number] = function(number)
            except Exception as error:
                results[number] = error
            finally:
                connections.close_all()

        threads = [Thread(target=work, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return results

    return run
