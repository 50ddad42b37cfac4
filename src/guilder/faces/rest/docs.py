"""The API's description and its two browsers, from our own files."""

from functools import cache

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guilder.faces.rest.openapi import document

SPEC = "/api/v1/openapi.json"


@cache
def described() -> bytes:
    """The OpenAPI document, made once per process."""
    return msgspec.json.encode(document())


def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """GET /api/v1/openapi.json"""
    return HttpResponse(described(), content_type="application/json")


def swagger(request: HttpRequest) -> HttpResponse:
    """GET /swagger/"""
    return render(request, "api/swagger.html", {"spec_url": SPEC})


def redoc(request: HttpRequest) -> HttpResponse:
    """GET /redoc/"""
    return render(request, "api/redoc.html", {"spec_url": SPEC})
