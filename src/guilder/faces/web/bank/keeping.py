"""Rules and accounts: what lines are posted to without asking, and where they come from."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from guilder.books.ledger import queries as ledger
from guilder.faces.web import answers, forms, typed
from guilder.faces.web.door import page
from guilder.faces.web.shell import Visit
from guilder.flows.banking import operations, queries
from guilder.flows.banking.models import BankAccount, Rule
from guilder.kernel.errors import Conflict, Invalid
from guilder.kernel.money import Money

FIELDS = {
    "name": _lazy("Name of the other side"),
    "text": _lazy("Text"),
    "account": _lazy("Account of the other side"),
    "amount": _lazy("Amount"),
}
TESTS = {
    "contains": _lazy("contains"),
    "is": _lazy("is"),
    "starts": _lazy("begins with"),
    "at_least": _lazy("at least"),
    "at_most": _lazy("at most"),
}
DIRECTIONS = {
    "any": _lazy("In or out"),
    "in": _lazy("Money in"),
    "out": _lazy("Money out"),
}


class RuleForm(forms.PaperForm):
    """One rule with up to two conditions."""

    name = forms.text(_lazy("Name"), required=True, limit=80)
    direction = django_forms.ChoiceField(label=_lazy("Direction"), choices=list(DIRECTIONS.items()))
    field_1 = django_forms.ChoiceField(label=_lazy("What"), choices=list(FIELDS.items()))
    op_1 = django_forms.ChoiceField(label=_lazy("How"), choices=list(TESTS.items()))
    value_1 = forms.text(_lazy("Value"), required=True, limit=140)
    field_2 = django_forms.ChoiceField(
        label=_lazy("And what"), choices=[("", _lazy("Nothing more")), *FIELDS.items()],
        required=False,
    )  # fmt: skip
    op_2 = django_forms.ChoiceField(label=_lazy("How"), choices=list(TESTS.items()), required=False)
    value_2 = forms.text(_lazy("Value"), limit=140)
    account = django_forms.ChoiceField(label=_lazy("Post to"))
    is_automatic = django_forms.BooleanField(label=_lazy("Post by itself"), required=False)


class AccountForm(forms.PaperForm):
    """One bank account."""

    name = forms.text(_lazy("Name"), required=True, limit=80)
    iban = forms.text(_lazy("IBAN"), limit=42)
    number = forms.text(_lazy("Account number"), limit=80, hint=_lazy("Where there is no IBAN."))
    currency = forms.text(_lazy("Currency"), limit=3)
    difference_account = django_forms.ChoiceField(label=_lazy("Fees go to"), required=False)
    automatic_from = forms.text(
        _lazy("Match by itself from"),
        limit=3,
        hint=_lazy("Percent of certainty, 80 to 100. Empty: never."),
        inputmode="numeric",
    )


def chart_choices(visit: Visit, *, empty: str = "") -> list[tuple[str, str]]:
    """The accounts of the chart that things are posted to."""
    with visit.reading():
        rows = ledger.list_accounts(visit.by.organization_id)
    found = [
        (str(one.id), f"{one.code} {one.name}")
        for one in rows
        if one.is_active and one.role not in {"receivables", "customer_credit"}
    ]
    return [("", empty), *found] if empty else found


@page("bank", "bank.view", methods="GET")
def rules(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All rules in the order in which they are tried."""
    with visit.reading():
        rows = queries.list_rules(by=visit.by)
    return render(
        request,
        "bank/rules.html",
        {
            "rows": [rule_words(one, visit) for one in rows if one.is_active],
            "may": {"edit": visit.by.may("bank.edit")},
        },
    )


def rule_words(row: Rule, visit: Visit) -> SimpleNamespace:
    """One rule of the list."""
    currency = visit.organization.base_currency
    return SimpleNamespace(
        id=row.id,
        name=row.name,
        conditions=[condition_words(one, currency) for one in row.conditions],
        direction=DIRECTIONS[row.direction],
        account=f"{row.account.code} {row.account.name}",
        used=row.used_count,
        automatic=row.is_automatic,
    )


def condition_words(one: dict[str, str], currency: str) -> str:
    """A condition as people read it."""
    value = one["value"]
    if one["field"] == "amount":
        value = str(Money(int(value), currency))
    named = {"what": FIELDS.get(one["field"], one["field"]), "value": value}
    named["how"] = TESTS[one["op"]]
    return _("%(what)s %(how)s “%(value)s”") % named


