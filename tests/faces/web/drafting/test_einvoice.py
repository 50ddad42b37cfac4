"""The panel "E-invoice check" of the editor."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from tests.make import World


@pytest.fixture
def alice(browsing: Callable[[str], Client]) -> Client:
    return browsing("alice")


def edit_page(alice: Client, world: World, **client: Any) -> Any:
    chosen = make.client(world.alice, **client)
    draft = make.draft(world.alice, client_id=chosen.id)
    return alice.get(reverse("web:invoice_edit", args=[draft.id]))


def test_a_sound_draft_breaks_nothing(alice: Client, world: World):
    answer = edit_page(alice, world)

    panel = answer.context["echeck"]
    assert panel.findings == []
    assert (panel.title, panel.is_wanted) == ("EN 16931", False)
    assert "Nothing found" in answer.content.decode()


def test_what_the_clients_format_lacks_is_told_with_its_fix(alice: Client, world: World):
    answer = edit_page(alice, world, delivery_format="xrechnung-ubl")

    panel = answer.context["echeck"]
    found = {one.rule: one for one in panel.findings}
    assert panel.title == "XRechnung (UBL)"
    assert found["BR-DE-15"].text == "Buyer reference is missing."
    assert found["BR-DE-15"].url == "#id_buyer_reference"
    words = answer.content.decode()
    assert "BR-DE-15" in words
    assert "The official rules are asked before it is issued." in words


def test_following_the_fix_silences_the_rule(alice: Client, world: World):
    client = make.client(world.alice, delivery_format="xrechnung-ubl")
    draft = make.draft(world.alice, client_id=client.id)
    page = alice.get(reverse("web:invoice_edit", args=[draft.id]))
    form = page.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    sent |= {"paper": str(draft.id), "lines": [one.key for one in page.context["lines"]]}
    line = page.context["lines"][0]
    sent |= {
        f"lines-{line.key}-name": "Work",
        f"lines-{line.key}-quantity": "1",
        f"lines-{line.key}-unit": "HUR",
        f"lines-{line.key}-unit_price": "100.00",
        f"lines-{line.key}-tax": "standard",
    }

    before = alice.post(reverse("web:invoice_figures"), sent)
    after = alice.post(
        reverse("web:invoice_figures"), {**sent, "buyer_reference": "04011000-12345-03"}
    )

    assert "BR-DE-15" in before.content.decode()
    assert "BR-DE-15" not in after.content.decode()
    assert 'id="echeck"' in after.content.decode()


def test_the_review_refuses_what_the_official_rules_refuse(alice: Client, world: World):
    client = make.client(world.alice, delivery_format="xrechnung-ubl")
    draft = make.draft(world.alice, client_id=client.id)
    url = reverse("web:invoice_review", args=[draft.id])

    shown = alice.get(url)
    answer = alice.post(url, {"on": "2026-10-01", "to": "", "subject": "", "text": ""})

    assert "Buyer reference is missing." in shown.content.decode()
    assert answer.status_code == 422
    assert "Buyer reference is missing. Enter it in the document. (BR-DE-15)" in (
        answer.content.decode().replace("&#x27;", "'")
    )


def test_a_quote_has_no_such_check(alice: Client):
    answer = alice.get(reverse("web:quote_new"))

    assert answer.context["echeck"] is None
    assert 'id="echeck"' not in answer.content.decode()
