"""Asking the rules: schema first, then each sheet. Runs in a limited process of its own.

The sheets are programs of others and the papers are hostile: `exchange.judging` starts this where
there is no network, with bounded time and memory. A paper is parsed by the hardened reader and
handed on as text without any document type; Saxon itself opens only files, never addresses.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, cast

from lxml import etree
from saxonche import PySaxonApiError, PySaxonProcessor

from guilder.kernel import xml
from guilder.kernel.errors import Invalid
from guilder.papers.exchange.formats import pdf
from guilder.papers.exchange.rules import lean, scenarios
from guilder.papers.exchange.rules.packs import Pack
from guilder.papers.exchange.rules.scenarios import Scenario
from guilder.papers.exchange.rules.verdict import SEVERITIES, Fired, Verdict

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
ENVELOPE = (
    "{http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader}"
    "StandardBusinessDocument"
)
PROFILE_PATHS = {
    "ubl-invoice": "{*}CustomizationID",
    "ubl-creditnote": "{*}CustomizationID",
    "cii": "{*}ExchangedDocumentContext/{*}GuidelineSpecifiedDocumentContextParameter/{*}ID",
    "zugferd1": "{*}SpecifiedExchangedDocumentContext/"
    "{*}GuidelineSpecifiedDocumentContextParameter/{*}ID",
    "fatturapa": "FatturaElettronicaHeader/DatiTrasmissione/FormatoTrasmissione",
    "ksef-fa2": "{*}Naglowek/{*}KodFormularza",
    "ksef-fa3": "{*}Naglowek/{*}KodFormularza",
}
SHORT = {"info": "information", "warn": "warning"}
ABORTED = "XSLT-ABORT"
SEVERAL = "PDF-SEVERAL"
UNNAMED = "FX-noid"
NUMBERED = re.compile(r"FX-SCH-A-\d{6}")
LEADING_ID = re.compile(r"^\s*\[([A-Za-z][A-Za-z0-9-]*)\]")
MOST_FAULTS = 20  # of the schema: what follows the first ones is most often their echo
MOST_FIRED = 500
MOST_TEXT = 1000
PREFIX = re.compile(r"\b\w+:(?=[A-Z])")
STEPS = (  # how the two compilers of Schematron write a path
    (re.compile(r"\*:([\w.-]+)\[namespace-uri\(\)='[^']*'\]"), r"\1"),
    (re.compile(r"Q\{[^}]*\}"), ""),
    (re.compile(r"\[1\]"), ""),
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that was read: its tree and what it says that it is."""

    root: xml.Element
    kind: str
    profile: str
    hybrid: bool
    sha256: str
    attachment: str = ""  # its name in a hybrid PDF


def judge(
    data: bytes, chosen: Mapping[str, Pack], *, scenario: str = "", attachment: str = ""
) -> Verdict:
    """The verdict on the paper in `data` by the packs `chosen` for each part; never raises Invalid.

    `scenario` names the rules to use instead of those that the paper asks for, `attachment` the
    file in a hybrid PDF to judge instead of the one that readers take.
    """
    try:
        paper = read(data, attachment)
    except Invalid as error:
        fired = Fired(rule=error.code, severity="fatal", text=error.detail)
        digest = hashlib.sha256(data).hexdigest()
        return Verdict(
            scenario="", valid=False, fired=(fired,), sha256=digest, attachment=attachment
        )
    verdict = _verdict(paper, chosen, scenario)
    if not paper.hybrid or attachment:
        return verdict
    return _with_others(verdict, tuple(_others(data, paper, chosen)))


def _verdict(paper: Paper, chosen: Mapping[str, Pack], scenario: str) -> Verdict:
    wanted = _wanted(paper, scenario)
    if wanted is None:
        return _unjudged(paper, ("",))
    missing = tuple(part for part in (wanted.schema, *wanted.sheets) if part not in chosen)
    if wanted.base and any(part not in chosen for part in wanted.sheets):
        wanted = scenarios.with_schema(scenarios.BY_NAME[wanted.base], paper.kind)
    if any(part not in chosen for part in wanted.sheets or (wanted.schema,)):
        return _unjudged(paper, missing)
    return _judged(paper, wanted, chosen, missing)


def _others(data: bytes, paper: Paper, chosen: Mapping[str, Pack]) -> Iterator[Verdict]:
    """The verdicts on what else in the PDF is an invoice; each by the rules that it asks for."""
    for name, content in pdf.other_xml(data, paper.attachment):
        with suppress(Invalid):  # what cannot be read need not be an invoice
            other = _paper(content, attachment=name)
            if other.kind:
                yield _verdict(other, chosen, "")


