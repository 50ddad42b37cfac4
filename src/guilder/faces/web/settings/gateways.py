"""Settings of payment services: which there are, their keys, what they may take, and a test."""

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from guilder.books.charging import operations, queries
from guilder.books.charging.queries import GatewayRecord
from guilder.faces.web import choices, forms, typed
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.settings.forms import Versioned
from guilder.faces.web.settings.frame import panel
from guilder.faces.web.shell import Visit
from guilder.foundation.edges.outbound import BadTarget, Unreachable
from guilder.kernel.errors import Conflict, Invalid, NotFound

HERE = "settings_gateways"
LABELS = {
    "secret_key": gettext_lazy("Secret key"),
    "webhook_secret": gettext_lazy("Signing secret of the webhook"),
    "api_key": gettext_lazy("API key"),
    "client_id": gettext_lazy("Client id"),
    "secret": gettext_lazy("Secret"),
    "webhook_id": gettext_lazy("Webhook id"),
    "access_token": gettext_lazy("Access token"),
    "merchant_account": gettext_lazy("Merchant account"),
    "hmac_key": gettext_lazy("HMAC key"),
    "live_prefix": gettext_lazy("Prefix of live addresses"),
    "key_id": gettext_lazy("Key id"),
    "key_secret": gettext_lazy("Key secret"),
    "link": gettext_lazy("Address where clients pay"),
}


class GatewayForm(Versioned):
    """A payment service; its keys and methods are those of its kind."""

    name = forms.text(gettext_lazy("Name"), limit=80)
    is_active = forms.tick(gettext_lazy("Offered to clients"))
    is_live = forms.tick(
        gettext_lazy("Live: real money moves"), hint=gettext_lazy("Stays as it is once saved.")
    )
    currencies = forms.text(
        gettext_lazy("Currencies"), hint=gettext_lazy("Such as EUR, CHF. Empty for all.")
    )
    least = forms.text(gettext_lazy("From an amount of"), limit=16, inputmode="decimal")
    most = forms.text(
        gettext_lazy("Up to an amount of"),
        limit=16,
        inputmode="decimal",
        hint=gettext_lazy("Empty for any amount."),
    )
    takes_parts = forms.tick(gettext_lazy("Clients may pay a part"))

    def __init__(self, kind: str, known: GatewayRecord | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.key_names = []
        for key in next(keys for code, _title, keys in queries.kinds() if code == kind):
            make = forms.secret if key.is_secret else forms.text
            hint = _("Left empty, the stored one stays.") if known else ""
            name = f"key_{key.name}"
            field: django_forms.Field = make(str(LABELS[key.name]), hint=hint, required=False)
            field.widget.attrs["autocomplete"] = "off"
            self.fields[name] = field
            self.key_names.append(key.name)
        self.method_names = known.all_methods if known else queries.methods_of(kind)
        for method in self.method_names:
            self.fields[f"method_{method}"] = forms.tick(str(choices.METHODS[method]))
        if known:
            self.fields["is_live"].disabled = True

    def key_fields(self) -> list[Any]:
        """The fields of keys, for the template."""
        return [self[f"key_{name}"] for name in self.key_names]

    def method_fields(self) -> list[Any]:
        """The ticks of methods, for the template."""
        return [self[f"method_{name}"] for name in self.method_names]

    def data_of(self) -> dict[str, Any]:
        """What was entered, as the room takes it."""
        given = self.cleaned_data
        methods = [one for one in self.method_names if given[f"method_{one}"]]
        return {
            "name": given["name"],
            "is_active": given["is_active"],
            "currencies": given["currencies"],
            "least": typed.number(given["least"]) or "0",
            "most": typed.number(given["most"]) or None,
            "takes_parts": given["takes_parts"],
            "methods": [] if len(methods) == len(self.method_names) else methods,
            "keys": {name: given[f"key_{name}"] for name in self.key_names},
        }


@sensitive_post_parameters()
@page("settings", "settings.view")
def gateways(request: HttpRequest, visit: Visit, gateway_id: UUID | None = None) -> HttpResponse:
    """The services, and the form of one; POST saves it."""
    rows = queries.list_gateways(by=visit.by)
    known = next((one for one in rows if one.id == gateway_id), None)
    if gateway_id is not None and known is None:
        raise NotFound(_("There is no such payment service."))
    kind = known.kind if known else request.GET.get("kind", "")
    if kind not in {code for code, _title, _keys in queries.kinds()}:
        return drawn(request, visit, rows)
    form = GatewayForm(kind, known, request.POST or None, initial=stored(kind, known))
    if request.method == "POST" and form.is_valid():
        try:
            saved = save(form, visit, known)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {f"/keys/{one}": f"key_{one}" for one in form.key_names})
        else:
            messages.success(request, _("The payment service is saved."))
            return redirect("web:settings_gateway", saved.id)
    return drawn(request, visit, rows, form=form, known=known, kind=kind)


