"""Making a sheet (XSLT) of rules that are published as ISO Schematron source.

OpenPeppol publishes Peppol BIS Billing as source alone. Each pattern becomes a mode, each rule a
template of it: a node is judged by the first rule of a pattern whose context it matches, as ISO/IEC
19757-3, 6.5 wants it. The report is SVRL, like that of the publishers' own sheets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from guilder.kernel import xml
from guilder.kernel.errors import Invalid

SCHEMATRON = "http://purl.oclc.org/dsdl/schematron"
XSL = "http://www.w3.org/1999/XSL/Transform"
OWN = {
    "xsl": XSL,
    "svrl": "http://purl.oclc.org/dsdl/svrl",
    "xs": "http://www.w3.org/2001/XMLSchema",
}
LANGUAGES = frozenset(("xslt2", "xslt3", "xpath2", "xpath3"))
TESTS = {"assert": "failed-assert", "report": "successful-report"}
COPIED = ("id", "flag", "role")
PASSED_OVER = frozenset(("title", "p", "ns", "phase", "diagnostics", "properties"))
MARKUP = frozenset(("emph", "span", "dir"))
BREAKS = {ord("\n"): "&#10;", ord("\r"): "&#13;", ord("\t"): "&#9;"}
HIGHEST = 10_000  # rules of one pattern


class SchematronUnknown(Invalid):
    """The source says something that this way of reading it does not know."""

    code = "rules.schematron_unknown"


def sheet_of(source: bytes) -> bytes:
    """The sheet that judges as the Schematron `source` says.

    Raises SchematronUnknown, rather than leave a rule out, and the errors of kernel.xml.
    """
    schema = xml.parse(source)
    if _name(schema) != "schema":
        raise SchematronUnknown("This is no ISO Schematron: its root is not “schema”.")
    language = schema.get("queryBinding", "xslt").lower()
    if language not in LANGUAGES:
        raise SchematronUnknown(f"Rules in “{language[:20]}” cannot be read, only in xslt2.")
    prefixes = {**_prefixes(schema), **OWN}
    declared = "".join(f" xmlns:{name}={quoted(uri)}" for name, uri in prefixes.items())
    body = "".join(_parts(schema))
    return f'<xsl:stylesheet version="3.0"{declared}>{body}</xsl:stylesheet>'.encode()


def _prefixes(schema: xml.Element) -> dict[str, str]:
    """What the source declares for its XPath, and for itself."""
    own = {prefix: uri for prefix, uri in schema.nsmap.items() if prefix}
    said = {
        str(one.get("prefix")): str(one.get("uri"))
        for one in _children(schema)
        if _name(one) == "ns"
    }
    return {**own, **said}


def _parts(schema: xml.Element) -> Iterator[str]:
    yield '<xsl:output method="xml"/>'
    patterns: list[tuple[str, xml.Element]] = []
    for one in _children(schema):
        name = _name(one)
        if name == "pattern":
            patterns.append((f"P{len(patterns)}", one))
        elif name == "let":
            yield _variable(one)
        elif xml.namespace_of(one) == XSL:
            yield xml.serialize(one).decode().partition("?>")[2] or ""
        elif name not in PASSED_OVER:
            raise _unknown(one)
    calls = "".join(f'<xsl:apply-templates select="/" mode="{mode}"/>' for mode, _ in patterns)
    yield f'<xsl:template match="/"><svrl:schematron-output>{calls}</svrl:schematron-output>'
    yield "</xsl:template>"
    for mode, pattern in patterns:
        yield from _pattern(pattern, mode)


def _pattern(pattern: xml.Element, mode: str) -> Iterator[str]:
    """The rules in the order of the source: the first that matches a node has it."""
    if pattern.get("abstract") or pattern.get("is-a"):
        raise SchematronUnknown("Abstract patterns cannot be read.")
    rules = [one for one in _children(pattern) if _name(one) == "rule"]
    if len(rules) >= HIGHEST:
        raise SchematronUnknown(f"A pattern has at most {HIGHEST:,} rules.")
    for one in _children(pattern):
        if _name(one) == "let":
            yield _variable(one)
        elif _name(one) not in {*PASSED_OVER, "rule"}:
            raise _unknown(one)
    abstract = {str(one.get("id")): one for one in rules if one.get("abstract") == "true"}
    concrete = [one for one in rules if one.get("abstract") != "true"]
    onward = f'<xsl:apply-templates select="{_below(concrete)}" mode="{mode}"/>'
    yield f'<xsl:template match="/|@*|node()" mode="{mode}" priority="-1">{onward}</xsl:template>'
    for place, rule in enumerate(concrete):
        context = quoted(_required(rule, "context"))
        yield f'<xsl:template match={context} mode="{mode}" priority="{HIGHEST - place}">'
        yield from _checks(rule, abstract)
        yield f"{onward}</xsl:template>"


def _below(rules: Iterable[xml.Element]) -> str:
    """The nodes that some context may be about; most rules are about elements alone."""
    contexts = " ".join(_required(rule, "context") for rule in rules)
    return "@*|node()" if re.search(r"@|\b(text|comment|node|attribute)\b", contexts) else "*"


def _checks(rule: xml.Element, abstract: Mapping[str, xml.Element]) -> Iterator[str]:
    for one in _children(rule):
        name = _name(one)
        if name == "let":
            yield _variable(one)
        elif name in TESTS:
            yield _check(one, TESTS[name])
        elif name == "extends" and one.get("rule") in abstract:
            rest = {key: other for key, other in abstract.items() if key != one.get("rule")}
            yield from _checks(abstract[str(one.get("rule"))], rest)
        elif name not in PASSED_OVER:
            raise _unknown(one)


def _check(one: xml.Element, report: str) -> str:
    test = _required(one, "test")
    said = "".join(f" {name}={quoted(_literal(one, name))}" for name in COPIED if one.get(name))
    fired = (
        f'<svrl:{report} location="{{path(.)}}"{said}>'
        f"<svrl:text>{''.join(_words(one))}</svrl:text></svrl:{report}>"
    )
    if report == "successful-report":
        return f"<xsl:if test={quoted(test)}>{fired}</xsl:if>"
    when = f"<xsl:when test={quoted(test)}/>"
    return f"<xsl:choose>{when}<xsl:otherwise>{fired}</xsl:otherwise></xsl:choose>"


def _literal(one: xml.Element, name: str) -> str:
    """An attribute as it is, where braces would be a formula."""
    return str(one.get(name)).replace("{", "{{").replace("}", "}}")


def _words(one: xml.Element) -> Iterator[str]:
    """The text of a check, with the values that it names."""
    yield _text(one.text)
    for child in _children(one):
        name = _name(child)
        if name == "value-of":
            yield f"<xsl:value-of select={quoted(_required(child, 'select'))}/>"
        elif name == "name":
            yield f"<xsl:value-of select={quoted('name(' + child.get('path', '.') + ')')}/>"
        elif name in MARKUP:
            yield from _words(child)
        else:
            raise _unknown(child)
        yield _text(child.tail)


def _text(text: str | None) -> str:
    return f"<xsl:text>{escape(text, quote=False)}</xsl:text>" if text else ""


def _variable(one: xml.Element) -> str:
    name, value = _required(one, "name"), _required(one, "value")
    return f"<xsl:variable name={quoted(name)} select={quoted(value)}/>"


def _required(one: xml.Element, name: str) -> str:
    value = one.get(name, "")
    if not value.strip():
        raise SchematronUnknown(f"A “{_name(one)}” in the source has no “{name}”.")
    return str(value)


def _children(one: xml.Element) -> Iterator[xml.Element]:
    yield from (child for child in one if isinstance(child.tag, str))


def _name(one: xml.Element) -> str:
    """The name within Schematron; "" for an element of another language."""
    return xml.local_name(one) if xml.namespace_of(one) == SCHEMATRON else ""


def _unknown(one: xml.Element) -> SchematronUnknown:
    named = xml.local_name(one)[:40]
    return SchematronUnknown(f"“{named}” in this Schematron source cannot be read.")


def quoted(value: str) -> str:
    """The value of an attribute, as it stands in a text."""
    return f'"{escape(value).translate(BREAKS)}"'
