"""How one client pays: the methods they kept with us, and those that their page offers."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.charging import operations, queries
from guilder.books.charging.queries import Allowed, SavedRecord, SetupRecord
from guilder.faces.web import answers, choices, forms, typed
from guilder.faces.web.charges.words import failure_words
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.settings.forms import Versioned
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, Invalid, NotFound
from guilder.office.dispatch import operations as dispatch
from guilder.registers.parties import queries as parties

SIZE, RECENT = 50, 5
BADGES = {"pending": "charge_pending", "unknown": "charge_unknown", "failed": "failed"}


class WaysForm(Versioned):
    """Up to which amount this client may pay online."""

    most = forms.number(_("Online up to"), hint=_("Empty for as much as the gateways take."))


@page("clients", "charge.start")
def client_paying(request: HttpRequest, visit: Visit, client_id: UUID) -> HttpResponse:
    """What is kept, and what is offered; POST says what is offered."""
    with visit.reading():
        parties.get_partner(visit.by.organization_id, client_id)
        allowed = queries.client_methods(client_id, by=visit.by)
    chosen, form = set(allowed.methods), form_of(allowed)
    if request.method == "POST":
        chosen = set(request.POST.getlist("methods"))
        form = WaysForm(request.POST)
        if form.is_valid() and kept(form, chosen, client_id, visit):
            answers.say(request, _("The changes are saved."))
            return redirect("web:client_paying", client_id)
    status = 422 if form.errors else 200
    return drawn(request, visit, client_id, form=form, chosen=chosen, status=status)


def drawn(
    request: HttpRequest,
    visit: Visit,
    client_id: UUID,
    *,
    form: WaysForm,
    chosen: set[str],
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page; `more` is what came of asking for a way to pay."""
    with visit.reading():
        partner = parties.get_partner(visit.by.organization_id, client_id)
        saved = queries.list_saved(by=visit.by, partner_id=client_id, limit=SIZE)
        setups = queries.list_setups(by=visit.by, partner_id=client_id, limit=RECENT)
        is_able = bool(queries.setup_offers(client_id, by=visit.by))
    words = {
        "client": SimpleNamespace(id=client_id, name=partner.name, email=partner.email),
        "saved": [saved_row(one, client_id) for one in saved],
        "setups": [setup_row(one) for one in setups if one.state != "succeeded"],
        "is_able": is_able,
        "ways": [
            SimpleNamespace(code=one, label=choices.METHODS.get(one, one), ticked=one in chosen)
            for one in queries.METHODS
        ],
        "form": form,
        "may": {"edit": visit.by.may("partner.edit")},
        "may_record": visit.by.may("payment.record"),
    }
    return render(request, "charges/client.html", words | more, status=status)


def form_of(allowed: Allowed) -> WaysForm:
    """The form over what was agreed."""
    most = "" if allowed.most is None else f"{allowed.most.normalize():f}"
    return WaysForm(initial={"most": most, "version": str(allowed.version)})


def kept(form: WaysForm, chosen: set[str], client_id: UUID, visit: Visit) -> bool:
    """Save it; faults go to the form."""
    given: dict[str, Any] = form.cleaned_data
    data = {"methods": sorted(chosen), "most": typed.number(given["most"]) or None}
    try:
        operations.set_client_methods(
            client_id, by=visit.by, data=data, version=typed.version(given["version"])
        )
    except (Invalid, Conflict) as error:
        typed.refuse(form, error, {"/most": "most"})
    return not form.errors


@page("clients", "payment.record", methods="POST")
def method_link(request: HttpRequest, visit: Visit, client_id: UUID) -> HttpResponse:
    """A link by which the client leaves a way to pay: shown this once, or mailed."""
    allowed = queries.client_methods(client_id, by=visit.by)
    shown: dict[str, Any] = {"form": form_of(allowed), "chosen": set(allowed.methods)}
    base_url = request.build_absolute_uri("/")
    try:
        link = operations.make_method_link(client_id, by=visit.by, at=visit.now, base_url=base_url)
        if request.POST.get("act") == "mail":
            mail = dispatch.mail_method_link(client_id, url=link.url, by=visit.by, at=visit.now)
            answers.say(request, _("The link is on its way to %(to)s.") % {"to": mail.to})
            return redirect("web:client_paying", client_id)
    except (Invalid, Conflict) as error:
        return drawn(request, visit, client_id, status=422, fault=said(error.detail), **shown)
    return drawn(request, visit, client_id, link=link, **shown)


@page("clients", "payment.record", methods="POST")
def method_links_end(request: HttpRequest, visit: Visit, client_id: UUID) -> HttpResponse:
    """No link that was given away works any more."""
    operations.end_method_links(client_id, by=visit.by)
    to = reverse("web:client_paying", args=[client_id])
    return answers.done(request, to=to, text=_("No link works any more."))


def setup_row(record: SetupRecord) -> SimpleNamespace:
    """One way to pay that is being left, or was not."""
    return SimpleNamespace(
        method=str(choices.METHODS.get(record.method, record.method)),
        gateway=record.gateway_name,
        badge=BADGES[record.state],
        is_test=not record.is_live,
        failure=failure_words(record.failure),
        at=record.created_at,
    )


def saved_row(record: SavedRecord, client_id: UUID) -> SimpleNamespace:
    """One kept method as the page draws it."""
    method = str(choices.METHODS.get(record.method, record.method))
    return SimpleNamespace(
        id=record.id,
        label=record.label or method,
        gateway=record.gateway_name,
        agreed_at=record.agreed_at,
        consent=record.consent,
        is_active=record.is_active,
        collects=record.collects,
        ended_at=record.ended_at,
        reason=said(record.ended_reason),
        there=there_words(record),
        collect_url=reverse("web:saved_collect", args=[client_id, record.id]),
        end_url=reverse("web:saved_end", args=[client_id, record.id]),
    )


def there_words(record: SavedRecord) -> str:
    """Whether the service ended it too."""
    named = {"service": record.gateway_name}
    if record.forget_failure:
        return _("%(service)s still keeps it: end it there") % named
    if record.forgotten_at is not None:
        return _("ended at %(service)s too") % named
    return "" if record.is_active else _("%(service)s is asked to end it") % named


def of_client(saved_id: UUID, client_id: UUID, visit: Visit) -> SavedRecord:
    """A kept method of this client and no other. Raises NotFound."""
    with visit.reading():
        found = queries.get_saved(saved_id, by=visit.by)
    if found.partner_id != client_id:
        raise NotFound("There is no such saved method.")
    return found


@page("clients", "payment.record", methods="POST")
def saved_collect(
    request: HttpRequest, visit: Visit, client_id: UUID, saved_id: UUID
) -> HttpResponse:
    """Take what falls due from it by itself, or no longer."""
    record = of_client(saved_id, client_id, visit)
    operations.set_collecting(saved_id, by=visit.by, collects=not record.collects)
    words = _("What falls due is taken from it by itself.")
    if record.collects:
        words = _("Nothing is taken from it by itself any more.")
    to = reverse("web:client_paying", args=[client_id])
    return answers.done(request, to=to, text=words)


@page("clients", "payment.record", methods="POST")
def saved_end(request: HttpRequest, visit: Visit, client_id: UUID, saved_id: UUID) -> HttpResponse:
    """Never charge it again."""
    of_client(saved_id, client_id, visit)
    operations.end_saved_method(saved_id, by=visit.by, at=visit.now)
    to = reverse("web:client_paying", args=[client_id])
    return answers.done(request, to=to, text=_("It is not charged any more."))
