"""Judges calls and answers by the OpenAPI document that a service publishes of itself."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema_rs

from tests.fakes.serving import nested

# What says something of a schema's shape and nothing of a value; some are misused in documents.
WORDS_ONLY = ("example", "examples", "description", "title", "discriminator", "default", "format",
              "xml", "externalDocs", "deprecated", "readOnly", "writeOnly")  # fmt: skip
INNER = ("allOf", "anyOf", "oneOf")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call and its answer."""

    method: str
    url: str
    head: Mapping[str, str]
    body: bytes
    status: int
    answer: Any


@dataclass(slots=True)
class Published:
    """One document; `base` is the part of the path that its servers stand for."""

    text: dict[str, Any]
    base: str = ""
    made: dict[str, Any] = field(default_factory=dict[str, Any])

    def problems(self, one: Exchange) -> Iterator[str]:
        """What the document says against a call and its answer."""
        parts = urlsplit(one.url)
        found = self.operation(one.method, parts.path)
        if found is None:
            yield f"{one.method} {parts.path} is not documented"
            return
        name, operation, shared = found
        where = f"{one.method} {name}"
        parameters = [self.solved(p) for p in (*shared, *operation.get("parameters", ()))]
        for what in self.asked(parameters, parts.query, one.head):
            yield f"{where}: {what}"
        for what in self.sent(operation, one):
            yield f"{where} asks: {what}"
        for what in self.said(operation, one):
            yield f"{where} answers {one.status}: {what}"

    def operation(self, method: str, path: str) -> tuple[str, Any, list[Any]] | None:
        """(path as documented, operation, parameters of the path)."""
        path = path.removeprefix(self.base)
        fits = [name for name in self.text["paths"] if as_pattern(name).fullmatch(path)]
        for name in sorted(fits, key=lambda one: one.count("{")):
            about = self.text["paths"][name]
            if method.lower() in about:
                return name, about[method.lower()], about.get("parameters", [])
        return None

    def asked(self, parameters: list[Any], query: str, head: Mapping[str, str]) -> Iterator[str]:
        """Parameters of the query that are unknown, missing or wrong."""
        given = nested(parse_qsl(query, keep_blank_values=True))
        known = {p["name"].removesuffix("[]"): p for p in parameters if p["in"] == "query"}
        for name, value in given.items():
            if name not in known:
                yield f"no parameter ?{name}"
                continue
            schema = known[name].get("schema", {})
            value = listed(value)
            yield from self.faults(of_text(value), schema, f"?{name}", loose=value)
        for name, about in known.items():
            if about.get("required") and name not in given:
                yield f"?{name} is missing"
        for about in parameters:
            is_wanted = about["in"] == "header" and about.get("required")
            if is_wanted and about["name"].lower() not in head:
                yield f"header {about['name']} is missing"

    def sent(self, operation: Any, one: Exchange) -> Iterator[str]:
        """What is wrong with the body of a call."""
        wanted = self.solved(operation.get("requestBody") or {})
        kinds = wanted.get("content") or {}
        if not one.body:
            if wanted.get("required"):
                yield "a body is wanted"
            return
        kind = one.head.get("content-type", "application/json").partition(";")[0]
        if kind not in kinds:
            yield f"a body of {kind} is not taken"
            return
        schema = kinds[kind].get("schema", {})
        if kind.endswith("form-urlencoded"):
            value: Any = listed(nested(parse_qsl(one.body.decode())))
            yield from self.faults(of_text(value), schema, "", loose=value)
        else:
            yield from self.faults(json.loads(one.body), schema, "")

    def said(self, operation: Any, one: Exchange) -> Iterator[str]:
        """What is wrong with an answer."""
        answers = operation["responses"]
        wide = f"{one.status // 100}XX"
        found = answers.get(str(one.status)) or answers.get(wide) or answers.get("default")
        if found is None:
            yield "the status is not documented"
            return
        kinds = self.solved(found).get("content") or {}
        schema = next((kinds[kind].get("schema") for kind in kinds if "json" in kind), None)
        if schema is not None:
            yield from self.faults(one.answer, schema, "", hidden="writeOnly")

    def faults(self, value: Any, schema: Any, where: str, *, loose: Any = None,
               hidden: str = "readOnly") -> Iterator[str]:  # fmt: skip
        """Where a value is not as its schema says, or has what the schema does not know.

        `loose` is the same value with all scalars as text, as forms and queries carry it; what is
        marked as `hidden` may be missing.
        """
        yield from self.strangers(value, [schema], where)
        judge = self.judge(schema, hidden)
        first = [f"{where}{_path(e.instance_path)}: {e.message}" for e in judge.iter_errors(value)]
        if first and loose is not None and judge.is_valid(loose):
            return
        yield from (one[:300] for one in first)

    def judge(self, schema: Any, hidden: str) -> Any:
        """A validator of a schema of this document."""
        key = hidden + json.dumps(schema, sort_keys=True)
        if key not in self.made:
            if hidden not in self.made:
                self.made[hidden] = plain(self.text.get("components", {}), hidden)
            whole = {"components": self.made[hidden], **plain(schema, hidden)}
            self.made[key] = jsonschema_rs.Draft202012Validator(whole)
        return self.made[key]

    def strangers(self, value: Any, schemas: list[Any], where: str) -> Iterator[str]:
        """Fields that none of the schemas knows."""
        flat = [one for schema in schemas for one in self.spread(schema)]
        if isinstance(value, list):
            items = [one["items"] for one in flat if "items" in one]
            for place, one in enumerate(value):
                yield from self.strangers(one, items, f"{where}/{place}")
            return
        if not isinstance(value, Mapping):
            return
        named = [one for one in flat if one.get("properties")]
        free = [one["additionalProperties"] for one in flat if one.get("additionalProperties")]
        open_ones = [
            one for one in flat if one.get("type") == "object" and not one.get("properties")
        ]
        for name, inner in value.items():
            found = [one["properties"][name] for one in named if name in one["properties"]]
            found += [one for one in free if isinstance(one, Mapping)]
            if not found and named and not free and not open_ones:
                yield f"{where}/{name} is not documented"
            elif found:
                yield from self.strangers(inner, found, f"{where}/{name}")

    def spread(self, schema: Any, depth: int = 0) -> Iterator[Any]:
        """A schema and all that it is made of."""
        if not isinstance(schema, Mapping) or depth > 12:
            return
        schema = self.solved(schema)
        yield schema
        for word in INNER:
            for one in schema.get(word, ()):
                yield from self.spread(one, depth + 1)

    def solved(self, found: Any) -> Any:
        """What a reference leads to."""
        while isinstance(found, Mapping) and "$ref" in found:
            at: Any = self.text
            for step in found["$ref"].removeprefix("#/").split("/"):
                at = at[step.replace("~1", "/").replace("~0", "~").replace("%20", " ")]
            found = at
        return found


