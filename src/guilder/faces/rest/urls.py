"""Addresses of the API and its documentation."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt

from guilder.faces.rest import arrivals, docs, hooks, problems, v1  # noqa: F401  (v1 fills the table)
from guilder.faces.rest.door import view_of
from guilder.faces.rest.openapi import PARAMETER
from guilder.faces.rest.routes import ROUTES, Route


@csrf_exempt  # it does nothing but say so
def not_found(request: HttpRequest) -> HttpResponse:
    """An address under /api/ that is none."""
    return problems.problem(
        status=404,
        title="There is no such address",
        code="request.no_such_address",
        detail="See /api/v1/openapi.json for all addresses.",
        request_id=getattr(request, "request_id", ""),
        instance=request.path,
    )


def api_patterns() -> list[URLPattern]:
    """One Django path for each path of the table."""
    paths: dict[str, dict[str, Route]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method] = route
    return [
        path("api/v1/" + PARAMETER.sub(r"<uuid:\1>", where), view_of(routes))
        for where, routes in paths.items()
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/openapi.json", docs.openapi),
    path("in/<uuid:organization>/<str:key>/", arrivals.arrival),
    path("hooks/<slug:kind>/<str:token>/", hooks.hook),
    path("swagger/", docs.swagger),
    path("redoc/", docs.redoc),
    *api_patterns(),
    re_path(r"^api/", not_found),
]
