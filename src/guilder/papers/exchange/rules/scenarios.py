"""Which rules judge a paper: chosen from its root element and from what it says that it follows.

The identifiers are those of EN 16931 (BT-24) as the publishers of each rule set give them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

UBL = frozenset({"ubl-invoice", "ubl-creditnote"})
CII = frozenset({"cii"})

ITALIAN = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2"
ROOTS = {
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice": "ubl-invoice",
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote": "ubl-creditnote",
    "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice": "cii",
    "{urn:ferd:CrossIndustryDocument:invoice:1p0}CrossIndustryDocument": "zugferd1",
    f"{{{ITALIAN}}}FatturaElettronica": "fatturapa",
    "{http://crd.gov.pl/wzor/2023/06/29/12648/}Faktura": "ksef-fa2",
    "{http://crd.gov.pl/wzor/2025/06/25/13775/}Faktura": "ksef-fa3",
}
SCHEMAS = {
    "ubl-invoice": "schema-ubl-invoice",
    "ubl-creditnote": "schema-ubl-creditnote",
    "cii": "schema-cii",
    "zugferd1": "schema-zugferd1",
    "fatturapa": "schema-fatturapa",
    "ksef-fa2": "schema-ksef-fa2",
    "ksef-fa3": "schema-ksef-fa3",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A rule set as a whole: the schema, then the sheets, each a part of some pack."""

    name: str
    title: str
    schema: str
    sheets: tuple[str, ...] = ()
    # The part of the sheets without which the rest still says something on its own, and the
    # scenario that the rest is: Peppol's rules are an addition to EN 16931, PINT's are not.
    base: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the table below."""

    pattern: re.Pattern[str]
    kinds: frozenset[str]
    scenario: Scenario


def _scenario(name: str, title: str, *sheets: str, base: str = "", schema: str = "") -> Scenario:
    return Scenario(name=name, title=title, schema=schema, sheets=sheets, base=base)


EN_UBL = _scenario("en16931-ubl", "EN 16931 (UBL)", "en16931-ubl")
EN_CII = _scenario("en16931-cii", "EN 16931 (CII)", "en16931-cii")
# What a tax office publishes no sheets for is judged by its schema.
BY_SCHEMA = {
    name: _scenario(name, title)
    for name, title in (
        ("zugferd1", "ZUGFeRD 1.0 (schema only)"),
        ("fatturapa", "FatturaPA (schema only)"),
        ("ksef-fa2", "KSeF FA(2) (schema only)"),
        ("ksef-fa3", "KSeF FA(3) (schema only)"),
    )
}


def _xrechnung(flavour: str, title: str) -> tuple[Scenario, Scenario]:
    name = f"xrechnung{flavour}"
    return (
        _scenario(
            f"{name}-ubl", f"{title} (UBL)", "en16931-ubl", "xrechnung-ubl", base=EN_UBL.name
        ),
        _scenario(
            f"{name}-cii", f"{title} (CII)", "en16931-cii", "xrechnung-cii", base=EN_CII.name
        ),
    )


def _pint(name: str, title: str, *more: str) -> Scenario:
    return _scenario(name, title, f"{name}-shared", f"{name}-own", *more)


X_PLAIN = _xrechnung("", "XRechnung")
X_EXTENSION = _xrechnung("-extension", "XRechnung Extension")
X_CVD = _xrechnung("-cvd", "XRechnung CVD")
PEPPOL_UBL = _scenario(
    "peppol-ubl", "Peppol BIS Billing 3.0 (UBL)", "en16931-ubl", "peppol-ubl", base=EN_UBL.name
)
PEPPOL_CII = _scenario(
    "peppol-cii", "Peppol BIS Billing 3.0 (CII)", "en16931-cii", "peppol-cii", base=EN_CII.name
)
PEPPOL_SELF = _scenario(
    "peppol-sb-ubl",
    "Peppol BIS Self-Billing 3.0 (UBL)",
    "en16931-ubl",
    "peppol-ubl-sb",
    base=EN_UBL.name,
)
PROFILES = {
    name: _scenario(
        f"facturx-{name}", f"Factur-X {told}", f"facturx-{name}", schema=f"schema-facturx-{name}"
    )
    for name, told in (
        ("minimum", "MINIMUM"),
        ("basicwl", "BASIC WL"),
        ("basic", "BASIC"),
        ("extended", "EXTENDED"),
    )
}
# What each jurisdiction of PINT calls itself; self-billing has sheets of its own.
PINTS = {
    name: (_pint(name, f"Peppol PINT {told}", *more), f"peppol:pint:{said}-1")
    for name, told, said, more in (
        ("pint-eu", "EU", "(self)?billing-1@eu", ("pint-eu-en16931",)),
        ("pint-aunz", "Australia and New Zealand", "billing-1@aunz", ()),
        ("pint-aunz-sb", "Australia and New Zealand, self-billing", "selfbilling-1@aunz", ()),
        ("pint-jp", "Japan", "billing-1@jp", ()),
        ("pint-jp-sb", "Japan, self-billing", "selfbilling-1@jp", ()),
        ("pint-jp-ntr", "Japan, not registered for tax", "nontaxinvoice-1@jp", ()),
        ("pint-sg", "Singapore", "(self)?billing-1@sg", ()),
        ("pint-my", "Malaysia", "billing-1@my", ()),
        ("pint-my-sb", "Malaysia, self-billing", "selfbilling-1@my", ()),
        ("pint-ae", "United Arab Emirates", "billing-1@ae", ()),
        ("pint-ae-sb", "United Arab Emirates, self-billing", "selfbilling-1@ae", ()),
    )
}


def _choice(pattern: str, kinds: frozenset[str], scenario: Scenario) -> Choice:
    return Choice(re.compile(pattern, re.IGNORECASE), kinds, scenario)


# The first line that fits a paper is its scenario.
CHOICES: tuple[Choice, ...] = (
    *(
        _choice(pattern, kinds, scenario)
        for pattern, pair in (
            (r"kosit:extension:xrechnung_", X_EXTENSION),
            (r"kosit:xrechnung:cvd_", X_CVD),
            (r"kosit:(standard:)?xrechnung_", X_PLAIN),
        )
        for kinds, scenario in zip((UBL, CII), pair, strict=True)
    ),
    *(_choice(pattern, UBL, scenario) for scenario, pattern in PINTS.values()),
    _choice(r"peppol\.eu:\d+:poacc:selfbilling:3", UBL, PEPPOL_SELF),
    _choice(r"peppol\.eu:\d+:poacc:billing:3", UBL, PEPPOL_UBL),
    _choice(r"peppol\.eu:\d+:poacc:(self)?billing:3", CII, PEPPOL_CII),
    _choice(r"(factur-x|zugferd)\S*[:.]minimum$", CII, PROFILES["minimum"]),
    _choice(r"(factur-x|zugferd)\S*[:.]basicwl$", CII, PROFILES["basicwl"]),
    _choice(r"(factur-x|zugferd)\S*[:.]basic$", CII, PROFILES["basic"]),
    _choice(r"(factur-x|zugferd)\S*[:.]extended$", CII, PROFILES["extended"]),
    _choice(r"peppol:pint:", UBL, _scenario("pint", "Peppol PINT", "pint-unknown")),
    *(_choice(r"", frozenset({name}), scenario) for name, scenario in BY_SCHEMA.items()),
    _choice(r"", UBL, EN_UBL),
    _choice(r"", CII, EN_CII),
)
BY_NAME = {choice.scenario.name: choice.scenario for choice in CHOICES}


def scenario_of(kind: str, profile: str) -> Scenario | None:
    """The rules for a paper of `kind` that says it follows `profile`; None for a foreign kind."""
    for choice in CHOICES:
        if kind in choice.kinds and choice.pattern.search(profile):
            return with_schema(choice.scenario, kind)
    return None


def with_schema(scenario: Scenario, kind: str) -> Scenario:
    """`scenario` with the schema of the paper's own syntax, where it names none."""
    return scenario if scenario.schema else replace(scenario, schema=SCHEMAS.get(kind, ""))


def parts_of(scenarios: Iterable[Scenario]) -> frozenset[str]:
    """Every part that these scenarios ask for."""
    return frozenset(part for one in scenarios for part in (one.schema, *one.sheets) if part)
