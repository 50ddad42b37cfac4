"""Settings of the books: accounts, bank accounts, exchange rates."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guilder.books.invoicing import queries as invoicing
from guilder.books.ledger import operations as ledger
from guilder.books.ledger import queries as accounts
from guilder.books.ledger.models import Account
from guilder.faces.web import choices, typed
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.session.proving import proved
from guilder.faces.web.settings.forms import (
    AccountForm,
    BankForm,
    RateForm,
    RatesFileForm,
    ReferenceForm,
)
from guilder.faces.web.settings.frame import again, clash_of, panel
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, Invalid, Stale
from guilder.registers.currencies import operations as currencies
from guilder.registers.currencies import queries as rates
from guilder.registers.parties import operations as parties
from guilder.registers.parties import queries as profiles
from guilder.registers.parties.models import SellerProfile

MOST_RATE_BYTES = 20 << 20
SHOWN_RATES = 20
ACCOUNT = ("code", "name", "kind", "role", "is_active")
KINDS = {
    "asset": gettext_lazy("Asset"),
    "liability": gettext_lazy("Liability"),
    "equity": gettext_lazy("Equity"),
    "income": gettext_lazy("Income"),
    "expense": gettext_lazy("Expense"),
}
ROLES = {
    "receivables": gettext_lazy("What clients owe"),
    "revenue": gettext_lazy("Revenue"),
    "tax": gettext_lazy("Tax"),
    "bank": gettext_lazy("Bank"),
    "cash": gettext_lazy("Cash"),
    "transit": gettext_lazy("Money on its way"),
    "customer_credit": gettext_lazy("Credit of clients"),
    "deposits": gettext_lazy("Deposits received"),
    "prepaid": gettext_lazy("Paid in advance"),
    "withheld": gettext_lazy("Tax withheld by clients"),
    "rounding": gettext_lazy("Rounding differences"),
    "exchange": gettext_lazy("Exchange differences"),
    "bad_debt": gettext_lazy("Bad debts"),
    "opening": gettext_lazy("Opening balances"),
}


@page("settings", "ledger.view")
def chart(request: HttpRequest, visit: Visit, account_id: UUID | None = None) -> HttpResponse:
    """The chart of accounts; one account in its form, or a new one."""
    with visit.reading():
        rows = accounts.list_accounts(visit.by.organization_id)
        chosen = accounts.get_account(visit.by.organization_id, account_id) if account_id else None
    stored = stored_account(chosen)
    form = account_form(stored, request.POST or None)
    clash = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        data = {name: given[name] for name in ACCOUNT}
        try:
            ledger.save_account(
                by=visit.by,
                data=data,
                account_id=account_id,
                version=typed.version(given["version"]),
            )
        except Stale:
            clash = clash_of(form, stored)
            form = account_form(stored, again(request, stored))
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {"": "code"})
        else:
            messages.success(request, _("The account is saved."))
            return redirect("web:settings_accounts")
    return panel(
        request,
        visit,
        "settings_accounts",
        form=form,
        chosen=chosen,
        rows=[account_words(one) for one in rows],
        is_refused=bool(form.errors) and clash is None,
        clash=clash,
    )


def stored_account(row: Account | None) -> dict[str, Any]:
    """What is stored of an account, or how a new one begins."""
    if row is None:
        return {"kind": "expense", "is_active": True, "version": ""}
    return {name: getattr(row, name) for name in ACCOUNT} | {"version": str(row.version)}


def account_form(stored: dict[str, Any], post: Any = None) -> AccountForm:
    """The form of an account; a role of more than one word keeps what narrows it."""
    role = stored.get("role", "")
    pairs = [("", _("Nothing by itself")), *choices.pairs(ROLES)]
    if role and role not in ROLES:
        pairs.append((role, role_words(role)))
    return AccountForm(post, initial=stored, choices={"kind": choices.pairs(KINDS), "role": pairs})


def role_words(role: str) -> str:
    """`Revenue, S 19`: a role with what narrows it."""
    name, *narrowed = role.split(".")
    word = str(ROLES.get(name, name))
    return f"{word}, {' '.join(narrowed)}" if narrowed else word


def account_words(row: Account) -> dict[str, Any]:
    """An account as the list draws it."""
    return {
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "kind": KINDS[row.kind],
        "role": role_words(row.role) if row.role else "",
        "active": row.is_active,
    }


@page("settings", "settings.view")
@proved
def bank(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The organization's bank accounts; POST adds one."""
    form = BankForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            parties.save_account(by=visit.by, data=form.cleaned_data, at=visit.now)
        except (Invalid, Conflict) as error:
            typed.refuse(form, error, {"": "iban"})
        else:
            messages.success(request, _("The bank account is saved."))
            return redirect("web:settings_bank")
    with visit.reading():
        rows = profiles.own_accounts(visit.by.organization_id)
        profile = profiles.seller_profile(visit.by.organization_id)
    return panel(
        request,
        visit,
        "settings_bank",
        form=form,
        rows=[
            {
                "id": "" if one._state.adding else one.id,
                "label": one.label,
                "holder": one.holder,
                "iban": " ".join(one.iban[i : i + 4] for i in range(0, len(one.iban), 4)),
                "bic": one.bic,
                "shown": one.is_shown,
            }
            for one in rows
        ],
        reference=reference_form(profile),
        is_refused=bool(form.errors),
    )