@page("bank", "bank.edit")
def rule_new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Make a rule, begun from the line at hand."""
    initial: dict[str, Any] = {"op_1": "contains", "field_1": "name", "direction": "out"}
    asked = request.GET.get("line", "")
    if asked:
        with visit.reading():
            row = queries.get_line(UUID(asked), by=visit.by)
        initial |= {
            "name": row.name[:80],
            "value_1": row.name or row.text[:80],
            "field_1": "name" if row.name else "text",
            "direction": "in" if row.amount > 0 else "out",
        }
    return rule_page(request, visit, None, initial)


@page("bank", "bank.edit")
def rule_edit(request: HttpRequest, visit: Visit, rule_id: UUID) -> HttpResponse:
    """Change a rule."""
    with visit.reading():
        row = queries.get_rule(rule_id, by=visit.by)
    return rule_page(request, visit, row, initial_of(row, visit))


def initial_of(row: Rule, visit: Visit) -> dict[str, Any]:
    """A rule as its form shows it."""
    values: dict[str, Any] = {
        "name": row.name,
        "direction": row.direction,
        "account": str(row.account_id),
        "is_automatic": row.is_automatic,
    }
    for place, one in enumerate(row.conditions[:2], start=1):
        value = one["value"]
        if one["field"] == "amount":
            value = str(Money(int(value), visit.organization.base_currency))
        values |= {f"field_{place}": one["field"], f"op_{place}": one["op"]}
        values[f"value_{place}"] = value
    return values


def rule_page(
    request: HttpRequest, visit: Visit, row: Rule | None, initial: dict[str, Any]
) -> HttpResponse:
    """The form, and what it does."""
    given = request.POST if request.method == "POST" else None
    options = {"account": chart_choices(visit)}
    form = RuleForm(given, initial=initial, choices=options)
    if given is not None and form.is_valid():
        try:
            operations.save_rule(
                by=visit.by,
                at=visit.now,
                data=raw_of(form.cleaned_data, visit),
                rule_id=row.id if row else None,
            )
        except (Invalid, Conflict) as error:
            faults = [(one.pointer.strip("/"), one.detail) for one in error.problems]
            form.refuse(faults or [("", error.detail)])
        else:
            answers.say(request, _("The rule is saved."))
            return redirect(reverse("web:bank_rules"))
    status = 422 if form.errors else 200
    return render(request, "bank/rule.html", {"form": form, "rule": row}, status=status)


def raw_of(values: dict[str, Any], visit: Visit) -> dict[str, Any]:
    """The form as the operation takes it; amounts in minor units."""
    conditions = []
    for place in (1, 2):
        field, value = values[f"field_{place}"], values[f"value_{place}"]
        if not field or not value:
            continue
        if field == "amount":
            value = minor_of(value, visit.organization.base_currency)
        conditions.append({"field": field, "op": values[f"op_{place}"], "value": value})
    return {
        "name": values["name"],
        "direction": values["direction"],
        "conditions": conditions,
        "account": values["account"],
        "is_automatic": values["is_automatic"],
    }


def minor_of(text: str, currency: str) -> str:
    """What people type as minor units; what is no amount stays as it is, and is refused."""
    try:
        return str(abs(Money.of(typed.number(text), currency).minor))
    except ValueError:
        return text


@page("bank", "bank.edit", methods="POST")
def rule_delete(request: HttpRequest, visit: Visit, rule_id: UUID) -> HttpResponse:
    """Use a rule no more."""
    operations.delete_rule(rule_id, by=visit.by)
    return answers.done(request, to=reverse("web:bank_rules"), text=_("The rule is gone."))


@page("bank", "bank.view")
def accounts(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every bank account, and opening one."""
    return account_page(request, visit, None)


@page("bank", "bank.edit")
def account_edit(request: HttpRequest, visit: Visit, account_id: UUID) -> HttpResponse:
    """Change a bank account."""
    with visit.reading():
        row = queries.get_account(account_id, by=visit.by)
    return account_page(request, visit, row)


def account_page(request: HttpRequest, visit: Visit, row: BankAccount | None) -> HttpResponse:
    """The list and the form."""
    given = request.POST if request.method == "POST" else None
    if given is not None:
        visit.by.require("bank.edit")
    initial = (
        {
            "name": row.name,
            "iban": row.iban,
            "number": row.number,
            "currency": row.currency,
            "difference_account": str(row.difference_account_id or ""),
            "automatic_from": row.automatic_from or "",
        }
        if row
        else {"currency": visit.organization.base_currency}
    )
    options = {"difference_account": chart_choices(visit, empty=_("An account made for it"))}
    form = AccountForm(given, initial=initial, choices=options)
    if row is not None:
        for name in ("iban", "number", "currency"):
            form.fields[name].disabled = True
    if given is not None and form.is_valid() and kept(request, visit, form, row):
        answers.say(request, _("The account is saved."))
        return redirect(reverse("web:bank_accounts"))
    with visit.reading():
        rows = queries.list_accounts(by=visit.by)
    context = {
        "rows": rows,
        "form": form,
        "chosen": row,
        "may": {"edit": visit.by.may("bank.edit")},
    }
    return render(request, "bank/accounts.html", context, status=422 if form.errors else 200)


def kept(request: HttpRequest, visit: Visit, form: AccountForm, row: BankAccount | None) -> bool:
    """Store what was typed; False with the faults in the form."""
    del request
    values = form.cleaned_data
    data: dict[str, Any] = {
        "name": values["name"],
        "difference_account": values["difference_account"] or None,
        "automatic_from": values["automatic_from"] or None,
    }
    try:
        if row is not None:
            operations.save_account(row.id, by=visit.by, data=data)
        else:
            data |= {name: values[name] for name in ("iban", "number")}
            data["currency"] = values["currency"].upper()
            operations.open_account(by=visit.by, data=data, at=visit.now)
    except (Invalid, Conflict) as error:
        faults = [(one.pointer.strip("/"), one.detail) for one in error.problems]
        form.refuse(faults or [("", error.detail)])
        return False
    return True
