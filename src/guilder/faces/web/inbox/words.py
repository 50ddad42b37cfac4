"""How tasks and jobs are told: one function for each kind, from the facts that a task keeps."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from guilder.faces.web import formats, timeline
from guilder.faces.web.inbox.bills import bill_approval, bill_approved, bill_rejected
from guilder.faces.web.inbox.collecting import (
    charge_failed,
    chargeback,
    event_parked,
    giving_back_failed,
    method_kept,
    order_refused,
    order_waiting,
    record_waiting,
    recurring_failed,
    refund_waiting,
    reminder_failed,
    reminder_to_post,
)
from guilder.faces.web.inbox.told import Told, page_of
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.kernel.money import Money
from guilder.office.desk.models import Progress, Task

Text = str | Promise
THINGS: dict[str, tuple[str, Text]] = {
    "invoice": ("web:invoice", gettext_lazy("an invoice")),
    "quote": ("web:quote", gettext_lazy("a quote")),
    "client": ("web:client", gettext_lazy("a client")),
    "payment": ("web:payment", gettext_lazy("a payment")),
}
# What a job does, by its kind: under way, and done.
JOBS: dict[str, tuple[Text, Text]] = {
    "export": (gettext_lazy("Export is being made"), gettext_lazy("Export is ready")),
    "import": (gettext_lazy("Import is running"), gettext_lazy("Import is done")),
    "pdfs": (gettext_lazy("PDFs are being made"), gettext_lazy("PDFs are ready")),
    "send": (gettext_lazy("Mails are being sent"), gettext_lazy("Mails are on their way")),
    "remind": (
        gettext_lazy("Reminders are being sent"),
        gettext_lazy("Reminders are on their way"),
    ),
}
OTHER_JOB = (gettext_lazy("A job is running"), gettext_lazy("A job is done"))


def told(task: Task, visit: Visit) -> Told:
    """A task as it is drawn."""
    return KINDS.get(task.kind, other)(task, visit)


def address(task: Task) -> str:
    """The page of a task's thing."""
    route = THINGS.get(task.subject_kind, ("", ""))[0]
    return reverse(route, args=[task.subject_id]) if route and task.subject_id else ""


def mention(task: Task, _visit: Visit) -> Told:
    """Somebody named this person."""
    title = {
        "invoice": _("%(who)s mentioned you on an invoice"),
        "quote": _("%(who)s mentioned you on a quote"),
        "client": _("%(who)s mentioned you on a client"),
        "payment": _("%(who)s mentioned you on a payment"),
    }.get(task.subject_kind, _("%(who)s mentioned you"))
    return Told(
        icon="comment",
        tone="violet",
        title=title % {"who": task.data.get("who", "")},
        hint=task.data.get("text", ""),
        url=f"{address(task)}#comment-{task.data.get('comment_id', '')}",
        action=_("Answer"),
    )


def mail_returned(task: Task, _visit: Visit) -> Told:
    """A mail came back."""
    return mail(task, _("A mail to %(to)s came back"), tone="amber")


def mail_failed(task: Task, _visit: Visit) -> Told:
    """A mail could not be sent."""
    return mail(task, _("A mail to %(to)s could not be sent"), tone="red")


def transmission_failed(task: Task, _visit: Visit) -> Told:
    """A document was not taken by its channel."""
    return transmission(task, _("%(number)s could not be sent"))


def transmission_answered(task: Task, _visit: Visit) -> Told:
    """The other side rejected a document."""
    return transmission(task, _("%(number)s was rejected"))


def transmission_refused(task: Task, _visit: Visit) -> Told:
    """Something came in that nobody can read."""
    return transmission(task, _("Something came in that cannot be read"))


def transmission(task: Task, title: str) -> Told:
    """A journey that went wrong."""
    return Told(
        icon="send",
        tone="red",
        title=title % {"number": task.data.get("number") or _("A document")},
        hint=said(task.data.get("reason", "")),
        url=page_of("web:transmission", task.data.get("transmission_id")),
        action=_("Look"),
    )