def _with_others(verdict: Verdict, others: tuple[Verdict, ...]) -> Verdict:
    """`verdict` with a warning where other invoices stand beside its own."""
    if not others:
        return verdict
    words = {True: "valid", False: "not valid", None: "not judged"}
    named = ", ".join(f"{one.attachment} ({words[one.valid]})" for one in (verdict, *others))
    text = f"This PDF holds {len(others) + 1} invoices, which may disagree: {named}."
    warning = Fired(rule=SEVERAL, severity="warning", text=text[:MOST_TEXT])
    return replace(verdict, fired=_once((*verdict.fired, warning)), others=others)


def read(data: bytes, attachment: str = "") -> Paper:
    """The paper in XML or in a hybrid PDF, in the file `attachment` where that is given; raises
    the errors of kernel.xml and formats.pdf.
    """
    if b"%PDF-" not in data[:1024]:
        return _paper(data)
    name, content = pdf.attached_xml(data, attachment)
    return _paper(content, attachment=name)


def _paper(content: bytes, attachment: str = "") -> Paper:
    root = xml.parse(content)
    if root.tag == ENVELOPE:
        inner = [child for child in root if child.tag in scenarios.ROOTS]
        root = inner[0] if len(inner) == 1 else root
    kind = scenarios.ROOTS.get(str(root.tag), "")
    profile = xml.text_at(root, PROFILE_PATHS[kind]) if kind else ""
    digest = hashlib.sha256(content).hexdigest()
    return Paper(
        root=root,
        kind=kind,
        profile=profile[:300],
        hybrid=bool(attachment),
        sha256=digest,
        attachment=attachment,
    )


def fired_by(data: bytes, pack: Pack, part: str) -> tuple[Fired, ...]:
    """What one sheet says of a piece of XML, without its schema; raises kernel.xml's errors."""
    return tuple(_sheet_findings(_saxon_tree(xml.parse(data)), pack, part))


def _wanted(paper: Paper, scenario: str) -> Scenario | None:
    if scenario and scenario in scenarios.BY_NAME:
        return scenarios.with_schema(scenarios.BY_NAME[scenario], paper.kind)
    return scenarios.scenario_of(paper.kind, paper.profile)


def _unjudged(paper: Paper, missing: Iterable[str]) -> Verdict:
    named = tuple(part for part in missing if part)
    if not paper.kind:
        named = (f"rules for {xml.local_name(paper.root)[:60]}",)
    return Verdict(
        scenario="",
        valid=None,
        missing=named,
        kind=_kind(paper),
        profile=paper.profile,
        sha256=paper.sha256,
        attachment=paper.attachment,
    )


def _kind(paper: Paper) -> str:
    return f"pdf-{paper.kind}" if paper.hybrid else paper.kind


def _judged(
    paper: Paper, wanted: Scenario, chosen: Mapping[str, Pack], missing: tuple[str, ...]
) -> Verdict:
    fired: list[Fired] = []
    asked: list[str] = []
    if schema := chosen.get(wanted.schema):  # without it the sheets still judge what they know
        fired += _schema_faults(paper.root, schema, wanted.schema)
        asked.append(schema.label)
    node = None
    for part in wanted.sheets:
        pack = chosen[part]
        asked.append(pack.label)
        node = node if node is not None else _saxon_tree(paper.root)
        levels = _levels(chosen, wanted, paper.kind)
        fired += (_relevelled(one, levels) for one in _sheet_findings(node, pack, part))
    found = _once(fired)
    return Verdict(
        scenario=wanted.name,
        valid=not any(one.is_grave for one in found),
        fired=found,
        packs=tuple(dict.fromkeys(asked)),
        missing=missing,
        kind=_kind(paper),
        profile=paper.profile,
        sha256=paper.sha256,
        attachment=paper.attachment,
    )


def _levels(chosen: Mapping[str, Pack], wanted: Scenario, kind: str) -> dict[str, str]:
    """The severities that the publisher of the scenario's own sheets changes."""
    name = wanted.name.removesuffix("-ubl").removesuffix("-cii")
    found: dict[str, str] = {}
    for part in wanted.sheets:
        found |= chosen[part].levels.get(f"{name}/{kind}", {})
    return found


def _relevelled(one: Fired, levels: Mapping[str, str]) -> Fired:
    level = levels.get(one.rule, one.severity)
    return one if level == one.severity else replace(one, severity=level, published=one.severity)


def _once(fired: Iterable[Fired]) -> tuple[Fired, ...]:
    """Gravest first, each rule once at each place, and no more than can be read."""
    unlike = dict.fromkeys(fired)
    ordered = sorted(unlike, key=lambda one: SEVERITIES.index(one.severity))
    return tuple(ordered[:MOST_FIRED])


