"""The invoice editor: drafts written and changed, with live figures from the server."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.invoicing import operations, queries
from guilder.books.invoicing.queries import InvoiceRecord, Sketch
from guilder.faces.web import choices
from guilder.faces.web.door import page
from guilder.faces.web.invoices import figures, values
from guilder.faces.web.invoices.forms import InvoiceForm, lines_of
from guilder.faces.web.invoices.listing import identity
from guilder.faces.web.shell import Visit
from guilder.faces.web.timeline import moment
from guilder.kernel.document import Document
from guilder.kernel.errors import GuilderError, Invalid, Stale
from guilder.kernel.money import Money
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering import queries as looks
from guilder.registers.parties import operations as partners
from guilder.registers.parties import queries as parties
from guilder.registers.parties.models import Partner
from guilder.registers.tax import queries as taxes

PREVIEW_PPI = 110


@dataclass(slots=True)
class Desk:
    """What the editor works on: the form, its rows, and the draft that it was read from."""

    form: InvoiceForm
    rows: list[values.Row]
    record: InvoiceRecord | None = None
    old: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[SimpleNamespace] = field(default_factory=list)


@page("invoices", "invoice.create")
def invoice_new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Write a new draft."""
    if request.method == "POST":
        return saved(request, visit, posted_desk(request, visit, None))
    initial: dict[str, Any] = {"currency": visit.organization.base_currency, "net_days": ""}
    with visit.reading():
        profile = parties.seller_profile(visit.by.organization_id)
        terms = profile.terms if profile else {}
        chosen = identity(request.GET.get("client", ""))
        if chosen:
            partner = parties.get_partner(visit.by.organization_id, chosen, side="customer")
            agreed = partner.partnerships.all()[0]
            terms = agreed.terms or terms
            initial |= {
                "client": str(partner.id),
                "client_name": partner.name,
                "currency": agreed.currency,
                "buyer_reference": agreed.buyer_reference,
            }
    if values.is_plain_terms(terms):
        initial["net_days"] = str(terms.get("due", {}).get("days", 0))
    form = InvoiceForm(choices=form_choices(visit), initial=initial)
    return editor(request, visit, Desk(form, values.blanks(1)))