def mail(task: Task, title: str, *, tone: str) -> Told:
    """A mail that did not arrive."""
    mail_id = task.data.get("mail_id")
    return Told(
        icon="mail",
        tone=tone,
        title=title % {"to": task.data.get("to", "")},
        hint=task.data.get("reason") or _("It did not arrive."),
        url=reverse("web:outbox_message", args=[mail_id]) if mail_id else address(task),
        action=_("Fix"),
    )


def payment_over(task: Task, _visit: Visit) -> Told:
    """Money has no place yet."""
    value = Money(int(task.data.get("minor", 0)), task.data.get("currency", "EUR"))
    amount = formats.money(value, formats.reader())
    return Told(
        icon="cash",
        tone="blue",
        title=_("%(amount)s from %(client)s")
        % {"amount": amount, "client": task.data.get("client", "")},
        hint=_("Not applied to an invoice yet."),
        url=address(task),
        action=pgettext("payment", "Apply"),
    )


def quote_accepted(task: Task, _visit: Visit) -> Told:
    """A client agreed."""
    return Told(
        icon="check",
        tone="green",
        title=_("Quote %(number)s was accepted") % {"number": task.data.get("number", "")},
        hint=_("Make the invoice from it."),
        url=address(task),
        action=_("Open"),
    )


def quote_declined(task: Task, _visit: Visit) -> Told:
    """A client did not agree."""
    return Told(
        icon="close",
        tone="amber",
        title=_("Quote %(number)s was declined") % {"number": task.data.get("number", "")},
        url=address(task),
        action=_("Open"),
    )


def question(task: Task, _visit: Visit) -> Told:
    """A client asked something on their page."""
    return Told(
        icon="comment",
        tone="violet",
        title=_("%(who)s has a question") % {"who": task.data.get("who", "")},
        hint=task.data.get("text", ""),
        url=address(task),
        action=_("Answer"),
    )


def approval(task: Task, _visit: Visit) -> Told:
    """Somebody asks whether a document may go out."""
    value = Money(int(task.data.get("minor", 0)), task.data.get("currency", "EUR"))
    told = {
        "amount": formats.money(value, formats.reader()),
        "client": task.data.get("client", ""),
    }
    return Told(
        icon="lock",
        tone="violet",
        title=_("%(amount)s for %(client)s wants an approval") % told,
        hint=task.data.get("text", ""),
        url=f"{address(task)}#approval",
        action=_("Decide"),
    )


def approval_refused(task: Task, _visit: Visit) -> Told:
    """A draft came back."""
    return Told(
        icon="close",
        tone="red",
        title=_("A draft for %(client)s was sent back") % {"client": task.data.get("client", "")},
        hint=task.data.get("text", ""),
        url=f"{address(task)}#approval",
        action=_("Fix"),
    )


def approval_given(task: Task, _visit: Visit) -> Told:
    """A draft may go out."""
    return Told(
        icon="check",
        tone="green",
        title=_("A draft for %(client)s is approved") % {"client": task.data.get("client", "")},
        hint=_("It may be issued now."),
        url=address(task),
        action=_("Open"),
    )


def job(task: Task, _visit: Visit) -> Told:
    """A job of this person is over."""
    data = task.data
    failed = int(data.get("failed", 0))
    if data.get("state") == Progress.State.FAILED:
        title, tone = _("A job stopped before its end"), "red"
    else:
        title, tone = (
            str(JOBS.get(data.get("job", ""), OTHER_JOB)[1]),
            "amber" if failed else "green",
        )
    return Told(
        icon="download" if data.get("file") else "check" if tone == "green" else "warn",
        tone=tone,
        title=data.get("title") or title,
        hint=job_hint(data),
        url=reverse("web:job", args=[data["progress_id"]]),
        action=_("Download") if data.get("file") and not failed else _("View"),
    )


