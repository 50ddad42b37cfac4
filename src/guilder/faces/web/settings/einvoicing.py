"""Settings of e-invoicing: the rule packs that judge, what changes when, and what the law wants."""

from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guilder.faces.web.door import page
from guilder.faces.web.settings.frame import panel
from guilder.faces.web.shell import Visit
from guilder.papers.exchange import mandates, rulekeeping
from guilder.papers.exchange.formats.targets import TARGETS
from guilder.papers.exchange.mandates import Mandate
from guilder.registers.parties import queries as parties

DUTIES = {
    "domestic": gettext_lazy("Between firms of the country"),
    "government": gettext_lazy("To public bodies"),
    "receive": gettext_lazy("Firms must be able to receive them"),
    "send_large": gettext_lazy("Large firms must send them"),
    "send_all": gettext_lazy("All firms must send them"),
    "intra_eu": gettext_lazy("Between firms of different member states"),
}


@page("settings", "settings.view")
def einvoicing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The rule packs with their versions, and the calendar of mandates."""
    with visit.reading():
        seller = visit.organization.country
        counts = parties.countries_of(visit.by.organization_id, side="customer")
    return panel(
        request,
        visit,
        "settings_einvoicing",
        packs=packs_of(visit),
        changes=changes_of(visit),
        duties=duties_of(visit, seller, counts),
    )


def packs_of(visit: Visit) -> list[SimpleNamespace]:
    """Every pack at hand, and whether it judges today."""
    judging = {pack.label for pack in rulekeeping.judging_packs(visit.today)}
    return [
        SimpleNamespace(
            title=pack.title,
            label=pack.label,
            version=pack.version,
            publisher=pack.publisher,
            source=source_words(pack.source),
            released=pack.released,
            valid_from=pack.valid_from,
            valid_until=pack.valid_until,
            sha256=pack.sha256[:12],
            judges=pack.label in judging,
        )
        for pack in rulekeeping.known_packs()
    ]


def source_words(source: str) -> str:
    """Where a pack comes from."""
    if source == "imported":
        return _("Imported")
    if source.startswith("package "):
        return _("With the package %(name)s") % {"name": source.removeprefix("package ")}
    return _("With Guilder")


def changes_of(visit: Visit) -> list[SimpleNamespace]:
    """What begins or ends to judge from today on, the nearest first."""
    found = []
    for pack in rulekeeping.known_packs():
        if pack.valid_from is not None and pack.valid_from > visit.today:
            found.append(SimpleNamespace(on=pack.valid_from, pack=pack, begins=True))
        if pack.valid_until is not None and pack.valid_until >= visit.today:
            found.append(SimpleNamespace(on=pack.valid_until, pack=pack, begins=False))
    return sorted(found, key=lambda one: one.on)


def duties_of(visit: Visit, seller: str, counts: dict[str, int]) -> list[SimpleNamespace]:
    """The duties that may concern this organization, with how many clients they are about."""
    found = mandates.concerning(seller=seller, buyers={*counts, seller})
    return [
        SimpleNamespace(
            on=one.starts_on,
            country=one.country,
            what=DUTIES[one.what],
            channel=one.channel,
            formats=[TARGETS[name].title for name in one.formats if name in TARGETS],
            source=one.source,
            url=one.url,
            is_coming=one.starts_on > visit.today,
            clients=clients_of(one, seller, counts),
        )
        for one in found
    ]


def clients_of(mandate: Mandate, seller: str, counts: dict[str, int]) -> int:
    """How many clients a duty may be about."""
    return sum(
        count for country, count in counts.items() if mandate.concerns(seller=seller, buyer=country)
    )
