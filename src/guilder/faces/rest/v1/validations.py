"""Official verdicts on e-invoices: of files that are sent, and of documents that are here."""

import binascii
from base64 import b64decode
from typing import Any

import msgspec
from django.utils.translation import gettext

from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.wire import Day
from guilder.kernel.wire import Wire
from guilder.office.dispatch import operations as dispatch
from guilder.papers.exchange import judging
from guilder.papers.exchange.formats.targets import TARGETS
from guilder.papers.exchange.rules import explain, scenarios
from guilder.papers.exchange.rules.verdict import Verdict

MOST = 90 << 20  # characters of base64
FORMAT = (("format", f"One of {', '.join(f'`{name}`' for name in TARGETS)}; `ubl` if left out."),)
EXAMPLE = {"content": "PEludm9pY2UgeG1sbnM9InVybjphIi8+"}


class ValidationIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A file to judge: XML or hybrid PDF in base64. `scenario` names rules to use instead of those
    that the file asks for, `attachment` the file in a PDF to judge where it holds several, `on` the
    day whose rules judge (today if left out)."""

    content: str
    scenario: str = ""
    attachment: str = ""
    on: Day | None = None


class FiredOut(msgspec.Struct):
    """A rule that fired: where in the file, in plain words, and what to do. `published` is the
    severity that its publisher gave it, where the configuration of its scenario says otherwise."""

    rule: str
    severity: str
    published: str
    where: str
    text: str
    fix: str
    term: str
    field: str
    official: str
    pack: str


class JudgedOut(msgspec.Struct):
    """An official verdict on one invoice. `valid` is null where no rules for it are at hand;
    `missing` names rules that it asks for and that were not asked; `attachment` is its file in a
    PDF."""

    scenario: str
    title: str
    valid: bool | None
    fired: list[FiredOut]
    packs: list[str]
    missing: list[str]
    kind: str
    profile: str
    sha256: str
    attachment: str


class VerdictOut(JudgedOut):
    """An official verdict; `others` are those on further invoices in the same PDF."""

    others: list[JudgedOut]


@route(
    "POST",
    "validations/",
    permission="invoice.view",
    body=ValidationIn,
    answer=VerdictOut,
    status=200,
    is_bare=True,
    scope="upload",
    example=EXAMPLE,
)
def validate_file(call: Call) -> VerdictOut:
    """Judge an e-invoice by the official rules"""
    wire = Wire(call.body)
    wire.known(ValidationIn.__struct_fields__)
    content = wire.text("content", most=MOST, required=True)
    scenario = wire.choice("scenario", ("", *scenarios.BY_NAME)) if wire.has("scenario") else ""
    attachment = wire.text("attachment", most=200) if wire.has("attachment") else ""
    on = wire.day("on")
    try:
        data = b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        wire.fault("content", "wire.not_base64", "Send the file in base64.")
        data = b""
    wire.done()
    verdict = judging.judge(
        data, on=on or call.today, scenario=scenario or "", attachment=attachment or ""
    )
    return shaped(verdict)


@route(
    "GET",
    "invoices/{id}/verdict/",
    permission="invoice.view",
    answer=VerdictOut,
    is_bare=True,
    query=FORMAT,
)
def judge_invoice(call: Call) -> Any:
    """Judge it as an e-invoice by the official rules"""
    name = call.request.GET.get("format") or "ubl"
    return shaped(dispatch.judge_paper(call.id, name=name, by=call.by, at=call.at, on=call.today))


def shaped(verdict: Verdict) -> VerdictOut:
    """A verdict as it is answered."""
    told = explain.told_verdict(verdict, translate=gettext)
    others = [JudgedOut(**of_one(one)) for one in told["others"]]
    return VerdictOut(**of_one(told), others=others)


def of_one(told: dict[str, Any]) -> dict[str, Any]:
    """The fields of a verdict on one invoice."""
    fired = [FiredOut(**one) for one in told["fired"]]
    return {**{name: value for name, value in told.items() if name != "others"}, "fired": fired}
