"""OpenTelemetry traces, where the environment names a collector (OTEL_EXPORTER_OTLP_ENDPOINT).

Requests, statements, jobs and calls to the outside; the names of the settings are OpenTelemetry's
own, which its SDK reads. Without one of them nothing here is loaded.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse

from guilder import __version__
from guilder.config import proxies
from guilder.foundation.tenancy import hot, journeys, spans

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
LONGEST = 2_000  # characters of a statement


def is_wanted(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether traces go anywhere."""
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    if environment.get("OTEL_TRACES_EXPORTER", "otlp").strip().lower() != "otlp":
        return False
    return any(environment.get(name, "").strip() for name in ENDPOINTS)


def begin() -> None:
    """Follow spans, where that is wanted. Raises ImproperlyConfigured without the packages."""
    if not is_wanted() or spans.is_followed():
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise ImproperlyConfigured(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but its packages are not there: "
            "install guilder[otel], or unset it."
        ) from error
    about = {"service.name": os.environ.get("OTEL_SERVICE_NAME") or "guilder",
             "service.version": __version__}  # fmt: skip
    provider = TracerProvider(resource=Resource.create(about))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    global _provider
    _provider = provider
    spans.follow(following(provider.get_tracer("guilder", __version__)))
    hot.CURSOR = Cursor
    connection_created.connect(watch, dispatch_uid="guilder.tracing")


_provider: Any = None


def flush() -> None:
    """Send what waits, now."""
    if _provider is not None:
        _provider.force_flush()


def following(tracer: Any) -> spans.Follow:
    """Spans by a tracer. Of an error its kind is told; its words may be what people typed."""
    from opentelemetry.trace import SpanKind, Status, StatusCode

    kinds = {name: getattr(SpanKind, name.upper()) for name in KINDS}

    @contextmanager
    def follow(name: str, kind: str, about: Mapping[str, Any]) -> Iterator[spans.Tell]:
        parent = about.get("parent")
        told = named({key: value for key, value in about.items() if key != "parent"})
        with tracer.start_as_current_span(
            name, context=parent, kind=kinds[kind], attributes=told,
            record_exception=False, set_status_on_exception=False,
        ) as span:  # fmt: skip

            def tell(**more: Any) -> None:
                if "span_name" in more:
                    span.update_name(more.pop("span_name"))
                if more.pop("failed", False):
                    span.set_status(Status(StatusCode.ERROR))
                span.set_attributes(named(more))

            try:
                yield tell
            except BaseException as error:
                tell(failed=True, error__type=type(error).__qualname__)
                raise

    return follow


KINDS = ("internal", "server", "client", "consumer")


def named(about: Mapping[str, Any]) -> dict[str, Any]:
    """OpenTelemetry's names of what is told; what is empty is left out."""
    return {
        name.replace("__", "."): value if isinstance(value, int) else str(value)
        for name, value in about.items()
        if value not in (None, "")
    }


class Traces:
    """A span around each request, named by its route; paths and queries may hold secrets."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not is_wanted():
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.trusted = proxies.networks(settings.TRUSTED_PROXIES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        method = request.method or ""
        with spans.span(
            method, "server", http__request__method=method, parent=self.context_of(request)
        ) as tell:
            answer = self.get_response(request)
            tell(**told_of(request, answer, method))
            return answer

    def context_of(self, request: HttpRequest) -> Any:
        """The trace that a proxy of ours has begun; what strangers send is not believed."""
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        given = request.headers.get("traceparent", "")
        if not given or not proxies.is_trusted(request.META.get("REMOTE_ADDR", ""), self.trusted):
            return None
        return TraceContextTextMapPropagator().extract({"traceparent": given})


def told_of(request: HttpRequest, answer: HttpResponse, method: str) -> dict[str, Any]:
    """What is told of a request once it is answered."""
    found = request.resolver_match
    route = found.route if found else ""
    signed = getattr(request, "signed", None)
    organization = getattr(getattr(signed, "actor", None), "organization_id", None)
    return {
        "span_name": f"{method} {route}".strip(),
        "http__route": route,
        "http__response__status_code": answer.status_code,
        "guilder__request_id": getattr(request, "request_id", ""),
        "guilder__organization": str(organization) if organization and organization.int else "",
        "failed": answer.status_code >= 500,
    }


def statement(sql: Any) -> dict[str, Any]:
    """What is told of a statement: its text has placeholders where values are."""
    text = " ".join(sql.split()) if isinstance(sql, str) else type(sql).__name__
    return {
        "db__system__name": "postgresql",
        "db__operation__name": text.partition(" ")[0].upper(),
        "db__query__text": text[:LONGEST],
    }


class Cursor(journeys.Cursor):
    """The cursor of hand-written statements, with a span around each."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "Cursor":
        """As psycopg's."""
        about = statement(query)
        with spans.span(about["db__operation__name"], "client", **about):
            super().execute(query, params, **options)
            return self


def watch(*, connection: Any, **_: Any) -> None:
    """Follow what a new connection of Django's is asked."""
    if around not in connection.execute_wrappers:
        connection.execute_wrappers.append(around)


def around(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Django's way to a statement, with a span around it."""
    about = statement(sql)
    with spans.span(about["db__operation__name"], "client", **about):
        return execute(sql, params, many, context)