def save(form: GatewayForm, visit: Visit, known: GatewayRecord | None) -> GatewayRecord:
    """A new service, or a changed one."""
    data = form.data_of()
    if known is None:
        data |= {"kind": form.kind, "is_live": form.cleaned_data["is_live"]}
        data["name"] = data["name"] or queries.title_of(form.kind)
        return operations.save_gateway(by=visit.by, data=data, at=visit.now)
    version = typed.version(form.cleaned_data["version"])
    return operations.save_gateway(
        by=visit.by, data=data, at=visit.now, gateway_id=known.id, version=version
    )


def stored(kind: str, known: GatewayRecord | None) -> dict[str, Any]:
    """What the form begins with; keys never leave the house."""
    if known is None:
        methods = dict.fromkeys((f"method_{one}" for one in queries.methods_of(kind)), True)
        return {"is_active": True, "takes_parts": True, **methods}
    return {
        "version": str(known.version),
        "name": known.name,
        "is_active": known.is_active,
        "is_live": known.is_live,
        "currencies": ", ".join(known.currencies),
        "least": f"{known.least.normalize():f}" if known.least else "",
        "most": "" if known.most is None else f"{known.most.normalize():f}",
        "takes_parts": known.takes_parts,
        **dict.fromkeys((f"method_{one}" for one in known.methods), True),
    }


def drawn(
    request: HttpRequest,
    visit: Visit,
    rows: list[GatewayRecord],
    *,
    form: GatewayForm | None = None,
    known: GatewayRecord | None = None,
    kind: str = "",
) -> HttpResponse:
    """The page."""
    is_refused = bool(form is not None and form.errors)
    words = {
        "rows": [row_of(one, known) for one in rows],
        "kinds": [
            {"title": title, "url": f"{reverse('web:settings_gateways')}?kind={code}"}
            for code, title, _keys in queries.kinds()
        ],
        "form": form,
        "known": known,
        "kind_title": queries.title_of(kind) if kind else "",
        "hook": hook_of(request, visit, known),
    }
    return panel(request, visit, HERE, is_refused=is_refused, **words)


def row_of(record: GatewayRecord, known: GatewayRecord | None) -> dict[str, Any]:
    """One service in the list."""
    return {
        "name": record.name,
        "title": record.title,
        "is_live": record.is_live,
        "is_active": record.is_active,
        "problem": record.test_problem,
        "heard_at": record.heard_at,
        "url": reverse("web:settings_gateway", args=[record.id]),
        "current": known is not None and known.id == record.id,
    }


def hook_of(request: HttpRequest, visit: Visit, known: GatewayRecord | None) -> str:
    """Where the service calls us; only for those who may change it, since it is a secret."""
    if known is None or known.kind == "manual" or not visit.by.may("settings.edit"):
        return ""
    return operations.hook_address_of(
        known.id, by=visit.by, base_url=request.build_absolute_uri("/")
    )


@page("settings", "settings.edit", methods="POST")
def gateway_test(request: HttpRequest, visit: Visit, gateway_id: UUID) -> HttpResponse:
    """Ask the service with the stored keys."""
    try:
        account = operations.try_gateway(gateway_id, by=visit.by, at=visit.now)
    except (operations.Refused, Unreachable, BadTarget, Invalid) as error:
        messages.error(request, said(error.detail))
    else:
        words = _("The service answers.")
        if account:
            words = _("The service answers: %(account)s.") % {"account": account}
        messages.success(request, words)
    return redirect("web:settings_gateway", gateway_id)
