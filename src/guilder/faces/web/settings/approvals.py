"""Settings of approvals: above which amount somebody must agree, and who may, up to how much."""

from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing.queries.discounts import discount_policy
from guilder.books.payments import operations as payments
from guilder.books.payments.queries.refunds import refund_policy
from guilder.books.workflow import operations as workflow
from guilder.books.workflow import queries
from guilder.faces.web import shell, typed
from guilder.faces.web.door import page
from guilder.faces.web.settings.forms import ApprovalForm
from guilder.faces.web.settings.frame import panel
from guilder.faces.web.shell import Visit
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity.permissions import PERMISSIONS
from guilder.kernel.errors import Conflict, Invalid
from guilder.kernel.money import Money

PAGE = "settings_approvals"
FIELDS = {
    "": "amount",
    "/limit": "amount",
    "/roles": "amount",
    "/approval_above": "refunds_above",
    "/grace_days": "grace_days",
    "/tolerance": "tolerance",
}
EARLY = ("grace_days", "tolerance")
MAY = [role for role in shell.ROLES if "invoice.approve" in PERMISSIONS[role]]


@page("settings", "settings.view")
def approvals(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The rule and the limits of roles; POST saves both."""
    with visit.reading():
        rule = queries.get_rule(visit.by.organization_id)
        of_roles, _people = queries.limits(visit.by.organization_id)
        money = {"refunds_above": refunds_above(visit), **early(visit)}
    initial = {
        "is_active": rule.is_active,
        "amount": typed.shown(Money(rule.amount, rule.currency)) if rule.version else "",
        "version": str(rule.version),
        **money,
        "sealed_uploads": visit.organization.sealed_uploads,
    }
    chosen = set(rule.roles)
    typed_limits = {role: typed.shown(of_roles[role]) for role in MAY if role in of_roles}
    form = ApprovalForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = {role for role in request.POST.getlist("roles") if role in MAY}
        typed_limits = {role: request.POST.get(f"limit-{role}", "") for role in MAY}
        if saved(form, chosen, typed_limits, visit):
            messages.success(request, _("Saved."))
            return redirect("web:settings_approvals")
    return panel(
        request,
        visit,
        PAGE,
        form=form,
        is_refused=bool(form.errors),
        currency=visit.organization.base_currency,
        roles=[
            SimpleNamespace(
                code=role,
                label=shell.ROLES[role],
                ticked=role in chosen,
                limit=typed_limits.get(role, ""),
            )
            for role in MAY
        ],
    )


def saved(form: ApprovalForm, chosen: set[str], limits: dict[str, str], visit: Visit) -> bool:
    """Save the rule and the limits; faults go to the form."""
    given: dict[str, Any] = form.cleaned_data
    try:
        amount = money_of(given["amount"], visit)
        read = {role: money_of(text, visit) for role, text in limits.items()}
        with visit.reading():  # one transaction: all of it or nothing
            workflow.set_rule(
                by=visit.by,
                is_active=given["is_active"],
                amount=amount,
                roles=chosen,
                version=typed.version(given["version"]),
            )
            identity.seal_uploads(by=visit.by, is_on=given["sealed_uploads"])
            for role, limit in read.items():
                workflow.set_limit(by=visit.by, role=role, amount=limit)
            payments.set_refund_policy(
                by=visit.by,
                data={"approval_above": typed.number(given["refunds_above"])},
                base_currency=visit.organization.base_currency,
            )
            invoicing.set_discount_policy(
                by=visit.by,
                data={name: typed.number(given[name]) for name in EARLY if given[name].strip()},
            )
    except (ValueError, ArithmeticError):
        form.add_error("amount", _("Enter an amount, for example 1,250.00."))
    except (Invalid, Conflict) as error:
        typed.refuse(form, error, FIELDS)
    return not form.errors


def early(visit: Visit) -> dict[str, str]:
    """How strictly the days of early payment are kept, as typed."""
    days, tolerance, _version = discount_policy(by=visit.by)
    return {"grace_days": str(days), "tolerance": f"{tolerance.normalize():f}"}


def refunds_above(visit: Visit) -> str:
    """Above what a refund waits for somebody else, as typed; nothing for never."""
    limit, _version = refund_policy(by=visit.by)
    return "" if limit is None else typed.shown(Money(limit, visit.organization.base_currency))


def money_of(text: str, visit: Visit) -> Money | None:
    """An amount in the base currency; None where nothing is typed."""
    base = visit.organization.base_currency
    return Money.of(typed.number(text), base) if text.strip() else None