def as_pattern(path: str) -> re.Pattern[str]:
    """/a/{b} as a pattern."""
    return re.compile(re.sub(r"\\\{[^/]+?\\\}", "[^/]+", re.escape(path)))


def _path(steps: Any) -> str:
    return "".join(f"/{step}" for step in steps)


def plain(schema: Any, hidden: str) -> Any:
    """A schema of OpenAPI 3.0 or 3.1 in the words of JSON Schema 2020-12; what is marked as
    `hidden` (readOnly in calls, writeOnly in answers) is required no longer."""
    if isinstance(schema, list):
        return [plain(one, hidden) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    made = {
        name: inside(name, one, hidden) for name, one in schema.items() if name not in WORDS_ONLY
    }
    if isinstance(made.get("required"), list):
        about = schema.get("properties") or {}
        made["required"] = [n for n in made["required"] if not (about.get(n) or {}).get(hidden)]
    for edge, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(made.get(edge), bool) and made.pop(edge) and limit in made:
            made[edge] = made.pop(limit)
    if made.pop("nullable", False) is True:
        return {"anyOf": [made, {"type": "null"}]}
    return made


def inside(name: str, value: Any, hidden: str) -> Any:
    """The inside of a word; names of properties are not words."""
    if name in {"properties", "schemas", "patternProperties"} and isinstance(value, Mapping):
        return {one: plain(inner, hidden) for one, inner in value.items()}
    if name in {"enum", "const", "required"}:
        return value
    return plain(value, hidden)


def listed(value: Any) -> Any:
    """{"0": a, "1": b} as [a, b], as forms write lists."""
    if not isinstance(value, Mapping):
        return value
    if value and all(name.isdecimal() for name in value):
        return [listed(one) for one in value.values()]
    return {name: listed(one) for name, one in value.items()}


def of_text(value: Any) -> Any:
    """Numbers and yes or no out of text, as the service reads a form."""
    if isinstance(value, list):
        return [of_text(one) for one in value]
    if isinstance(value, Mapping):
        return {name: of_text(one) for name, one in value.items()}
    if value in {"true", "false"}:
        return value == "true"
    return int(value) if re.fullmatch(r"-?\d{1,15}", value) else value
