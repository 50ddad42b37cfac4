"""What is to be reminded of, what was sent, what rests, and disputes; one letter."""

from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.faces.web import answers
from guilder.faces.web.door import page
from guilder.faces.web.kept import kept
from guilder.faces.web.menu import Count
from guilder.faces.web.reminders import words
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import COUNTS, Visit
from guilder.kernel.errors import Conflict, Invalid
from guilder.kernel.money import Money
from guilder.office.dispatch import operations as dispatch
from guilder.office.dunning import operations, queries

SHOWN = 100
DUE, SENT, POST, RESTS, DISPUTES = "", "sent", "post", "rests", "disputes"
CAP = 99


@page("reminders", "reminder.view", methods="GET")
def reminders(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The worklist; the tab that the address names."""
    asked = request.GET.get("tab", "")
    tab = asked if asked in PARTS else DUE
    with visit.reading():
        shown = {
            "tabs": tabs_of(tab, visit),
            "tab": tab or "due",
            "ladders": queries.list_ladders(by=visit.by),
            "may": {"send": visit.by.may("reminder.send"), "edit": visit.by.may("reminder.edit")},
            **PARTS[tab](visit),
        }
    return render(request, "reminders/list.html", shown)


def tabs_of(current: str, visit: Visit) -> list[dict[str, Any]]:
    """The parts of the page, with how much waits in each."""
    address = reverse("web:reminders")
    post = queries.reminder_count(by=visit.by, state="to_post", cap=CAP)
    known = (
        (DUE, _("To remind"), queries.due_count(by=visit.by, on=visit.today, cap=CAP)),
        (POST, _("To post"), post),
        (SENT, _("Sent"), 0),
        (RESTS, _("Resting"), 0),
        (DISPUTES, _("Disputes"), len(queries.list_disputes(by=visit.by, state="open", limit=CAP))),
    )
    return [
        {
            "label": label,
            "url": f"{address}?tab={code}" if code else address,
            "current": code == current,
            "count": count or "",
        }
        for code, label, count in known
    ]


def due_part(visit: Visit) -> dict[str, Any]:
    """The letters of today, those that wait for a person first."""
    letters = operations.compose_letters(by=visit.by, on=visit.today, most=SHOWN)
    rows = [words.letter_words(one) for one in letters]
    return {
        "letters": sorted(rows, key=lambda one: not one.waits),
        "no_rate_from": min((x.no_rate_from for x in letters if x.no_rate_from), default=None),
    }


def sent_part(visit: Visit) -> dict[str, Any]:
    """The newest letters."""
    found = queries.list_reminders(by=visit.by, limit=SHOWN)
    return {"reminders": [words.reminder_words(one) for one in found]}


def post_part(visit: Visit) -> dict[str, Any]:
    """Letters that somebody has to print and post."""
    found = queries.list_reminders(by=visit.by, state="to_post", limit=SHOWN)
    return {"reminders": [words.reminder_words(one) for one in found]}


def rests_part(visit: Visit) -> dict[str, Any]:
    """Pauses and promises, those at work and those just over."""
    found = queries.list_holds(by=visit.by, limit=SHOWN)
    return {"holds": [words.hold_words(one, today=visit.today) for one in found]}


def disputes_part(visit: Visit) -> dict[str, Any]:
    """Disputes, the newest first."""
    found = queries.list_disputes(by=visit.by, limit=SHOWN)
    rows = [words.dispute_words(one, today=visit.today) for one in found]
    return {"disputes": sorted(rows, key=lambda one: not one.is_open)}


PARTS: dict[str, Any] = {
    DUE: due_part,
    SENT: sent_part,
    POST: post_part,
    RESTS: rests_part,
    DISPUTES: disputes_part,
}


def waiting(visit: Visit) -> Count:
    """How much waits for a person, for the navigation."""
    if not visit.by.may("reminder.send"):
        return Count(0)
    count = partial(queries.due_count, by=visit.by, on=visit.today, cap=CAP)
    return Count(kept("reminders", visit, count), hot=True)


COUNTS["reminders"] = waiting


def chosen(values: list[str]) -> list[UUID]:
    """The invoices of the letters that were ticked. Raises Invalid."""
    try:
        return [UUID(one) for value in values for one in value.split(",") if one]
    except ValueError:
        raise Invalid("Choose a letter from the list.") from None


@page("reminders", "reminder.send", methods="POST")
def reminders_send(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Send the letters that were ticked."""
    to = reverse("web:reminders")
    try:
        ids = chosen(request.POST.getlist("letter"))
        made = operations.remind(ids, by=visit.by, on=visit.today, at=visit.now, hold=dispatch.HOLD)
    except (Conflict, Invalid) as error:
        return answers.done(request, to=to, text=said(error.detail))
    posts = any(one.status == "to_post" for one in made)
    text = ngettext("%(n)s letter goes out.", "%(n)s letters go out.", len(made)) % {"n": len(made)}
    if posts:
        text = _("%(sent)s What goes by post waits under “To post”.") % {"sent": text}
    return answers.done(request, to=to, text=text)


@page("reminders", "reminder.send", methods="POST")
def reminders_skip(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Pass the due steps over."""
    to = reverse("web:reminders")
    try:
        ids = chosen(request.POST.getlist("letter"))
        operations.skip_step(ids, by=visit.by, on=visit.today, at=visit.now)
    except (Conflict, Invalid) as error:
        return answers.done(request, to=to, text=said(error.detail))
    return answers.done(request, to=to, text=_("Passed over: that step is never sent."))


@page("reminders", "reminder.view", methods="GET")
def reminder_preview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A letter that is due, before it goes out: its words and what it asks for."""
    ids = chosen([request.GET.get("letter", "")])
    letters = operations.compose_letters(by=visit.by, on=visit.today, invoice_ids=ids)
    if not letters:
        raise operations.NothingDue("None of these is to be reminded of now.")
    letter = letters[0]
    mail = operations.preview_mail(letter, by=visit.by, at=visit.now)
    shown = {
        "letter": words.letter_words(letter),
        "claims": claims_of(letter),
        "law": letter.law,
        "mail": mail and SimpleNamespace(to=mail.to, subject=mail.subject, text=mail.text),
        "may": {"send": visit.by.may("reminder.send")},
    }
    name = "reminders/preview.html"
    return render(request, f"{name}#form" if answers.in_sheet(request) else name, shown)


def claims_of(letter: Any) -> list[SimpleNamespace]:
    """What a letter asks for, line by line."""
    known = (
        (_("Open"), letter.open),
        (_("Interest"), letter.interest),
        (_("Lump sum"), Money(letter.lump, letter.currency)),
        (_("Fee"), Money(letter.fee, letter.currency)),
    )
    return [SimpleNamespace(label=label, amount=amount) for label, amount in known if amount]


@page("reminders", "reminder.view", methods="GET", files=True)
def reminder_draft_pdf(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The letter as it would be printed now."""
    ids = chosen([request.GET.get("letter", "")])
    printed = operations.preview_letter(ids, by=visit.by, on=visit.today, at=visit.now)
    return pdf_answer(printed.pdf, printed.filename)


@page("reminders", "reminder.view", methods="GET")
def reminder(request: HttpRequest, visit: Visit, reminder_id: UUID) -> HttpResponse:
    """One letter: what it asked for and what became of it."""
    with visit.reading():
        record = queries.get_reminder(reminder_id, by=visit.by)
    shown = {
        "one": words.reminder_words(record),
        "pay_by_on": record.pay_by_on,
        "claims": claims_of_record(record),
        "law": record.law,
        "reason": record.reason,
        "ladder": record.ladder_name,
        "mail_url": reverse("web:outbox_message", args=[record.mail_id]) if record.mail_id else "",
        "mail_to": record.mail_to or "",
        "invoices": [
            SimpleNamespace(
                number=one.number,
                url=reverse("web:invoice", args=[one.invoice_id]),
                due_on=one.due_on,
                open=Money(one.open_amount, record.currency),
                interest=Money(one.interest_amount, record.currency),
                still_open=Money(one.still_open, record.currency),
                spans=one.spans,
            )
            for one in record.invoices
        ],
        "may": {"send": visit.by.may("reminder.send")},
    }
    return render(request, "reminders/detail.html", shown)


def claims_of_record(record: Any) -> list[SimpleNamespace]:
    """What a letter asked for, line by line."""
    known = (
        (_("Open"), record.open_amount),
        (_("Interest"), record.interest_amount),
        (_("Lump sum"), record.lump_amount),
        (_("Fee"), record.fee_amount),
    )
    return [
        SimpleNamespace(label=label, amount=Money(amount, record.currency))
        for label, amount in known
        if amount
    ]


@page("reminders", "reminder.view", methods="GET", files=True)
def reminder_pdf(request: HttpRequest, visit: Visit, reminder_id: UUID) -> HttpResponse:
    """The letter as it went out."""
    del request
    printed = operations.letter_file(reminder_id, by=visit.by)
    return pdf_answer(printed.pdf, printed.filename)


def pdf_answer(pdf: bytes, filename: str) -> HttpResponse:
    """A PDF in the browser's own viewer."""
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in filename)
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{safe}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@page("reminders", "reminder.send", methods="POST")
def reminder_posted(request: HttpRequest, visit: Visit, reminder_id: UUID) -> HttpResponse:
    """It was printed and posted."""
    operations.mark_posted([reminder_id], by=visit.by, on=visit.today, at=visit.now)
    to = f"{reverse('web:reminders')}?tab={POST}"
    return answers.done(request, to=to, text=_("Noted as posted."))
