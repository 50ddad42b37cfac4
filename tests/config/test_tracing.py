"""Traces: what a collector receives over OTLP, and what it never does."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from guilder.config import tracing
from guilder.foundation.tenancy import spans
from tests.faces.rest.speaking import Speaker

ROOT = Path(__file__).resolve().parents[2]
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
# A program of its own: the SDK is one for a process.
PROGRAM = """
import sys
import django
django.setup()
from types import SimpleNamespace
from django.db import connections
from procrastinate.contrib.django import app
from guilder.config import tracing
from guilder.foundation.edges import outbound
from tests.faces.rest.speaking import Speaker
speaker = Speaker(token=sys.argv[1])
client = {"kind": "company", "name": "Canary Name", "email": "canary@guilder.example",
          "address": {"country": "DE", "line1": "Canary Street"}}
made = speaker.ok("POST", "clients/", client)
speaker.ok("GET", f"clients/{made['id']}/?q=canary-query", traceparent=sys.argv[3])
speaker("GET", "clients/?nonsense=canary-query")
outbound.request("POST", sys.argv[2] + "/canary-path?canary-query", body=b"canary-body")
job = SimpleNamespace(id=7, attempts=0, task_name="calls.forget", task_kwargs={})
app.tasks["calls.forget"].func(SimpleNamespace(job=job), timestamp=1_600_000_000)
tracing.flush()
"""


class Collector(ThreadingHTTPServer):
    """Keeps what it is sent to /v1/traces; anything else is somebody outside."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiver)
        self.received: list[bytes] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def spans(self) -> list[Any]:
        found = []
        for body in self.received:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    found += scope.spans
        return found


class Receiver(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/v1/traces":
            self.server.received.append(body)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    server = Collector()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def told(span: Any) -> dict[str, Any]:
    """What a span tells."""
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}


def test_requests_statements_jobs_and_calls_are_followed_and_nobody_is_named(
    world: Any, collector: Collector
):
    alice = Speaker.of(world.alice)
    host = collector.address.removeprefix("http://")
    environment = os.environ | {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address,
        "OTEL_SERVICE_NAME": "guilder-test",
        "GUILDER_OUTBOUND_ALLOW": host,
        "GUILDER_TRUSTED_PROXIES": "127.0.0.1",
    }
    command = [sys.executable, "-c", PROGRAM, alice.token, collector.address, PARENT]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]

    found = collector.spans()
    named = {span.name: span for span in found}
    request = named["GET api/v1/clients/<uuid:id>/"]
    of_it = [span for span in found if span.parent_span_id == request.span_id]
    call = next(span for span in found if told(span).get("server.address") == "127.0.0.1")

    assert request.trace_id.hex() == PARENT.split("-")[1]  # a trusted proxy had begun it
    assert told(request)["http.response.status_code"] == 200
    assert told(request)["guilder.organization"] == str(world.alice.organization_id)
    assert {told(span)["db.system.name"] for span in of_it} == {"postgresql"}
    assert any("parties_partner" in told(span)["db.query.text"] for span in of_it)
    assert (call.name, told(call)["http.response.status_code"]) == ("POST", 200)
    assert "job calls.forget" in named
    everything = b"".join(collector.received).lower()
    assert b"guilder-test" in everything
    for secret in (b"canary", alice.token.encode().lower(), world.alice.user_id.hex.encode()):
        assert secret not in everything
    assert str(world.alice.user_id).encode() not in everything


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c:4318/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_TRACES_EXPORTER": "none"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_SDK_DISABLED": "True"}, False),
    ],
    ids=["nothing", "empty", "endpoint", "of traces", "none", "disabled"],
)
def test_traces_are_wanted_by_setting_only(given: dict[str, str], wanted: bool):
    assert tracing.is_wanted(given) is wanted


def test_without_a_follower_a_span_is_nothing():
    with spans.span("work", secret="x") as tell:
        tell(more="y")

    assert not spans.is_followed()
    assert spans.span("one") is spans.span("two")


def test_of_an_error_only_its_kind_is_told():
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    kept = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    follow = tracing.following(provider.get_tracer("test"))

    with pytest.raises(ValueError, match="Canary"), follow("work", "internal", {}):
        raise ValueError("Canary Name")
    (span,) = kept.get_finished_spans()

    assert span.attributes == {"error.type": "ValueError"}
    assert not span.status.is_ok
    assert "Canary" not in span.to_json()