def _schema_faults(root: xml.Element, pack: Pack, part: str) -> Iterator[Fired]:
    schema = _schema(str(pack.folder / pack.parts[part]))
    # A tree of its own: validating reads only, but an inner root must be a document's root.
    if schema.validate(root):
        return
    log = cast("Any", schema.error_log)  # the stubs do not know that it is iterable
    for error in list(log)[:MOST_FAULTS]:
        where = re.sub(
            r"/\*|\w+:(?=[A-Z])", lambda m: "" if m[0] != "/*" else "/*", error.path or ""
        )
        yield Fired(
            rule="XSD",
            severity="fatal",
            where=where[:400],
            text=re.sub(r"\{[^}]*\}", "", error.message)[:MOST_TEXT],
            pack=pack.label,
        )


def _sheet_findings(node: Any, pack: Pack, part: str) -> Iterator[Fired]:
    """What one sheet reports."""
    yield from _findings(_sheet(str(pack.folder / pack.parts[part])), node, pack)


def _findings(sheet: Any, node: Any, pack: Pack) -> Iterator[Fired]:
    """What a compiled sheet reports; an abort on a value that it did not expect is one too."""
    try:
        report = sheet.transform_to_string(xdm_node=node)
    except PySaxonApiError as error:
        text = f"The rules could not be asked to the end: {str(error).strip()}"
        yield Fired(rule=ABORTED, severity="fatal", text=text[:MOST_TEXT], pack=pack.label)
        return
    tree = etree.fromstring(report.encode(), _parser())
    for found in tree.iter(f"{SVRL}failed-assert", f"{SVRL}successful-report"):
        text = " ".join(str(found.findtext(f"{SVRL}text") or "").split())
        yield Fired(
            rule=_rule_of(found, text),
            severity=_severity_of(found),
            where=_place(found.get("location", "")),
            text=text[:MOST_TEXT],
            pack=pack.label,
        )


def _rule_of(found: xml.Element, text: str) -> str:
    """The official id; Factur-X often has only a number in its text, or none at all."""
    if given := found.get("id"):
        return given
    if numbered := NUMBERED.search(text):
        return numbered[0]
    named = LEADING_ID.match(text)
    return named[1] if named and "-" in named[1] else UNNAMED


def _severity_of(found: xml.Element) -> str:
    told = (found.get("flag") or found.get("role") or "fatal").lower()
    return {"info": "information", "warn": "warning"}.get(
        told, told if told in SEVERITIES else "fatal"
    )


def _place(location: str) -> str:
    for pattern, instead in STEPS:
        location = pattern.sub(instead, location)
    return location[:400]


@cache
def _schema(path: str) -> etree.XMLSchema:
    parser = _parser()
    parser.resolvers.add(Beside(Path(path).parent))
    return etree.XMLSchema(etree.parse(path, parser))


class Beside(etree.Resolver):
    """What a schema imports from an address is read from the file of that name beside it."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    # The stubs know neither the third argument nor what answers it.
    def resolve(self, system_url: Any, public_id: Any, context: Any = None) -> Any:
        """The file beside for an address; None, libxml2's own way, for everything else."""
        del public_id
        near = self.folder / (system_url or "").rpartition("/")[2]
        if "://" in (system_url or "") and near.is_file():
            return cast("Any", self).resolve_filename(str(near), context)
        return None


def _parser() -> etree.XMLParser:
    """For files of packs and for reports: trusted, and still without network and entities."""
    return etree.XMLParser(no_network=True, resolve_entities=False, huge_tree=True)


@cache
def _processor() -> PySaxonProcessor:
    processor = PySaxonProcessor(license=False)
    # Sheets of Factur-X read their code lists from beside themselves; nothing else is reachable.
    processor.set_configuration_property("http://saxon.sf.net/feature/allowedProtocols", "file")
    return processor


@cache
def _sheet(path: str) -> Any:
    if not Path(path).is_file():
        raise FileNotFoundError(path)
    compiler = _processor().new_xslt30_processor()
    if text := lean.text_of(Path(path)):
        with suppress(PySaxonApiError):  # then as it is published
            return compiler.compile_stylesheet(stylesheet_text=text)
    return compiler.compile_stylesheet(stylesheet_file=path)


def warm() -> None:
    """Start Saxon, which looks around on the machine while it does."""
    _processor().parse_xml(xml_text="<warm/>")


def compiles(sheet: bytes) -> bool:
    """Whether a sheet can be compiled; raises what Saxon says against it."""
    text = etree.tostring(etree.fromstring(sheet, _parser()), encoding="unicode")
    return bool(_processor().new_xslt30_processor().compile_stylesheet(stylesheet_text=text))


def _saxon_tree(root: xml.Element) -> Any:
    return _processor().parse_xml(xml_text=etree.tostring(root, encoding="unicode"))
