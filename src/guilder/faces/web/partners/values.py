"""A client between its form and the room: what fields show, what a change sends."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from guilder.faces.web import choices, typed
from guilder.kernel.period import Terms, terms_of
from guilder.papers.exchange.formats.targets import TARGETS
from guilder.registers.parties.models import Partner
from guilder.registers.parties.schemas import (
    DELIVERY_FORMATS,
    PartnerOut,
    TaxIdOut,
    partner_out,
)

ADDRESS = ("line1", "line2", "postal_code", "city", "region", "country")
OWN = (
    *("kind", "name", "trading_name", "legal_registration", "email", "phone", "website"),
    *("language", "currency", "buyer_reference", "price_list", "notes"),
)
CHOSEN = ("tax_treatment", "delivery_channel", "delivery_format")
TREATMENTS = {
    "automatic": _lazy("By country and VAT ID"),
    "domestic": _lazy("As at home"),
    "exempt": _lazy("Exempt"),
    "reverse_charge": _lazy("Reverse charge"),
}
CHANNELS = {"mail": _lazy("E-mail"), "none": _lazy("By hand")}
# Formats are called by their publishers' names, which no language changes.
FORMATS: dict[str, str] = {
    "pdf": "PDF",
    **{name: TARGETS[name].title for name in DELIVERY_FORMATS if name in TARGETS},
}
TERMS = ("net_days", "end_of_month", "discount_percent", "discount_days")
SCHEMES = {"vat": "vat_id", "tax": "tax_number"}
FIELDS = {
    "/address": "line1",
    **{f"/address/{name}": name for name in ADDRESS},
    "/terms": "net_days",
    "/terms/discounts/0/percent": "discount_percent",
    "/terms/discounts/0/days": "discount_days",
    "/contacts": "contact",
}


def initial_of(partner: Partner, *, language: str) -> dict[str, Any]:
    """What the form of an existing client begins with."""
    out = partner_out(partner, side="customer")
    address = out.address
    contact = next(iter(ranked(out)), None)
    return {
        **{name: getattr(out, name) for name in OWN},
        **{name: getattr(address, name) if address else "" for name in ADDRESS},
        **{field: number_of(out, scheme) for scheme, field in SCHEMES.items()},
        "code": out.code,
        "contact": contact.name if contact else "",
        "language": out.language or language,
        **{name: getattr(out, name) for name in CHOSEN},
        **terms_initial(out.terms),
        "version": out.etag,
    }


def number_of(out: PartnerOut, scheme: str) -> str:
    """The partner's first number of a scheme, "" for none."""
    return next((one.value for one in out.tax_ids if one.scheme == scheme), "")


def days_of(terms: Mapping[str, Any]) -> str:
    """The days of agreed terms as the field shows them; "" where nothing was agreed."""
    return str(terms.get("due", {}).get("days", 0)) if terms else ""


