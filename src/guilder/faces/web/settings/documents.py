"""Settings of documents: their look, what stands on each, and a paper to see it on."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.queries import InvoiceFilter, InvoiceRecord
from guilder.faces.web import typed
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.settings.forms import LookForm
from guilder.faces.web.settings.frame import again, clash_of, panel
from guilder.faces.web.shell import Visit
from guilder.foundation.files import queries as files
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Conflict, GuilderError, Invalid, NotFound, Stale, Unavailable
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering import queries as looks
from guilder.papers.rendering.models import Style
from guilder.registers.parties import operations as parties
from guilder.registers.parties import queries as profiles

LOGO_LIMIT = 1 << 20
FIELDS = (
    "style", "color", "accent", "paper", "payment_code", "header", "intro", "footer", "closing",
)  # fmt: skip
POINTERS = {"/terms": "net_days"}
PAGE = "settings_documents"
PREVIEW_PPI = 84


@page("settings", "settings.view")
def documents(request: HttpRequest, visit: Visit) -> HttpResponse:
    """How documents look, and what stands on each."""
    stored = stored_values(visit)
    form = form_of(stored, request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return drawn(request, visit, form)
    try:
        save(form, visit)
    except Stale:
        clash = clash_of(form, {name: stored[name] for name in (*FIELDS, "net_days")})
        form = form_of(stored, again(request, stored))
        return drawn(request, visit, form, clash=clash)
    except (Invalid, Conflict) as error:
        typed.refuse(form, error, POINTERS)
        return drawn(request, visit, form)
    messages.success(request, _("The look is saved. It holds from the next document on."))
    return redirect("web:settings_documents")


@page("settings", "settings.view", methods="POST")
def look_preview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The paper as it would look with what stands in the form; nothing is stored."""
    words: dict[str, Any] = {"image": "", "problem": ""}
    try:
        words["image"] = picture(request, visit)
    except GuilderError as error:
        problems = error.problems
        words["problem"] = said(problems[0].detail if problems else error.detail)
    return render(request, "settings/documents.html#preview", words)


def picture(request: HttpRequest, visit: Visit) -> str:
    """The newest issued document, else the newest draft, in the look of the form, as an address."""
    with visit.reading():
        stored = looks.look_of(by=visit.by)
        found = newest(visit, issued_to=visit.today) or newest(visit)
        if not found:
            raise NotFound(_("Write a first invoice, and you see it here."))
        document = invoicing.get_document(found[0].id, by=visit.by, at=visit.now)
    given = {name: request.POST.get(name, "") for name in FIELDS if name != "payment_code"}
    look = replace(stored, **given, payment_code="payment_code" in request.POST)
    if request.POST.get("remove_logo"):
        look = replace(look, logo=b"")
    if logo := request.FILES.get("logo"):
        look = replace(look, logo=logo.read(LOGO_LIMIT + 1))
    data = rendering.render_png(document, look=look, ppi=PREVIEW_PPI)
    return f"data:image/png;base64,{b64encode(data).decode()}"


def newest(visit: Visit, **narrowed: Any) -> list[InvoiceRecord]:
    """The newest document of some, or none."""
    wanted = InvoiceFilter(today=visit.today, **narrowed)
    return invoicing.list_invoices(wanted, by=visit.by, sort="-created_at", limit=1)


def stored_values(visit: Visit) -> dict[str, Any]:
    """What is stored of the look, and the usual terms."""
    with visit.reading():
        style = looks.style_of(visit.by.organization_id) or Style(version=0)
        days = str(terms_of(visit).get("due", {}).get("days", 0))
    found = {name: getattr(style, name) for name in FIELDS}
    return found | {"net_days": days, "version": str(style.version)}


def form_of(stored: dict[str, Any], post: Any = None, sent: Any = None) -> LookForm:
    """The form of the look."""
    labels = {"meridian": _("Meridian"), "atlas": _("Atlas"), "plain": _("Plain")}
    return LookForm(
        post,
        sent,
        initial=stored,
        choices={
            "style": [(name, labels.get(name, name)) for name in rendering.STYLES],
            "paper": [("a4", _("A4")), ("letter", _("US Letter"))],
        },
    )


def terms_of(visit: Visit) -> dict[str, Any]:
    """The organization's usual terms."""
    profile = profiles.seller_profile(visit.by.organization_id)
    return profile.terms if profile else {}


def save(form: LookForm, visit: Visit) -> None:
    """Look, logo and usual terms in one transaction."""
    given: Mapping[str, Any] = form.cleaned_data
    by = visit.by
    logo = given["logo"]
    version = typed.version(given["version"])
    with transaction(by.organization_id):
        rendering.set_style(
            by=by, data={name: given[name] for name in FIELDS}, version=version or None
        )
        if logo:
            data = logo.read(LOGO_LIMIT + 1)
            rendering.set_logo(by=by, data=data, filename=logo.name or "logo")
        elif given["remove_logo"]:
            rendering.set_logo(by=by, data=b"", filename="")
        if "net_days" in form.changed_data:
            known = terms_of(visit)
            due = {**known.get("due", {}), "days": typed.number(given["net_days"])}
            parties.set_seller_profile(by=by, data={"terms": {**known, "due": due}})


def drawn(
    request: HttpRequest, visit: Visit, form: LookForm, clash: dict[str, Any] | None = None
) -> HttpResponse:
    """The page."""
    chosen = form["style"].value()
    with visit.reading():
        logo_url = logo_of(visit)
    choices: Any = form.fields["style"]
    return panel(
        request,
        visit,
        PAGE,
        form=form,
        styles=[
            {"value": value, "label": label, "checked": value == chosen}
            for value, label in choices.choices
        ],
        logo_url=logo_url,
        is_refused=bool(form.errors) and clash is None,
        clash=clash,
    )


def logo_of(visit: Visit) -> str:
    """The logo as an address that holds its bytes: it is drawn as a picture, and never run."""
    style = looks.style_of(visit.by.organization_id)
    if style is None or style.logo_id is None:
        return ""
    try:
        file = files.get_file(style.logo_id, by=visit.by)
        data = files.read_bytes(file.sha256)
    except (NotFound, Unavailable):
        return ""
    return f"data:{file.media_type};base64,{b64encode(data).decode()}"
