"""The overview."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.queries import Age, InvoiceFilter
from guilder.books.payments import queries as payments
from guilder.faces.web import statuses, timeline
from guilder.faces.web.door import page
from guilder.faces.web.shell import Visit
from guilder.kernel.money import Money, add_up
from guilder.office.dispatch import queries as mails
from guilder.registers.parties import queries as parties

OVERDUE_SHOWN = 8


@page("overview", methods="GET")
def overview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Money first: open, overdue, collected; then what is late and what happened."""
    by, today, base = visit.by, visit.today, visit.organization.base_currency
    with visit.reading():
        ages = invoicing.ageing(by=by, today=today) if by.may("invoice.view") else []
        late = (
            invoicing.list_invoices(
                InvoiceFilter(today=today, words=("overdue",)),
                by=by,
                sort="due_on",
                limit=OVERDUE_SHOWN,
            )
            if by.may("invoice.view")
            else []
        )
        drafts = (
            invoicing.count_invoices(InvoiceFilter(today=today, words=("draft",)), by=by)
            if by.may("invoice.view")
            else 0
        )
        came_in = (
            payments.collected(by=by, received_from=today.replace(day=1), received_to=today)
            if by.may("payment.view")
            else []
        )
        recent = timeline.lately(visit)
        waiting = notices(visit)
        steps = first_steps(visit)
    words = {
        "today": today,
        "figures": figures(ages, came_in, base, drafts, visit),
        "ages": bar(ages, base),
        "ages_label": bar_label(ages, base),
        "overdue": [
            {
                "client": one.partner_name,
                "url": reverse("web:invoice", args=[one.id]),
                "number": one.number,
                "days": (today - one.due_on).days if one.due_on else 0,
                "open": one.money(one.open_amount),
                "last_step": last_step(one),
                "pay_url": f"{reverse('web:payment_new')}?invoice={one.id}",
            }
            for one in late
        ],
        "waiting": waiting,
        "recent": recent,
        "steps": steps,
        "may": {"pay": by.may("payment.record")},
    }
    return render(request, "overview/index.html", words)


def last_step(record: Any) -> str:
    """How far it came: the last thing that is known of it."""
    if record.viewed_at:
        return str(statuses.status_of("viewed").label)
    return str(statuses.status_of("sent" if record.sent_at else "issued").label)


def figures(
    ages: Sequence[Age], came_in: Sequence[Money], base: str, drafts: int, visit: Visit
) -> SimpleNamespace:
    """The four numbers on top, in the base currency; others beside."""
    own = [one for one in ages if one.amount.currency == base]
    others = sorted({one.amount.currency for one in ages} - {base})
    late = [one for one in own if one.age]
    return SimpleNamespace(
        open=add_up((one.amount for one in own), base),
        overdue=add_up((one.amount for one in late), base),
        collected=add_up((one for one in came_in if one.currency == base), base),
        open_count=sum(one.count for one in ages),
        overdue_count=sum(one.count for one in ages if one.age),
        oldest_days=max((one.oldest_days for one in ages), default=0),
        others=[
            add_up(one.amount for one in ages if one.amount.currency == code) for code in others
        ],
        collected_label=_("Collected in %(month)s") % {"month": f"{visit.today:%B}"},
        drafts_count=str(drafts),
    )


def age_labels() -> list[str]:
    """The five ages."""
    return [_("Not due"), _("1–30 days"), _("31–60"), _("61–90"), _("Over 90")]


def shares(ages: Sequence[Age], base: str) -> list[tuple[Money, int, int]]:
    """(amount, count, hundredths of a percent) of each age in the base currency."""
    own = {one.age: one for one in ages if one.amount.currency == base}
    whole = sum(one.amount.minor for one in own.values())
    return [
        (own[age].amount, own[age].count, own[age].amount.minor * 10_000 // whole)
        if age in own and whole
        else (Money.zero(base), 0, 0)
        for age in range(5)
    ]


def bar(ages: Sequence[Age], base: str) -> list[SimpleNamespace]:
    """The parts of the ageing bar; start and size in percent."""
    found = shares(ages, base)
    if not any(amount for amount, _count, _share in found):
        return []
    parts, start = [], 0
    for age, (label, (amount, count, share)) in enumerate(zip(age_labels(), found, strict=True)):
        parts.append(
            SimpleNamespace(
                label=label,
                tone=f"age-{age}",
                amount=amount,
                count=count,
                start=f"{start // 100}.{start % 100:02d}",
                size=f"{share // 100}.{share % 100:02d}",
            )
        )
        start += share
    return parts


def bar_label(ages: Sequence[Age], base: str) -> str:
    """The bar in words."""
    told = [
        f"{share // 100}% {label.lower()}"
        for label, (_amount, _count, share) in zip(age_labels(), shares(ages, base), strict=True)
        if share
    ]
    return _("Open amount by age: %(parts)s") % {"parts": ", ".join(told)}


def notices(visit: Visit) -> list[dict[str, Any]]:
    """What waits for a person: mails that came back or failed."""
    if not visit.by.may("invoice.send"):
        return []
    found = mails.list_mails(by=visit.by, states=("failed", "returned"), limit=4)
    return [
        {
            "icon": "mail",
            "tone": "amber",
            "title": mail.subject,
            "hint": mail.problem or _("It did not arrive."),
            "url": reverse("web:outbox_message", args=[mail.id]),
            "action": _("Look"),
        }
        for mail in found
    ]


def first_steps(visit: Visit) -> list[dict[str, Any]]:
    """The checklist of a new organization; empty once all is done, or for who may not do it."""
    if not visit.by.may("settings.edit"):
        return []
    profile = parties.seller_profile(visit.by.organization_id)
    has_details = bool(
        profile and profile.line1 and (profile.vat_id or profile.tax_number) and profile.iban
    )
    written = invoicing.list_invoices(InvoiceFilter(today=visit.today), by=visit.by, limit=1)
    has_server = mails.get_mail_settings(by=visit.by).server != "none"
    if has_details and written and (has_server or visit.organization.is_demo):
        return []
    return [
        step(
            _("Complete your company"),
            _("Address, tax number and bank account stand on every invoice."),
            "web:settings",
            _("Complete"),
            done=has_details,
        ),
        step(
            _("Write the first invoice"),
            _("A client, a line, and it is ready."),
            "web:invoice_new",
            _("Write"),
            done=bool(written),
        ),
        step(
            _("Set a mail server"),
            _("Until then mails wait in the outbox."),
            "web:settings_mail",
            _("Set"),
            done=has_server,
        ),
    ]


def step(label: str, hint: str, route: str, action: str, *, done: bool) -> dict[str, Any]:
    """One step of the checklist."""
    return {"label": label, "hint": hint, "url": reverse(route), "action": action, "done": done}
