"""OpenAPI 3.1 of the route table."""

import re
from typing import Any

import msgspec

import guilder
from guilder.faces.rest.listing import sorts_of
from guilder.faces.rest.problems import MEDIA_TYPE, STATUS
from guilder.faces.rest.routes import OPEN, ROUTES, SIGNED_IN, Route, reading_of

PARAMETER = re.compile(r"\{(\w+)\}")
PROBLEM = {
    "type": "object",
    "description": "A problem (RFC 9457); `code` is stable, `detail` says what to do.",
    "required": ["type", "title", "status", "code", "detail", "instance", "request_id", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer to the fault"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
TAG = "The mark of this answer; send it as If-None-Match or If-Match."
TITLES = {status: title for _, status, title in STATUS}
HEADERS = {
    "Idempotency-Key": "Repeating a request with the same key has one effect and one answer.",
    "If-Match": "The ETag that a read gave; 412 when the resource was changed since.",
    "If-None-Match": "ETags that one has; 304 when the answer is still one of them.",
    "Guilder-Organization": "Which organization is meant, where a person belongs to several.",
}


def document() -> dict[str, Any]:
    """The whole description."""
    structs = {
        struct for route in ROUTES for struct in (route.body, route.answer) if is_shape(struct)
    }
    ordered = sorted(structs, key=lambda struct: struct.__name__)
    _, components = msgspec.json.schema_components(
        ordered, ref_template="#/components/schemas/{name}"
    )
    for name in taken_shapes():
        allow_null(components[name])
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths.setdefault(f"/api/v1/{route.path}", {})[route.method.lower()] = operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Guilder",
            "version": guilder.__version__,
            "description": "Invoicing and billing. Amounts are decimal strings, dates ISO 8601.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in sorted({route.tag for route in ROUTES})],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {**components, "Problem": PROBLEM},
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An access token of /api/v1/auth/login/ or an API key.",
                }
            },
        },
    }


def taken_shapes() -> set[str]:
    """The names of all shapes that requests have, those inside others included."""
    found: set[str] = set()
    for route in ROUTES:
        if route.body is not None:
            found |= set(msgspec.json.schema_components([route.body])[1])
    return found


def allow_null(schema: dict[str, Any]) -> None:
    """Say that null is as good as leaving an optional field out."""
    required = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        if name not in required and {"type": "null"} not in inner.get("anyOf", ()):
            default = {"default": inner.pop("default")} if "default" in inner else {}
            schema["properties"][name] = {"anyOf": [inner, {"type": "null"}], **default}


def is_shape(value: Any) -> bool:
    """Whether `value` is a Struct."""
    return isinstance(value, type) and issubclass(value, msgspec.Struct)


def operation(route: Route) -> dict[str, Any]:
    """One method of one path."""
    described: dict[str, Any] = {
        "operationId": route.name,
        "tags": [route.tag],
        "summary": route.summary,
        "parameters": parameters(route),
        "responses": responses(route),
        "security": [] if route.permission == OPEN else [{"bearer": []}],
    }
    if route.permission not in {OPEN, SIGNED_IN}:
        described["description"] = f"Needs the permission `{route.permission}`."
        described["x-permission"] = route.permission
    if route.body is not None:
        content: dict[str, Any] = {"schema": reference(route.body)}
        if route.example is not None:
            content["example"] = route.example
        described["requestBody"] = {"required": True, "content": {route.media_type: content}}
    return described


def parameters(route: Route) -> list[dict[str, Any]]:
    """Path, header and query parameters."""
    made: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "format": "uuid"},
        }
        for name in PARAMETER.findall(route.path)
    ]
    if route.permission != OPEN:
        made.append(header("Guilder-Organization"))
        if route.takes_key:
            made.append(header("Idempotency-Key"))
        if route.changes and reading_of(route) is not None:
            made.append(header("If-Match"))
        if route.method == "GET":
            made.append(header("If-None-Match"))
    made += [
        {"name": name, "in": "query", "description": words, "schema": {"type": "string"}}
        for name, words in route.query
    ]
    if route.listing is not None:
        made += listing_parameters(route.listing)
    return made


def header(name: str) -> dict[str, Any]:
    """One request header."""
    schema: dict[str, Any] = {"type": "string"}
    if name == "Idempotency-Key":
        schema |= {"minLength": 1, "maxLength": 255}
    return {"name": name, "in": "header", "description": HEADERS[name], "schema": schema}


def listing_parameters(listing: Any) -> list[dict[str, Any]]:
    """What a collection takes."""
    made = [
        query("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
        query("cursor", {"type": "string"}),
        query(
            "sort", {"type": "string", "enum": sorts_of(listing), "default": listing.default_sort}
        ),
        query("fields", {"type": "string"}),
    ]
    if listing.searches:
        made.append(query("q", {"type": "string"}))
    if listing.expands:
        made.append(query("expand", {"type": "string"}))
    for name, known in listing.filters.items():
        for operator in known.operators:
            made.append(query(f"{name}__{operator}" if operator else name, {"type": "string"}))
    return made


def query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """One query parameter."""
    return {"name": name, "in": "query", "schema": schema}


def responses(route: Route) -> dict[str, Any]:
    """Success and every refusal."""
    made: dict[str, Any] = {}
    if route.answer is None:
        made["204"] = {"description": "Done"}
    elif route.answer is bytes:
        made["200"] = {
            "description": route.summary,
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        }
    else:
        made[str(route.status)] = {
            "description": route.summary,
            "content": {"application/json": {"schema": answer_schema(route)}},
        }
    if route.method == "GET":
        made["304"] = {"description": "Not changed since the ETag in If-None-Match"}
        made["200"]["headers"] = {"ETag": {"description": TAG, "schema": {"type": "string"}}}
    refusals = [429, 500, 503]
    if route.permission != OPEN:
        refusals += [401, 403]
    else:
        refusals += [401]
    if "{" in route.path:
        refusals.append(404)
    if route.changes:
        refusals += [400, 404, 409, 412, 422]
    if route.listing is not None or route.query:
        refusals.append(422)
    for status in sorted(set(refusals)):
        made[str(status)] = {
            "description": TITLES.get(status, "Something went wrong"),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return made


def answer_schema(route: Route) -> dict[str, Any]:
    """The schema of a success; a collection wraps its rows."""
    if route.listing is None:
        return reference(route.answer)
    return {
        "type": "object",
        "required": ["data", "next"],
        "properties": {
            "data": {"type": "array", "items": reference(route.answer)},
            "next": {"type": ["string", "null"], "description": "`cursor` of the next page"},
        },
    }


def reference(shape: Any) -> dict[str, Any]:
    """A reference to a Struct's schema; any other object stays free."""
    if is_shape(shape):
        return {"$ref": f"#/components/schemas/{shape.__name__}"}
    return {"type": "object"}
