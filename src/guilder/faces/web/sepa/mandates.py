"""Mandates: the list, one of them, entering and amending, ending; how the house collects."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guilder.books.sepa import operations, queries
from guilder.faces.web import answers, forms, timeline
from guilder.faces.web.charges.views import after_of
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.sepa import words
from guilder.faces.web.sepa.views import older_of
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, Invalid
from guilder.office.dispatch import operations as dispatch
from guilder.registers.parties import operations as parties
from guilder.registers.parties import queries as registers

SCHEMES = (
    ("CORE", gettext_lazy("Core: consumers and companies")),
    ("B2B", gettext_lazy("B2B: companies only, no money back")),
)
MOST_CLIENTS = 500


class MandateForm(forms.PaperForm):
    """A mandate."""

    client = forms.choice(gettext_lazy("Client"))
    iban = forms.text(gettext_lazy("IBAN"), hint=gettext_lazy("Empty: the client's own account."))
    bic = forms.text(gettext_lazy("BIC"), limit=20)
    holder = forms.text(gettext_lazy("Account holder"), limit=70)
    reference = forms.text(
        gettext_lazy("Mandate reference"), limit=35, hint=gettext_lazy("Empty: the next one.")
    )
    scheme = forms.choice(gettext_lazy("Scheme"))
    signed_on = forms.day(
        gettext_lazy("Signed on"), hint=gettext_lazy("Empty until you have the signature.")
    )
    notice_days = forms.number(
        gettext_lazy("Days of notice"), hint=gettext_lazy("Empty: as for everybody.")
    )
    recurrent = forms.tick(gettext_lazy("For more than one collection"))
    last = forms.tick(gettext_lazy("The next collection is the last"))


class CollectingForm(forms.PaperForm):
    """How the house collects."""

    creditor_id = forms.text(
        gettext_lazy("Creditor identifier"),
        limit=42,
        hint=gettext_lazy("Your central bank gives it, such as DE98ZZZ09999999999."),
    )
    notice_days = forms.number(
        gettext_lazy("Days of notice"),
        required=True,
        hint=gettext_lazy("Between the invoice, which tells the client, and the collection."),
    )


@page("sepa", "sepa.view", methods="GET")
def mandates(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Mandates, the newest first; of one client where that is asked for."""
    client = uuid_of(request.GET.get("client", ""))
    found = queries.list_mandates(
        by=visit.by, partner_id=client, limit=words.SIZE + 1, after=after_of(request)
    )
    around = {
        "rows": [words.mandate_row(one, visit) for one in found[: words.SIZE]],
        "older": older_of(found, f"&client={client}" if client else ""),
        "is_first": "after" not in request.GET,
        "tabs": words.tabs("mandates"),
        "client": str(client or ""),
        "may_edit": visit.by.may("mandate.edit"),
        "may_settings": visit.by.may("settings.edit"),
    }
    return render(request, "sepa/mandates.html", around)


def uuid_of(text: str) -> UUID | None:
    """An id; None for whatever is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


@page("sepa", "sepa.view", methods="GET")
def mandate(request: HttpRequest, visit: Visit, mandate_id: UUID) -> HttpResponse:
    """One mandate and what was collected under it."""
    with visit.reading():
        row = queries.get_mandate(mandate_id, by=visit.by)
        items = queries.items_of_mandate(mandate_id, by=visit.by)
        around = {
            "mandate": words.mandate_facts(row, visit),
            "rows": [collected(one) for one in items],
            "timeline": timeline.of_rows(visit, [row.id], kind=""),
            "ask": request.GET.get("ask", ""),
        }
    return render(request, "sepa/mandate.html", around)


def collected(item: Any) -> dict[str, Any]:
    """One collection under a mandate."""
    return {
        "number": item.invoice.number,
        "url": reverse("web:sepa_batch", args=[item.batch_id]),
        "due_on": item.batch.due_on,
        "badge": words.STATES[item.state],
        "amount": words.Money(item.amount, "EUR"),
        "why": words.why_of(item),
    }


@page("sepa", "sepa.view", methods="GET")
def mandate_paper(request: HttpRequest, visit: Visit, mandate_id: UUID) -> HttpResponse:
    """The mandate as PDF, to be signed."""
    del request
    printed = dispatch.print_mandate(mandate_id, by=visit.by, at=visit.now)
    return HttpResponse(
        printed.pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{printed.filename}"'},
    )


@page("sepa", "mandate.edit")
def mandate_new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Enter a mandate."""
    values = {"client": request.GET.get("client", ""), "scheme": "CORE", "recurrent": True}
    return edited(request, visit, values, None)


