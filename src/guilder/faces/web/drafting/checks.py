"""What a paper lacks before it may go out, each with the place where it can be mended."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.invoicing import queries
from guilder.faces.web.drafting import values
from guilder.faces.web.drafting.desk import Desk, Drawn
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.kernel.document import Document
from guilder.kernel.errors import Problem
from guilder.office.verifactu import queries as verifactu
from guilder.papers.rendering import queries as looks
from guilder.registers.tax import queries as taxes

# Where VAT law wants both full addresses on an invoice (Art. 226(5) of Directive 2006/112/EC, and
# what neighbours wrote after it).
FULL_ADDRESS = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
        "GB",
        "XI",
        "CH",
        "NO",
        "IS",
        "LI",
    ]
)
LEITWEG = "0204"  # EAS: a German public buyer is addressed by its Leitweg-ID


def missing_of(desk: Desk, drawn: Drawn, visit: Visit) -> list[SimpleNamespace]:
    """Everything that is missing or wrong: {text, url} in the order of the page."""
    found: list[SimpleNamespace] = []
    if desk.client is None and not desk.given["client_name"]:
        found.append(item(_("Choose a client."), "#id_client_name"))
    typed = desk.typed
    if not typed:
        found.append(item(_("Add at least one line."), "#lines-head"))
    sound = {row["key"] for row in drawn.sound}
    for number, row in enumerate(typed, start=1):
        if row["key"] not in sound:
            text = _("Line %(n)s is not complete yet.") % {"n": number}
            cell = "name" if row["unit_price"] and not row["name"] else "unit_price"
            found.append(item(text, f"#lines-{row['key']}-{cell}"))
    found += [item(said(one.detail), anchor_of(one)) for one in drawn.faults]
    if drawn.sketch is None or found:
        return found
    if drawn.sketch.rate_problem:
        found.append(item(said(drawn.sketch.rate_problem), "#id_currency"))
    document = drawn.sketch.document
    problems = [] if desk.shelf.kind else queries.obstacles(document)
    found += [told(one, desk, visit) for one in problems if one.code != "invoicing.no_lines"]
    if desk.shelf.kind is None:
        found += legal_ones(document, desk, visit)
    found += [item(said(one), "#lines-head", hard=False) for one in drawn.sketch.warnings]
    return found


def legal_ones(document: Document, desk: Desk, visit: Visit) -> list[SimpleNamespace]:
    """What Art. 226 and EN 16931 want beyond what the books insist on."""
    found = []
    seller, buyer = document.seller, document.buyer
    if seller.address.country in FULL_ADDRESS and not is_full(seller.address):
        found.append(item(_("Enter your own address."), settings_url(visit, "line1"), hard=False))
    if seller.address.country in FULL_ADDRESS and not is_full(buyer.address):
        found.append(item(_("Enter the client's address."), client_url(desk), hard=False))
    categories = {row.category for row in document.taxes}
    dated = document.delivery and document.delivery.delivered_on
    period = document.period and (document.period.start_on or document.period.end_on)
    if "K" in categories and not dated and not period:  # BR-IC-11
        text = _("Goods to another member state need the day of delivery.")
        found.append(item(text, "#id_delivered_on", hard=False))
    endpoint = buyer.endpoint
    if endpoint and endpoint.scheme == LEITWEG and not document.buyer_reference:  # BR-DE-15
        text = _("A public buyer in Germany needs its Leitweg-ID as buyer reference.")
        found.append(item(text, "#id_buyer_reference", hard=False))
    for duty in taxes.unmet_duties(document, printed=lambda: printed_by(visit)):
        text = f"{said(duty.detail)} ({duty.source})"
        hard = duty.code == "seller_nif" and verifactu.is_kept(visit.by.organization_id)
        found.append(item(text, url_of_duty(duty.pointer, desk, visit), hard=hard))
    return found


def printed_by(visit: Visit) -> str:
    """The texts that stand on every document of the organization."""
    look = looks.look_of(by=visit.by)
    return "\n".join((look.header, look.intro, look.closing, look.footer))


def url_of_duty(pointer: str, desk: Desk, visit: Visit) -> str:
    """Where what the law wants is entered."""
    if pointer.startswith("/seller/"):
        field = {"legal_registration": "registration"}.get(pointer[8:], pointer[8:])
        return settings_url(visit, field)
    return (
        client_url(desk) if pointer.startswith("/buyer/") else anchor_of(Problem(pointer, "", ""))
    )


def is_full(address: Any) -> bool:
    """Whether a letter with it would arrive."""
    return bool((address.line1 or address.postal_code) and address.city and address.country)


def told(problem: Problem, desk: Desk, visit: Visit) -> SimpleNamespace:
    """An obstacle of the books with the place where it is mended."""
    steps = problem.pointer.split("/")
    if steps[1:2] == ["seller"]:
        field = {"name": "legal_name", "address": "line1"}.get(steps[2], steps[2])
        return item(said(problem.detail), settings_url(visit, field))
    if problem.pointer == "/client":
        return item(said(problem.detail), client_url(desk))
    return item(said(problem.detail), anchor_of(problem))


def anchor_of(problem: Problem) -> str:
    """The field of the editor that a pointer means."""
    begins = [begin for begin in values.FIELDS if problem.pointer.startswith(begin)]
    return f"#id_{values.FIELDS[max(begins, key=len)]}" if begins else "#lines-head"


def settings_url(visit: Visit, field: str) -> str:
    """Where the organization's own details are; nowhere for who may not change them."""
    if not visit.by.may("settings.edit"):
        return ""
    return f"{reverse('web:settings')}#id_{field}"


def client_url(desk: Desk) -> str:
    """Where the client's details are."""
    if desk.client is None:
        return "#id_client_name"
    client: UUID = desk.client.id
    return reverse("web:client_edit", args=[client])


def item(text: str, url: str, *, hard: bool = True) -> SimpleNamespace:
    """One thing to do, and where; what is `hard` keeps the paper from going out."""
    return SimpleNamespace(text=text, url=url, hard=hard)
