"""Asking the tax offices whether a VAT id is valid: VIES for the EU, HMRC for the United Kingdom.

Sources: European Commission, VIES REST API (check-vat-number); HMRC, Check a UK VAT number API 2.0,
which wants an application's credentials (`GUILDER_HMRC_ID`, `GUILDER_HMRC_SECRET`). Asked with the
own VAT id, both give a number that proves the question (Implementing Regulation (EU) 282/2011,
article 18(1)(a), takes it as evidence).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from django.conf import settings

from guilder.foundation.edges import outbound
from guilder.kernel.errors import Invalid, Unavailable
from guilder.kernel.identifiers import EU_VAT

LIMITS = outbound.Limits(connect=5, total=25, size=64 * 1024)
NOTHING = ("", "---")
# What VIES says where the fault is in the question; everything else is a service that is not there.
FAULTS = {
    "INVALID_INPUT": "VIES does not take this VAT id. Check it for a digit mistyped or missing.",
    "INVALID_REQUESTER_INFO": "VIES does not know your own VAT id. Check it in the settings.",
}


class CannotBeAsked(Invalid):
    """No service answers for this VAT id, or it does not take the question."""

    code = "vat.cannot_be_asked"


class NoAnswer(Unavailable):
    """The tax office's service gives no answer now; ask again later."""

    code = "vat.no_answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a tax office says. `consultation` proves that it was asked, "" where it gave none."""

    service: str
    is_valid: bool
    name: str = ""
    address: str = ""
    consultation: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)


def ask(vat_id: str, *, requester: str) -> Answer:
    """Whether `vat_id` is valid today, asked in the name of the own VAT id `requester`.

    Raises CannotBeAsked, NoAnswer. Never call it inside a transaction.
    """
    prefix = vat_id[:2]
    if prefix in EU_VAT or prefix == "XI":
        return _vies(vat_id, requester)
    if prefix == "GB":
        return _hmrc(vat_id, requester)
    raise CannotBeAsked(f"No tax office answers online for VAT ids of {prefix}.")


def _vies(vat_id: str, requester: str) -> Answer:
    question = {"countryCode": vat_id[:2], "vatNumber": vat_id[2:]}
    if requester[:2] in EU_VAT or requester[:2] == "XI":
        question |= {
            "requesterMemberStateCode": requester[:2],
            "requesterNumber": requester[2:],
        }
    address = f"{settings.VIES_URL.rstrip('/')}/check-vat-number"
    status, told = _talk("POST", address, body=msgspec.json.encode(question))
    wrong = [one.get("error", "") for one in told.get("errorWrappers", []) if isinstance(one, dict)]
    for fault in wrong:
        if fault in FAULTS:
            raise CannotBeAsked(FAULTS[fault])
    if status != 200 or not isinstance(told.get("valid"), bool):
        said = ", ".join(str(one) for one in wrong)[:100] or f"status {status}"
        raise NoAnswer(f"VIES gives no answer now ({said}). Try again later.")
    return Answer(
        service="vies",
        is_valid=told["valid"],
        name=_text(told, "name"),
        address=_text(told, "address"),
        consultation=_text(told, "requestIdentifier"),
        told=told,
    )


def _hmrc(vat_id: str, requester: str) -> Answer:
    if not settings.HMRC_ID:
        raise CannotBeAsked(
            "HMRC answers registered applications only: set GUILDER_HMRC_ID and"
            " GUILDER_HMRC_SECRET."
        )
    base = settings.HMRC_URL.rstrip("/")
    path = f"/organisations/vat/check-vat-number/lookup/{quote(vat_id[2:], safe='')}"
    if requester.startswith("GB"):
        path += f"/{quote(requester[2:], safe='')}"
    head = {"Accept": "application/vnd.hmrc.2.0+json", "Authorization": f"Bearer {_token(base)}"}
    status, told = _talk("GET", base + path, headers=head)
    if status == 404 and told.get("code") == "NOT_FOUND":
        return Answer(service="hmrc", is_valid=False, told=told)
    if status == 400:
        raise CannotBeAsked("HMRC does not take this VAT id. Check it and your own.")
    target = told.get("target")
    if status != 200 or not isinstance(target, dict):
        raise NoAnswer(f"HMRC gives no answer now (status {status}). Try again later.")
    address = target.get("address")
    lines = address.values() if isinstance(address, dict) else ()
    return Answer(
        service="hmrc",
        is_valid=True,
        name=_text(target, "name"),
        address=", ".join(str(line) for line in lines)[:400],
        consultation=_text(told, "consultationNumber"),
        told=told,
    )


def _token(base: str) -> str:
    """A token for the application (OAuth 2.0, client credentials)."""
    form = {
        "grant_type": "client_credentials",
        "client_id": settings.HMRC_ID,
        "client_secret": settings.HMRC_SECRET,
    }
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    status, told = _talk("POST", f"{base}/oauth/token", body=urlencode(form).encode(), headers=kind)
    if status != 200 or not _text(told, "access_token"):
        raise NoAnswer(f"HMRC does not let this application in (status {status}).")
    return _text(told, "access_token")


def _talk(
    method: str, url: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> tuple[int, dict[str, Any]]:
    """Status and JSON object of an answer; NoAnswer where there is none."""
    sent = {"Accept": "application/json", "Content-Type": "application/json", **(headers or {})}
    try:
        reply = outbound.request(method, url, body=body, headers=sent, limits=LIMITS)
        told = msgspec.json.decode(reply.body or b"{}")
    except (outbound.Unreachable, msgspec.DecodeError):
        raise NoAnswer("The tax office's service gives no answer now. Try again later.") from None
    return reply.status, told if isinstance(told, dict) else {}


def _text(told: Mapping[str, Any], name: str) -> str:
    """A text of an answer, "" for what stands for nothing."""
    value = told.get(name)
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return "" if text in NOTHING else text[:400]
