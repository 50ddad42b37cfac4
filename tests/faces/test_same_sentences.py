"""One fault, one sentence: what the API answers is what the page says, and it names the field."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guilder.foundation.identity import queries as identity
from tests import make
from tests.faces.rest.speaking import Speaker
from tests.make import World

# What is sent to the API and typed on the page, and the API's pointer with the page's field.
FAULTS: dict[str, tuple[Callable[[World], tuple[str, str, Any]], str, dict[str, str], str, str]] = {
    "a VAT id with a digit mistyped": (
        lambda world: (
            "POST",
            "clients/",
            {
                "kind": "company",
                "name": "Bar",
                "address": {"country": "DE"},
                "tax_ids": [{"scheme": "vat", "value": "DE136695977"}],
            },
        ),
        "client_new",
        {
            "kind": "company",
            "name": "Bar",
            "country": "DE",
            "vat_id": "DE136695977",
            "currency": "EUR",
            "language": "en",
            "tax_treatment": "automatic",
            "delivery_channel": "mail",
        },
        "/tax_ids/0",
        "vat_id",
    ),
    "a pattern without a counter": (
        lambda world: (
            "POST",
            "series/",
            {"kind": "invoice", "code": "B", "pattern": "B-{year}", "period": "year"},
        ),
        "settings_numbers",
        {
            "what": "new",
            "new-kind": "invoice",
            "new-code": "B",
            "new-pattern": "B-{year}",
            "new-period": "year",
        },
        "/pattern",
        "pattern",
    ),
    "a rate above a hundred": (
        lambda world: (
            "POST",
            "taxes/",
            {
                "code": "night",
                "name": "Night",
                "category": "S",
                "percent": "900",
                "valid_from": "2026-01-01",
            },
        ),
        "settings_taxes",
        {
            "code": "night",
            "name": "Night",
            "category": "S",
            "percent": "900",
            "valid_from": "2026-01-01",
        },
        "/percent",
        "percent",
    ),
    "an item without a name": (
        lambda world: ("POST", "items/", {"name": "x" * 500}),
        "item_new",
        {"name": "x" * 500, "kind": "service", "unit": "HUR"},
        "/name",
        "name",
    ),
}


@pytest.fixture(autouse=True)
def known_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test client's own name is one that we answer to."""
    from django.conf import settings

    monkeypatch.setattr(settings, "ALLOWED_HOSTS", [*settings.ALLOWED_HOSTS, "testserver"])
    monkeypatch.setattr("django.template.base.Template._render", rendered())


def rendered() -> Any:
    """Answers tell what their page was drawn from."""
    from django.test.utils import instrumented_test_render

    return instrumented_test_render


@pytest.fixture
def page(world: World) -> Client:
    """An admin's browser."""
    client = Client()
    user: Any = identity.user_by_email(world.alice_email)
    client.force_login(user)
    return client


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_the_api_and_the_page_say_the_same(fault: str, world: World, page: Client) -> None:
    """13.63: API error equals the UI sentence for the same fault; pointer names the field."""
    asked, name, typed, pointer, field = FAULTS[fault]

    said = Speaker.of(world.alice)(*asked(world))
    shown = page.post(reverse(f"web:{name}"), typed)

    assert (said.status, shown.status_code) == (422, 422)
    told = [one for one in said.body["errors"] if one["pointer"].startswith(f"#{pointer}")]
    assert told, said.body
    form = shown.context["form"]
    assert told[0]["detail"] in form.errors.get(field, ()), form.errors


def test_a_state_that_forbids_is_told_alike(world: World, page: Client) -> None:
    """13.63, where no field is at fault: a payment above what came in, of a document paid off."""
    invoice = make.issued_invoice(world.alice)
    body = {
        "client": str(invoice.partner_id),
        "amount": {"amount": "10.00", "currency": "EUR"},
        "received_on": "2026-11-20",
        "method": "bank_transfer",
        "allocations": [{"invoice": str(invoice.id), "amount": "20.00"}],
    }

    said = Speaker.of(world.alice)("POST", "payments/", body)

    assert said.status == 422
    for one in said.body["errors"]:
        assert one["detail"].endswith(".")
        assert one["pointer"].startswith("#/") and one["code"]
