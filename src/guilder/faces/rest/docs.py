"""The API's description and its two browsers, from our own files."""

from functools import cache

import msgspec
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from guilder.faces.rest.openapi import document

SPEC = "/api/v1/openapi.json"


@cache
def described() -> bytes:
    """The OpenAPI document, made once per process."""
    return msgspec.json.encode(document())


def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """GET /api/v1/openapi.json"""
    return HttpResponse(described(), content_type="application/json")


def swagger(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """GET /swagger/"""
    return HttpResponse(render_to_string("api/swagger.html", {"spec_url": SPEC}))


def redoc(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """GET /redoc/"""
    return HttpResponse(render_to_string("api/redoc.html", {"spec_url": SPEC}))
