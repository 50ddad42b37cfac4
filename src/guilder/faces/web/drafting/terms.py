"""Payment terms between the editor's fields and kernel.period: presets, early payment, parts."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from guilder.faces.web import choices
from guilder.faces.web.drafting import numbers
from guilder.faces.web.partners.values import words_of
from guilder.kernel.period import terms_of

PRESETS: dict[str, dict[str, Any]] = {
    "0": {},
    "7": {"due": {"days": 7}},
    "14": {"due": {"days": 14}},
    "30": {"due": {"days": 30}},
    "60": {"due": {"days": 60}},
    "30eom": {"due": {"days": 30, "end_of_month": True}},
}
OTHER = "other"  # the fields below it say
KEPT = "kept"  # what no field can show stays as it is
PARTS = range(1, 5)
FIELDS = (
    "terms",
    "net_days",
    "early_days",
    "early_percent",
    *(f"part{n}_{what}" for n in PARTS for what in ("percent", "days")),
)
Given = Mapping[str, str]


def pairs(agreed: Mapping[str, Any], *, kept: Mapping[str, Any] | None = None) -> choices.Pairs:
    """What the select offers: what is agreed with the client, presets, other, and what is there."""
    usual = words_of(terms_of(agreed))
    offered = [("", usual)]
    presets = ((code, words_of(terms_of(data))) for code, data in PRESETS.items())
    offered += [(code, words) for code, words in presets if words != usual]
    if kept is not None:
        offered.append((KEPT, words_of(terms_of(kept))))
    return [*offered, (OTHER, _("Other…"))]


def read(given: Given, old: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The raw terms; None leaves them to what is agreed with the client."""
    chosen = given.get("terms", "")
    if chosen in PRESETS:
        return PRESETS[chosen]
    if chosen == KEPT:
        return dict(old or {})
    if chosen == OTHER or (not chosen and given.get("net_days")):
        return others(given)
    return None


def others(given: Given) -> dict[str, Any]:
    """The terms that the single fields say."""

    def number(name: str) -> str:
        return numbers.read(given.get(name, ""))

    terms: dict[str, Any] = {}
    if days := number("net_days"):
        terms["due"] = {"days": days}
    if number("early_percent") or number("early_days"):
        terms["discounts"] = [
            {"days": number("early_days") or "0", "percent": number("early_percent")}
        ]
    parts = []
    for n in PARTS:
        percent, days = number(f"part{n}_percent"), number(f"part{n}_days")
        if percent or days:
            part: dict[str, Any] = {"due": {"days": days} if days else {}}
            parts.append(part | ({"percent": percent} if percent else {}))
    if parts:
        terms["parts"] = parts
    return terms


def fields_of(terms: Mapping[str, Any], agreed: Mapping[str, Any]) -> dict[str, str]:
    """What the fields show of a draft's terms."""
    if terms == agreed:
        return {"terms": ""}
    for code, data in PRESETS.items():
        if terms == data:
            return {"terms": code}
    if not is_plain(terms):
        return {"terms": KEPT}
    found = {"terms": OTHER, "net_days": str(terms.get("due", {}).get("days", 0))}
    for one in terms.get("discounts", [])[:1]:
        found |= {
            "early_days": str(one["days"]),
            "early_percent": numbers.shown(str(one["percent"])),
        }
    for n, part in enumerate(terms.get("parts", []), start=1):
        found[f"part{n}_percent"] = numbers.shown(str(part.get("percent", "")))
        found[f"part{n}_days"] = str(part.get("due", {}).get("days", 0))
    return found


def is_plain(terms: Mapping[str, Any]) -> bool:
    """Whether the single fields can show all of it."""
    dues = [terms.get("due", {}), *(part.get("due", {}) for part in terms.get("parts", []))]
    return (
        all(set(due) <= {"days"} for due in dues)
        and len(terms.get("discounts", [])) <= 1
        and len(terms.get("parts", [])) <= len(PARTS)
        and not any("amount" in part for part in terms.get("parts", []))
    )