def job_hint(data: dict[str, Any]) -> str:
    """How much was done, and how much was not."""
    if data.get("problem"):
        return str(data["problem"])
    done, failed = int(data.get("done", 0)), int(data.get("failed", 0))
    if failed:
        return ngettext("%(n)s failed", "%(n)s failed", failed) % {"n": failed}
    return ngettext("%(n)s done", "%(n)s done", done) % {"n": done}


def other(task: Task, _visit: Visit) -> Told:
    """A kind that no words are known for: what its maker gave it."""
    return Told(
        icon="info",
        tone="",
        title=task.data.get("title") or _("Something waits"),
        hint=task.data.get("text", ""),
        url=address(task),
        action=_("Open"),
    )


KINDS: dict[str, Callable[[Task, Visit], Told]] = {
    "mention": mention,
    "mail_returned": mail_returned,
    "mail_failed": mail_failed,
    "transmission_failed": transmission_failed,
    "transmission_answered": transmission_answered,
    "transmission_refused": transmission_refused,
    "payment_over": payment_over,
    "refund_waiting": refund_waiting,
    "chargeback": chargeback,
    "charge_failed": charge_failed,
    "giving_back_failed": giving_back_failed,
    "method_kept": method_kept,
    "order_refused": order_refused,
    "order_waiting": order_waiting,
    "record_waiting": record_waiting,
    "event_parked": event_parked,
    "recurring_failed": recurring_failed,
    "reminder_failed": reminder_failed,
    "reminder_to_post": reminder_to_post,
    "quote_accepted": quote_accepted,
    "quote_declined": quote_declined,
    "question": question,
    "approval": approval,
    "approval_refused": approval_refused,
    "approval_given": approval_given,
    "bill_approval": bill_approval,
    "bill_rejected": bill_rejected,
    "bill_approved": bill_approved,
    "job": job,
}


def entry(task: Task, visit: Visit) -> dict[str, Any]:
    """A row of the inbox."""
    words = told(task, visit)
    return {
        "id": task.id,
        "icon": words.icon,
        "tone": words.tone,
        "title": words.title,
        "hint": words.hint,
        "url": words.url,
        "action": words.action,
        "at": task.created_at,
        "at_text": timeline.moment(task.created_at, visit),
        "wakes_text": timeline.moment(task.snoozed_until, visit) if task.snoozed_until else "",
        "state": task.state,
        "done_url": reverse("web:task_done", args=[task.id]),
        "snooze_url": reverse("web:task_snooze", args=[task.id]),
        "reopen_url": reverse("web:task_reopen", args=[task.id]),
    }


def progress(row: Progress, visit: Visit) -> dict[str, Any]:
    """A job as it is drawn."""
    running, done = JOBS.get(row.kind, OTHER_JOB)
    return {
        "id": row.id,
        "title": row.data.get("title") or str(done if row.is_over else running),
        "state": row.state,
        "is_over": row.is_over,
        "is_cancel_asked": row.is_cancel_asked,
        "done": row.done,
        "total": row.total,
        "failed": row.failed,
        "percent": row.percent,
        "step": row.percent // 25,
        "left": left(row, visit),
        "problem": row.problem,
        "failures": row.failures,
        "file_url": reverse("web:job_file", args=[row.id]) if row.file_id else "",
        "filename": row.file.filename if row.file_id else "",
        "url": reverse("web:job", args=[row.id]),
        "part_url": reverse("web:job_part", args=[row.id]),
        "cancel_url": reverse("web:job_cancel", args=[row.id]),
        "at": row.created_at,
    }


def left(row: Progress, visit: Visit) -> str:
    """About how long it still takes, from how it went so far; nothing in its first seconds."""
    spent = int((visit.now - row.created_at).total_seconds())
    if row.is_over or spent < 3 or not row.done or row.done >= row.total:
        return ""
    seconds = spent * (row.total - row.done) // row.done
    if seconds < 60:
        return _("Less than a minute left")
    minutes = -(-seconds // 60)
    words = ngettext("About %(n)s minute left", "About %(n)s minutes left", minutes)
    return words % {"n": minutes}