def terms_initial(terms: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of agreed terms; the first of the early discounts alone is shown."""
    discount = next(iter(terms.get("discounts", ())), {})
    percent = str(discount.get("percent", ""))
    return {
        "net_days": days_of(terms),
        "end_of_month": bool(terms.get("due", {}).get("end_of_month", False)),
        "discount_percent": percent.rstrip("0").rstrip(".") if "." in percent else percent,
        "discount_days": str(discount.get("days", "")),
    }


def ranked(out: PartnerOut) -> list[Any]:
    """The contacts, the primary one first."""
    return sorted(out.contacts, key=lambda one: not one.is_primary)


def data_of(
    given: Mapping[str, Any], partner: Partner | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """(raw values for the room, pointer → field) of a filled form.

    Parts that the form shows only partly are sent when their shown part changed, with the rest as
    it stands, so that nothing is lost.
    """
    known = partner_out(partner, side="customer") if partner else None
    address: dict[str, Any] = {name: given[name] for name in ADDRESS}
    if known and known.address:
        address["line3"] = known.address.line3
    data: dict[str, Any] = {**{name: given[name] for name in OWN}, "address": address}
    if given["code"]:
        data["code"] = given["code"]
    data |= {name: given[name] for name in CHOSEN if given[name]}
    known_terms = known.terms if known else {}
    asked = {name: given[name] for name in TERMS}
    if asked != terms_initial(known_terms):
        data["terms"] = terms_data(asked, known_terms)
    if given["contact"] != (next((one.name for one in ranked(known)), "") if known else ""):
        data["contacts"] = contacts_data(given["contact"], known)
    fields = dict(FIELDS)
    if known is None or any(
        given[field] != number_of(known, one) for one, field in SCHEMES.items()
    ):
        data["tax_ids"], places = numbers_data(given, known)
        fields |= places
    return data, fields


def terms_data(asked: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Agreed terms as the fields say; none at all where they were emptied. What no field shows,
    such as instalments, stays."""
    days, percent = typed.number(asked["net_days"]), typed.number(asked["discount_percent"])
    if not (days or percent or asked["end_of_month"]):
        return {}
    due = {**known.get("due", {}), "days": days or "0"}
    due.pop("end_of_month", None)
    if asked["end_of_month"]:
        due["end_of_month"] = True
    rest = list(known.get("discounts", ()))[1:]
    first = [{"percent": percent, "days": typed.number(asked["discount_days"]) or "0"}]
    terms = {**known, "due": due, "discounts": [*(first if percent else []), *rest]}
    return terms if terms["discounts"] else {k: v for k, v in terms.items() if k != "discounts"}


def contacts_data(name: str, known: PartnerOut | None) -> list[dict[str, Any]]:
    """The contacts with another name on the first."""
    rows = [
        {field: getattr(one, field) for field in one.__struct_fields__}
        for one in (ranked(known) if known else [])
    ]
    if not rows:
        return [{"name": name, "is_primary": True}] if name else []
    rows[0]["name"] = name
    first = rows[0]
    return rows if name or first["email"] or first["phone"] else rows[1:]


def numbers_data(
    given: Mapping[str, Any], known: PartnerOut | None
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """(all numbers, pointer → field): the two of the form first, then the hidden ones."""
    rows: list[dict[str, Any]] = []
    places = {}
    kept: list[TaxIdOut] = list(known.tax_ids) if known else []
    for scheme, field in SCHEMES.items():
        shown = next((one for one in kept if one.scheme == scheme), None)
        if shown:
            kept.remove(shown)
        if given[field]:
            places[f"/tax_ids/{len(rows)}"] = field
            rows.append({"scheme": scheme, "value": given[field]})
    rows += [
        {"scheme": one.scheme, "value": one.value, "code": one.code, "country": one.country}
        for one in kept
    ]
    return rows, places


def terms_words(agreed: Mapping[str, Any], usual: Mapping[str, Any]) -> str:
    """Payment terms in words; the organization's usual ones where nothing was agreed."""
    words = words_of(terms_of(agreed or usual))
    return words if agreed else _("%(terms)s, as usual") % {"terms": words}


def words_of(terms: Terms) -> str:
    """`14 days net`, with what an early payment saves."""
    if terms.parts:
        words = ngettext("%(n)s part", "%(n)s parts", len(terms.parts)) % {"n": len(terms.parts)}
    else:
        due = terms.due
        words = _("On receipt")
        if due.days:
            words = ngettext("%(n)s day net", "%(n)s days net", due.days) % {"n": due.days}
        if due.months:
            months = ngettext("%(n)s month", "%(n)s months", due.months) % {"n": due.months}
            words = f"{words}, {months}" if due.days else months
        if due.end_of_month:
            words = _("%(terms)s, end of month") % {"terms": words}
        if due.day_of_month:
            words = _("%(terms)s, day %(day)s") % {"terms": words, "day": due.day_of_month}
    for one in terms.discounts:
        words += _(", %(percent)s%% off within %(days)s days") % {
            "percent": f"{one.percent.normalize():f}",
            "days": one.days,
        }
    return words


def agreed_words(
    out: PartnerOut, *, usual: Mapping[str, Any], language: str
) -> list[tuple[str, str]]:
    """What was agreed, as (label, words)."""
    rows = [
        (_("Payment terms"), terms_words(out.terms, usual)),
        (_("Currency"), out.currency),
        (_("Language of documents"), choices.language_name(out.language or language)),
        (_("Tax treatment"), str(TREATMENTS.get(out.tax_treatment, out.tax_treatment))),
        (_("Price list"), out.price_list or _("The usual prices")),
        (_("Documents go by"), str(CHANNELS.get(out.delivery_channel, out.delivery_channel))),
        (_("Format"), str(FORMATS.get(out.delivery_format, out.delivery_format))),
        (_("Buyer reference"), out.buyer_reference),
    ]
    return [(label, words) for label, words in rows if words]


def known_words(out: PartnerOut) -> list[tuple[str, str]]:
    """Who they are, as (label, words)."""
    rows = [
        (_("Kind"), str(choices.PARTNER_KINDS.get(out.kind, out.kind))),
        (_("Trading name"), out.trading_name),
        (_("E-mail for invoices"), out.email),
        (_("Phone"), out.phone),
        (_("Website"), out.website),
        (_("Registration number"), out.legal_registration),
    ]
    return [(label, words) for label, words in rows if words]