@page("invoices", "invoice.edit")
def invoice_edit(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Change a draft; what is issued has a page of its own."""
    record = queries.get_invoice(invoice_id, by=visit.by)
    if record.status != "draft":
        messages.warning(request, _("It is issued and never changes. Credit it instead."))
        return redirect("web:invoice", invoice_id)
    if request.method == "POST":
        return saved(request, visit, posted_desk(request, visit, record))
    old = queries.raw_values(record)
    initial = values.initial_of(old, client_name=record.partner_name)
    form = InvoiceForm(choices=form_choices(visit), initial={**initial, "version": record.version})
    rows = [*values.rows_of(old), *values.blanks(1)]
    return editor(request, visit, Desk(form, rows, record, old))


@page("invoices", "invoice.create", methods="POST")
def invoice_figures(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The figures of what is typed, for the parts of the page that show them."""
    chosen = identity(request.GET.get("invoice", ""))
    record = queries.get_invoice(chosen, by=visit.by) if chosen else None
    desk = posted_desk(request, visit, record)
    words = figures_of(desk, visit) | {"fragment": True}
    return render(request, "invoices/edit.html#figures", words)


def form_choices(visit: Visit) -> dict[str, choices.Pairs]:
    """What the form's selects offer."""
    return {"currency": choices.currencies(visit.organization.base_currency)}


def posted_desk(request: HttpRequest, visit: Visit, record: InvoiceRecord | None) -> Desk:
    """The desk as it was sent."""
    form = InvoiceForm(request.POST, choices=form_choices(visit))
    old = queries.raw_values(record) if record else {}
    return Desk(form, list(lines_of(request.POST)), record, old)


def saved(request: HttpRequest, visit: Visit, desk: Desk) -> HttpResponse:
    """Save and stay, or save and go on to issuing; what is refused comes back with its input."""
    do = request.POST.get("do", "save")
    if do == "add":
        desk.form = InvoiceForm(initial=request.POST.dict(), choices=form_choices(visit))
        desk.rows = [*desk.rows, *values.blanks(3)]
        return editor(request, visit, desk)
    if not desk.form.is_valid():
        return refused(request, visit, desk)
    try:
        record = stored(request, visit, desk)
    except (Invalid, Stale) as error:
        desk.errors, desk.problems = values.faults_of(desk.form, error, desk.rows)
        return refused(request, visit, desk)
    if do == "review":
        return redirect(reverse("web:invoice", args=[record.id]) + "?ask=issue")
    messages.success(request, _("The draft is saved."))
    return redirect("web:invoice_edit", record.id)


def stored(request: HttpRequest, visit: Visit, desk: Desk) -> InvoiceRecord:
    """The draft, made or changed; a client of an unknown name is entered first."""
    data = values.values_of(desk.form, desk.rows, old=desk.old)
    if "client" not in data:
        data["client"] = str(client_of(desk.form.cleaned_data["client_name"], visit).id)
        # A second try after a fault in a line finds the client entered.
        desk.form.data = request.POST.copy()  # type: ignore[assignment]
        desk.form.data["client"] = data["client"]
    if desk.record is None:
        return operations.create_draft(by=visit.by, data=data, at=visit.now)
    version = desk.form.cleaned_data["version"]
    return operations.update_draft(
        desk.record.id,
        by=visit.by,
        data=data,
        at=visit.now,
        version=int(version) if version.isdigit() else desk.record.version,
    )


def client_of(name: str, visit: Visit) -> Partner:
    """The client of that name, entered with it and the organization's country if there is none."""
    with visit.reading():
        found = parties.list_partners(visit.by.organization_id, side="customer").filter(
            name__iexact=name, archived_at=None
        )
        known = found.order_by("id").first()
    if known is not None:
        return known
    data = {"kind": "company", "name": name, "address": {"country": visit.organization.country}}
    return partners.create_partner(by=visit.by, side="customer", data=data, at=visit.now)


def refused(request: HttpRequest, visit: Visit, desk: Desk) -> HttpResponse:
    """The editor again, with what is wrong."""
    desk.rows = [*desk.rows, *values.blanks(1)]
    return editor(request, visit, desk, status=422)


def editor(request: HttpRequest, visit: Visit, desk: Desk, *, status: int = 200) -> HttpResponse:
    """The whole page."""
    record = desk.record
    name = record.partner_name if record else ""
    words = figures_of(desk, visit) | {
        "form": desk.form,
        "problems": desk.problems,
        "blank": SimpleNamespace(**{**values.blanks(1)[0], "key": "__key__"}, amount=None),
        "title": _("Draft for %(client)s") % {"client": name} if record else _("New invoice"),
        "invoice_id": record.id if record else None,
        "saved_text": _("Saved %(at)s") % {"at": moment(record.updated_at, visit)}
        if record
        else "",
    }
    return render(request, "invoices/edit.html", words, status=status)


# Figures of what is typed


def figures_of(desk: Desk, visit: Visit) -> dict[str, Any]:
    """Sums, due date, client, amounts of the lines and preview of what stands in the form."""
    with visit.reading():
        client = chosen_client(desk, visit)
        codes = taxes.list_tax_codes(visit.by.organization_id)
        sketched, sound = sketch_of(desk, visit, client)
        look = looks.look_of(by=visit.by)
    amounts: dict[str, Money | None] = {}
    if sketched:
        nets = (line.net for line in sketched.document.lines)
        amounts = dict(zip((row["key"] for row in sound), nets, strict=True))
    words = words_of(desk, sketched, sound, client=client)
    document = sketched.document if sketched and sound else None
    if document is not None and not document.buyer.name:
        document = None if not desk_text(desk, "client_name") else document
    tax_pairs = choices.taxes(codes, on=visit.today)
    if any(row["tax"] == values.AS_IT_IS for row in desk.rows):
        tax_pairs = [*tax_pairs, (values.AS_IT_IS, _("as imported"))]
    return {
        "lines": values.shown(desk.rows, amounts=amounts, errors=desk.errors),
        "taxes": tax_pairs,
        "units": choices.units(row["unit"] for row in desk.rows),
        "client": client_card(client) if client else None,
        "figures": words,
        "preview": preview_of(document, look),
    }


def desk_text(desk: Desk, name: str) -> str:
    """What a field of the form holds now, typed or read."""
    return str(desk.form[name].value() or "").strip()


def chosen_client(desk: Desk, visit: Visit) -> Partner | None:
    """The client that the form names by id."""
    chosen = identity(desk_text(desk, "client"))
    if chosen is None:
        return None
    try:
        return parties.get_partner(visit.by.organization_id, chosen, side="customer")
    except GuilderError:
        return None


def sketch_of(
    desk: Desk, visit: Visit, client: Partner | None
) -> tuple[Sketch | None, Sequence[values.Row]]:
    """The paper of what is typed so far, and its lines: those with a fault are left out."""
    form = desk.form
    if not form.is_bound:
        form = InvoiceForm(
            {name: form[name].value() or "" for name in form.fields}, choices=form_choices(visit)
        )
    # Rows that nobody typed into yet are no lines.
    rows = [row for row in desk.rows if row["name"] or row["description"] or row["unit_price"]]
    for _attempt in range(3):
        data = values.values_of(form, rows, old=desk.old)
        data["client"] = str(client.id) if client else ""
        data.setdefault("currency", visit.organization.base_currency)
        try:
            return queries.sketch(whole(desk, data), by=visit.by, at=visit.now), rows
        except Invalid as error:
            wrong = {
                int(steps[2])
                for problem in error.problems
                if (steps := problem.pointer.split("/"))[1:2] == ["lines"]
                and len(steps) > 2
                and steps[2].isdigit()
            }
            if not wrong:
                return None, []
            rows = [row for index, row in enumerate(rows) if index not in wrong]
    return None, []


def whole(desk: Desk, data: dict[str, Any]) -> dict[str, Any]:
    """What the draft was with what is typed over it, but for what others decide."""
    kept = {name: value for name, value in desk.old.items() if name not in {"deducts", "prepaid"}}
    return {name: value for name, value in {**kept, **data}.items() if value is not None}


def words_of(
    desk: Desk,
    sketched: Sketch | None,
    sound: Sequence[values.Row],
    *,
    client: Partner | None,
) -> SimpleNamespace:
    """Sums and what is missing."""
    currency = desk_text(desk, "currency") or "EUR"
    missing: list[str] = []
    if client is None and not desk_text(desk, "client_name"):
        missing.append(_("Choose a client."))
    typed = [row for row in desk.rows if row["name"] or row["description"] or row["unit_price"]]
    if not typed:
        missing.append(_("Add at least one line."))
    elif len(sound) < len(typed):
        missing.append(_("A line is not complete yet."))
    if sketched is None:
        empty = [figures.row(_("Total"), Money.zero(currency), total=True)]
        return SimpleNamespace(
            rows=empty, due_text="", currency=currency, ready=False, problems=missing
        )
    if not missing and client is not None:
        missing += [problem.detail for problem in queries.obstacles(sketched.document)]
        missing += sketched.warnings
    return SimpleNamespace(
        rows=figures.totals_of(sketched.document),
        due_text=figures.due_text(sketched.document.due_on),
        currency=currency,
        ready=not missing and client is not None,
        problems=missing,
    )


def client_card(partner: Partner) -> SimpleNamespace:
    """What stands under the client's name."""
    address = next((one for one in partner.addresses.all() if one.use == "billing"), None)
    vat = next((one for one in partner.tax_ids.all() if one.scheme == "vat"), None)
    lines = []
    if address:
        town = f"{address.postal_code} {address.city}".strip()
        lines = [address.line1, town, choices.country_name(address.country)]
    return SimpleNamespace(
        name=partner.name,
        address=", ".join(line for line in lines if line),
        vat_id=vat.value if vat else "",
        vat_valid=bool(vat and vat.is_valid),
        email=partner.email,
        pays_in="",
        url=reverse("web:client", args=[partner.id]),
    )


def preview_of(document: Document | None, look: Any) -> SimpleNamespace | None:
    """Page 1 as a picture inside the page: what is typed is nowhere to be fetched from."""
    if document is None:
        return None
    try:
        picture = rendering.render_png(document, look=look, ppi=PREVIEW_PPI)
    except GuilderError:
        return None
    data = base64.b64encode(picture).decode()
    return SimpleNamespace(
        url=f"data:image/png;base64,{data}", alt=_("Page 1 of the invoice as it would be issued")
    )


def filled(**fields: str) -> str:
    """What a suggestion puts into fields, as its option carries it."""
    return json.dumps(fields)