@page("settings", "settings.edit", methods="POST")
@proved
def bank_reference(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What clients quote from the next document on."""
    form = ReferenceForm(request.POST)
    if form.is_valid():
        try:
            parties.set_seller_profile(
                by=visit.by,
                data={"reference_scheme": form.cleaned_data["reference_scheme"]},
                version=int(form.cleaned_data["version"] or 0) or None,
            )
        except Stale as error:
            messages.error(request, said(error.detail))
        else:
            messages.success(request, _("Documents ask for this reference from the next one on."))
    return redirect("web:settings_bank")


def reference_form(profile: SellerProfile | None) -> ReferenceForm | None:
    """The form as it stands; None before there is a profile."""
    if profile is None:
        return None
    known = {"reference_scheme": profile.reference_scheme, "version": profile.version}
    return ReferenceForm(initial=known)


@page("settings", "settings.edit", methods="POST")
@proved
def bank_show(request: HttpRequest, visit: Visit, account_id: UUID) -> HttpResponse:
    """Print this account on documents from now on."""
    parties.show_account(account_id, by=visit.by, at=visit.now)
    messages.success(request, _("This account stands on documents from the next one on."))
    return redirect("web:settings_bank")


@page("settings", "settings.edit", methods="POST")
@proved
def bank_remove(request: HttpRequest, visit: Visit, account_id: UUID) -> HttpResponse:
    """Take an account off the list."""
    try:
        parties.remove_account(account_id, by=visit.by)
    except Conflict as error:
        messages.error(request, said(error.detail))
    else:
        messages.success(request, _("The bank account is removed."))
    return redirect("web:settings_bank")


@page("settings", "currency.view")
def exchange(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Exchange rates: the newest of each pair, one by hand, or the ECB's file."""
    is_file = request.POST.get("what") == "file"
    by_hand = rate_form(visit, None if is_file else request.POST or None)
    by_file = RatesFileForm(request.POST if is_file else None, request.FILES or None, prefix="ecb")
    asked = by_file if is_file else by_hand
    if request.method == "POST" and asked.is_valid():
        try:
            words = take_file(by_file, visit) if is_file else take_rate(by_hand, visit)
        except (Invalid, Conflict) as error:
            typed.refuse(asked, error, {"": "file" if is_file else "rate"})
        else:
            messages.success(request, words)
            return redirect("web:settings_rates")
    with visit.reading():
        known = rates.list_rates(visit.by.organization_id).order_by("-on", "base", "quote")
        rows = list(known[:SHOWN_RATES])
        missing = missing_rates(visit)
    return panel(
        request,
        visit,
        "settings_rates",
        form=asked if asked.errors else by_hand,
        by_hand=by_hand,
        by_file=by_file,
        rows=rows,
        missing=missing,
        is_refused=bool(asked.errors),
    )


def rate_form(visit: Visit, post: Any = None) -> RateForm:
    """The form of one rate."""
    base = visit.organization.base_currency
    pairs = choices.currencies(base)
    other = next(code for code, _label in pairs if code != base)
    return RateForm(
        post,
        initial={"base": other, "quote": base, "on": visit.today},
        choices={"base": pairs, "quote": pairs},
    )


def take_rate(form: RateForm, visit: Visit) -> str:
    """Store one rate."""
    given = form.cleaned_data
    data = {name: given[name] for name in ("base", "quote", "source")}
    data |= {"rate": typed.number(given["rate"]), "on": given["on"].isoformat()}
    currencies.add_rate(by=visit.by, data=data)
    return _("The rate is saved.")


def take_file(form: RatesFileForm, visit: Visit) -> str:
    """Store the rates of a file."""
    count = currencies.import_ecb(
        by=visit.by, data=form.cleaned_data["file"].read(MOST_RATE_BYTES + 1)
    )
    return ngettext("%(n)s rate was read.", "%(n)s rates were read.", count) % {"n": count}


def missing_rates(visit: Visit) -> list[str]:
    """Currencies of open documents that have no rate for today."""
    base = visit.organization.base_currency
    ages = invoicing.ageing(by=visit.by, today=visit.today)
    found = []
    for code in sorted({one.amount.currency for one in ages} - {base}):
        try:
            rates.rate_on(visit.by.organization_id, base=code, quote=base, on=visit.today)
        except rates.NoRate:
            found.append(code)
    return found
