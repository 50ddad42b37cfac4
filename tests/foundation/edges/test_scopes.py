"""Every limit is a setting, named in the docs; what is none is refused."""

from pathlib import Path

import pytest

from guilder.config import safety
from guilder.foundation.edges import scopes
from guilder.foundation.edges.throttle import parse_rate

ROOT = Path(__file__).resolve().parents[3]


def test_each_scope_is_a_setting_that_holds():
    given = {f"GUILDER_THROTTLE_{name.upper()}": "7/hour" for name in scopes.SCOPES}

    assert set(scopes.rates(given).values()) == {"7/hour"}
    assert scopes.rates({})["anon"] == "10/day"
    assert scopes.rates({})["user"] == "1000/day"
    assert scopes.rates({})["login"] == "5/minute"
    assert all(parse_rate(scope.rate) for scope in scopes.SCOPES.values())


@pytest.mark.parametrize("scope", scopes.SCOPES)
def test_a_figure_that_cannot_be_read_stops_the_start(scope: str):
    name = f"GUILDER_THROTTLE_{scope.upper()}"

    assert [told for told, _ in safety.faults({name: "plenty"})] == [name]
    assert not list(safety.faults({name: "3/second"}))


def test_a_setting_that_limits_nothing_is_told():
    (name, sentence), *_ = safety.faults({"GUILDER_THROTTLE_ANONYMOUS": "5/day"})

    assert name == "GUILDER_THROTTLE_ANONYMOUS"
    assert "anon" in sentence


def test_the_docs_show_this_very_table():
    page = (ROOT / "docs/operate/limits.md").read_text()

    assert scopes.as_markdown() in page
