"""Figures for Prometheus: of all processes, for who has the token, about nobody."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.test import RequestFactory

from guilder.config import metrics
from tests.make import World

TOKEN = "a-token-of-the-watch"


@pytest.fixture
def watched(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[metrics.Metrics]:
    """The measuring layer over an answer of 204."""
    from django.conf import settings

    monkeypatch.setenv("GUILDER_METRICS_TOKEN", TOKEN)
    monkeypatch.setattr(settings, "HOME", tmp_path)
    yield metrics.Metrics(lambda _: HttpResponse(status=204))


def asked(watched: metrics.Metrics, token: str = TOKEN) -> HttpResponse:
    request = RequestFactory().get("/metrics", HTTP_AUTHORIZATION=f"Bearer {token}")
    return watched(request)


def line(answer: HttpResponse, start: str) -> str:
    return next(one for one in answer.content.decode().splitlines() if one.startswith(start))


def test_without_a_token_nothing_is_measured(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("GUILDER_METRICS_TOKEN", raising=False)

    with pytest.raises(MiddlewareNotUsed):
        metrics.Metrics(lambda _: HttpResponse())


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x", TOKEN.upper()])
def test_a_wrong_token_sees_nothing(watched: metrics.Metrics, token: str):
    answer = asked(watched, token)

    assert (answer.status_code, answer.content) == (401, b"")


def test_answers_are_counted_by_route(watched: metrics.Metrics):
    for _ in range(3):
        watched(RequestFactory().get("/somewhere/"))

    told = asked(watched)

    assert told["Content-Type"].startswith("text/plain")
    count = line(told, 'guilder_request_seconds_count{method="GET",route="none",status="204"}')
    assert count.endswith(" 3")
    assert line(
        told, 'guilder_request_seconds_bucket{method="GET",route="none",status="204",le="10"}'
    )


def test_the_house_tells_how_it_stands(watched: metrics.Metrics, world: World):
    told = asked(watched)

    for name in ("guilder_up 1", "guilder_jobs_parked", "guilder_jobs_oldest_due_seconds",
                 "guilder_database_bytes", "guilder_disk_free_bytes", "guilder_audit_unsealed"):  # fmt: skip
        assert line(told, name)
    assert world.alice_email not in told.content.decode()
    assert str(world.organization) not in told.content.decode()


def test_other_processes_are_added(watched: metrics.Metrics, tmp_path: Path):
    row = ["GET", "none", "204", *[2] * len(metrics.BOUNDS), 2, 10]
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / f"{os.getppid()}.json").write_text(json.dumps([row]))
    (tmp_path / "metrics" / "999999999.json").write_text("broken")
    watched(RequestFactory().get("/somewhere/"))

    count = line(asked(watched), "guilder_request_seconds_count")

    assert count.endswith(" 3")


def test_a_process_that_ended_long_ago_is_forgotten(watched: metrics.Metrics, tmp_path: Path):
    row = ["GET", "none", "204", *[2] * len(metrics.BOUNDS), 2, 10]
    gone = tmp_path / "metrics" / "999999998.json"
    gone.parent.mkdir()
    gone.write_text(json.dumps([row]))
    os.utime(gone, (0, 0))

    told = asked(watched).content.decode()

    assert 'status="204"' not in told
    assert not gone.exists()


def test_bounds_are_those_of_the_labels():
    assert metrics.BOUNDS == (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000)


def test_a_database_that_is_away_is_told(watched: metrics.Metrics, monkeypatch: pytest.MonkeyPatch):
    from django.db import OperationalError

    def away(**_: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr("guilder.foundation.jobs.queue.health", away)

    assert "guilder_up 0" in asked(watched).content.decode()