@page("sepa", "mandate.edit")
def mandate_edit(request: HttpRequest, visit: Visit, mandate_id: UUID) -> HttpResponse:
    """Change a mandate."""
    with visit.reading():
        row = queries.get_mandate(mandate_id, by=visit.by)
    values = {
        "client": str(row.partner_id),
        "iban": row.iban,
        "bic": row.bic,
        "holder": row.holder,
        "reference": row.reference,
        "scheme": row.scheme,
        "signed_on": row.signed_on,
        "notice_days": "" if row.notice_days is None else str(row.notice_days),
        "recurrent": row.is_recurrent,
        "last": row.is_last,
    }
    return edited(request, visit, values, row)


def edited(request: HttpRequest, visit: Visit, values: Mapping[str, Any], row: Any) -> HttpResponse:
    """The form; posted, the mandate or the form again with every fault."""
    form = MandateForm(
        request.POST if request.method == "POST" else None,
        initial=dict(values),
        choices={"client": clients(visit, row), "scheme": SCHEMES},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = operations.save_mandate(
                    by=visit.by, data=data_of(form, row), at=visit.now,
                    mandate_id=row.id if row else None,
                )  # fmt: skip
            except Invalid as error:
                form.refuse((one.pointer.strip("/"), one.detail) for one in error.problems)
            except Conflict as error:
                form.refuse([("reference", error.detail)])
            else:
                to = reverse("web:mandate", args=[saved.id])
                return answers.done(request, to=to, text=_("The mandate is kept."))
    around = {"form": form, "mandate": words.mandate_facts(row, visit) if row else None}
    return render(request, "sepa/mandate_edit.html", around, status=status)


def clients(visit: Visit, row: Any) -> list[tuple[str, str]]:
    """Whose mandate it may be."""
    if row is not None:
        return [(str(row.partner_id), row.partner.name)]
    with visit.reading():
        rows = registers.list_partners(visit.by.organization_id, side="customer")
        found = rows.filter(archived_at=None).order_by("name", "id")[:MOST_CLIENTS]
        return [(str(one.id), one.name) for one in found]


def data_of(form: MandateForm, row: Any) -> dict[str, Any]:
    """What was typed, as the room reads it."""
    data = dict(form.cleaned_data)
    day = data["signed_on"]
    data["signed_on"] = day.isoformat() if day else None
    data["notice_days"] = data["notice_days"] or None
    if row is not None:
        del data["client"]
    return data


@page("sepa", "mandate.edit", methods="POST")
def mandate_end(request: HttpRequest, visit: Visit, mandate_id: UUID) -> HttpResponse:
    """It is never used again."""
    reason = request.POST.get("reason", "")
    operations.end_mandate(mandate_id, by=visit.by, at=visit.now, reason=reason)
    to = reverse("web:mandate", args=[mandate_id])
    return answers.done(request, to=to, text=_("The mandate is ended."))


@page("sepa", "settings.edit")
def settings(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The creditor identifier, and how long before clients are told."""
    with visit.reading():
        profile = registers.seller_profile(visit.by.organization_id)
        notice = queries.notice_days(by=visit.by)
    values = {"creditor_id": profile.creditor_id if profile else "", "notice_days": str(notice)}
    form = CollectingForm(request.POST if request.method == "POST" else None, initial=values)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                keep(form.cleaned_data, visit)
            except Invalid as error:
                form.refuse((one.pointer.strip("/"), said(one.detail)) for one in error.problems)
            else:
                return answers.done(request, to=reverse("web:mandates"), text=_("Saved."))
    return render(request, "sepa/settings.html", {"form": form}, status=status)


def keep(data: Mapping[str, Any], visit: Visit) -> None:
    """Keep both, or neither."""
    with visit.reading():
        creditor = {"creditor_id": data["creditor_id"]}
        parties.set_seller_profile(by=visit.by, data=creditor)
        operations.set_policy(by=visit.by, data={"notice_days": data["notice_days"]})
