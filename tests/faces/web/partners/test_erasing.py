"""The page of an erasure: told first, done on demand, by admins."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from tests import make
from tests.make import World


def test_an_admin_reads_what_goes_and_erases(
    world: World, browsing: Callable[[str], Client]
) -> None:
    alice = browsing("alice")
    client = make.client(world.alice, name="Erika Mustermann")
    page = reverse("web:client_erase", args=[client.id])

    asked = alice.get(page)
    done = alice.post(page, follow=True)

    assert asked.context["plan"].is_whole
    assert done.status_code == 200
    assert "Mustermann" not in done.content.decode()


def test_others_do_not(world: World, browsing: Callable[[str], Client]) -> None:
    page = reverse("web:client_erase", args=[make.client(world.alice).id])

    assert browsing("bob").get(page).status_code == 403
    assert browsing("mallory").get(page).status_code == 404
    assert Client().get(page).status_code == 302
