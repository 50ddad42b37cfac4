"""People in browsers: Django's test client, signed in to an organization."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.make import World


@pytest.fixture
def browsing(world: World) -> Callable[[str], Client]:
    """`browsing("alice")`: a client signed in as her; her organization is the session's."""
    from guilder.foundation.identity import queries as identity

    def signed_in(name: str) -> Client:
        client = Client()
        user: Any = identity.user_by_email(getattr(world, f"{name}_email"))
        client.force_login(user)
        session = client.session
        session["proved_at"] = int(time.time())  # as after signing in; sensitive acts ask for it
        session.save()
        return client

    return signed_in


@pytest.fixture(autouse=True)
def known_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test client's own name is one that we answer to."""
    from django.conf import settings

    monkeypatch.setattr(settings, "ALLOWED_HOSTS", [*settings.ALLOWED_HOSTS, "testserver"])


@pytest.fixture(autouse=True)
def seen_contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers tell what their page was drawn from, as `answer.context`. Components and
    fields do not tell, of which a page has up to thousands: each costs a copy of its context."""
    from django.template.base import Template
    from django.test.utils import instrumented_test_render

    def drawn(template: Template, context: Any) -> Any:
        if (template.name or "").startswith(("cotton/", "django/forms/")):
            return template.nodelist.render(context)
        return instrumented_test_render(template, context)

    monkeypatch.setattr(Template, "_render", drawn)
