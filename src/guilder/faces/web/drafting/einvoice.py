"""The panel "E-invoice check": what the official rules would say of what is typed, told at once."""

from dataclasses import dataclass, replace
from types import SimpleNamespace

from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.faces.web.drafting import values
from guilder.faces.web.drafting.desk import Desk, Drawn
from guilder.faces.web.shell import Visit
from guilder.kernel.document import Document
from guilder.kernel.errors import GuilderError
from guilder.papers.exchange.formats.prepared import prepared
from guilder.papers.exchange.formats.targets import TARGETS
from guilder.papers.exchange.rules import explain, live

PLAIN = "pdf"
MOST = 12  # findings that are shown; what is more is counted
# Fields of the settings, by the end of the place that a rule names.
SELLER_FIELDS = {
    "name": "legal_name",
    "address": "line1",
    "address/country": "country",
    "address/city": "city",
    "address/postal_code": "postal_code",
    "vat_id": "vat_id",
    "contact": "contact_name",
    "contact/name": "contact_name",
    "contact/phone": "phone",
    "contact/email": "email",
}


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel shows."""

    title: str  # of the rules
    is_wanted: bool  # the client's format is an e-invoice
    findings: list[SimpleNamespace]
    more: int

    @property
    def grave(self) -> list[SimpleNamespace]:
        """What would keep the paper from being accepted."""
        return [one for one in self.findings if one.is_grave]


def panel_of(desk: Desk, document: Document | None) -> Panel | None:
    """The check of a paper by the rules of the client's format, else by EN 16931.

    None for a quote, and while there is nothing to check.
    """
    if document is None or desk.shelf.kind is not None or not document.lines:
        return None
    name = wanted_format(desk)
    target = TARGETS.get(name)
    found = findings_of(document, name, desk)
    return Panel(
        title=target.title if target else "EN 16931",
        is_wanted=target is not None,
        findings=found[:MOST],
        more=max(len(found) - MOST, 0),
    )


def wanted_format(desk: Desk) -> str:
    """The format in which the client wants invoices."""
    if desk.client is None:
        return PLAIN
    agreed = (one for one in desk.client.partnerships.all() if one.side == "customer")
    found = next(agreed, None)
    return found.delivery_format if found else PLAIN


def findings_of(document: Document, name: str, desk: Desk) -> list[SimpleNamespace]:
    """Each rule that the paper breaks, in plain words, with its fix and where to follow it."""
    target = TARGETS.get(name)
    if target is not None and target.syntax not in {"ubl", "cii"}:
        return []
    try:
        ready = prepared(document)
    except GuilderError:
        return []
    if target is not None:
        process = document.business_process or target.process
        ready = replace(ready, business_process=process)
    shown: dict[tuple[str, str], SimpleNamespace] = {}
    for one in live.check(ready, flavour=live.flavour_of(name)):
        known = explain.meaning(one.rule, translate=_)
        if known is None:
            continue
        url = url_of(one.pointer, known.term, desk)
        told = SimpleNamespace(
            rule=one.rule, text=known.text, fix=known.fix, url=url, is_grave=one.is_grave
        )
        shown.setdefault((told.text, told.url), told)
    return list(shown.values())


def url_of(pointer: str, term: str, desk: Desk) -> str:
    """Where a rule is followed: a field of the editor, of the settings, of the client."""
    steps = pointer.strip("/").split("/")
    if steps[0] == "seller" or term in {"BT-31", "BT-30"}:
        other = "vat_id" if term == "BT-31" else "legal_name"
        field = SELLER_FIELDS.get("/".join(steps[1:]), other)
        return f"{reverse('web:settings')}#id_{field}"
    if steps[0] == "buyer":
        if desk.client is None:
            return "#id_client_name"
        return reverse("web:client_edit", args=[desk.client.id])
    place = values.place_of(pointer)
    rows = desk.typed
    if place is not None and place < len(rows):
        return f"#lines-{rows[place]['key']}-{values.cell_of(pointer)}"
    begins = [begin for begin in values.FIELDS if pointer.startswith(begin)]
    return f"#id_{values.FIELDS[max(begins, key=len)]}" if begins else "#lines-head"


def missing_of(desk: Desk, drawn: Drawn, visit: Visit) -> list[SimpleNamespace]:
    """What the client's format lacks, as things to do before the paper goes out."""
    panel = panel_of(desk, drawn.document)
    if panel is None or not panel.is_wanted:
        return []
    may_edit = visit.by.may("settings.edit")
    settings = reverse("web:settings")
    return [
        SimpleNamespace(
            text=one.text,
            url=one.url if may_edit or not one.url.startswith(settings) else "",
            hard=False,
        )
        for one in panel.grave
    ]
