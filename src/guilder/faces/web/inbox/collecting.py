"""Tasks about money that is to come in or to go back: refunds, charges, repetition, reminders."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.faces.web import formats
from guilder.faces.web.inbox.told import Told, page_of
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.kernel.money import Money
from guilder.office.desk.models import Task


def refund_waiting(task: Task, _visit: Visit) -> Told:
    """Money is to be given back, if somebody agrees."""
    value = Money(int(task.data.get("minor", 0)), task.data.get("currency", "EUR"))
    return Told(
        icon="undo",
        tone="violet",
        title=_("Refund of %(amount)s to %(client)s waits for approval")
        % {
            "amount": formats.money(value, formats.reader()),
            "client": task.data.get("client", ""),
        },
        hint=task.data.get("reason", ""),
        url=page_of("web:refund", task.data.get("refund_id")),
        action=_("Decide"),
    )


def chargeback(task: Task, _visit: Visit) -> Told:
    """A client's bank wants money back."""
    until = task.data.get("answer_by", "")
    hint = task.data.get("reason", "").replace("_", " ")
    if until:
        day = formats.day(datetime.fromisoformat(until).date(), formats.reader())
        hint = _("Answer by %(day)s") % {"day": day}
    return Told(
        icon="warn",
        tone="red",
        title=_("%(client)s wants %(amount)s back through the bank") % charged(task),
        hint=hint,
        url=page_of("web:chargeback", task.data.get("chargeback_id")),
        action=_("Answer"),
    )


def charge_failed(task: Task, _visit: Visit) -> Told:
    """A saved method was not charged."""
    return Told(
        icon="payment",
        tone="amber",
        title=_("%(amount)s could not be taken from %(client)s") % charged(task),
        hint=task.data.get("failure", "").replace("_", " "),
        url=page_of("web:charge", task.data.get("charge_id")),
        action=_("View"),
    )


def giving_back_failed(task: Task, _visit: Visit) -> Told:
    """A service could not give money back."""
    return Told(
        icon="undo",
        tone="red",
        title=_("A refund to %(client)s could not be made by the payment service") % charged(task),
        hint=_("The refund is taken back; the amount is the client's credit again."),
        url=page_of("web:charge", task.data.get("charge_id")),
        action=_("View"),
    )


def method_kept(task: Task, _visit: Visit) -> Told:
    """A service could not end a way to pay that was ended here."""
    named = {"service": task.data.get("service", ""), "client": task.data.get("client", "")}
    return Told(
        icon="warn",
        tone="amber",
        title=_("%(service)s still keeps a way to pay of %(client)s") % named,
        hint=_("It was ended here and is never charged. End it there too."),
        url=page_of("web:client_paying", task.data.get("partner_id")),
        action=_("View"),
    )


def charged(task: Task) -> dict[str, str]:
    """Amount and client of a task about a charge."""
    value = Money(int(task.data.get("minor", 0)), task.data.get("currency", "EUR"))
    return {
        "amount": formats.money(value, formats.reader()),
        "client": task.data.get("client", ""),
    }


def order_refused(task: Task, _visit: Visit) -> Told:
    """The bank did not move the money of an order."""
    return Told(
        icon="bank",
        tone="red",
        title=_("The bank did not move %(amount)s: %(client)s") % charged(task),
        hint=said(task.data.get("reason", "")),
        url=page_of("web:sepa_batch", task.data.get("batch_id")),
        action=_("View"),
    )


def order_waiting(task: Task, _visit: Visit) -> Told:
    """Transfers wait for somebody else's approval."""
    return Told(
        icon="bank",
        tone="violet",
        title=_("Transfers of %(amount)s wait for approval") % charged(task),
        hint="",
        url=page_of("web:sepa_batch", task.data.get("batch_id")),
        action=_("Decide"),
    )


def record_waiting(task: Task, _visit: Visit) -> Told:
    """The tax office's record of an issued document cannot be made yet."""
    return Told(
        icon="warn",
        tone="red",
        title=_("%(number)s has no billing record yet") % {"number": task.data.get("number", "")},
        hint=said(task.data.get("reason", "")),
        url=reverse("web:settings_tax_office") + "#waiting",
        action=_("Mend it"),
    )


def event_parked(task: Task, _visit: Visit) -> Told:
    """A part of Guilder failed to hear of something for good."""
    return Told(
        icon="warn",
        tone="red",
        title=_("An event could not be dealt with: %(type)s") % {"type": task.data.get("type", "")},
        hint=_("It was tried for more than a day. What followed from it did not happen."),
        url=reverse("web:events_parked"),
        action=_("Look"),
    )


def recurring_failed(task: Task, _visit: Visit) -> Told:
    """A recurring invoice could not be made."""
    return Told(
        icon="recurring",
        tone="red",
        title=_("“%(name)s” could not be invoiced") % {"name": task.data.get("name", "")},
        hint=said(task.data.get("problem", "")),
        url=page_of("web:recurring_one", task.data.get("recurring_id")),
        action=_("Fix"),
    )


def reminder_failed(task: Task, _visit: Visit) -> Told:
    """A client could not be reminded."""
    return Told(
        icon="mail",
        tone="red",
        title=_("%(name)s could not be reminded") % {"name": task.data.get("name", "")},
        hint=said(task.data.get("problem", "")),
        url=reverse("web:reminders"),
        action=_("Fix"),
    )


def reminder_to_post(task: Task, _visit: Visit) -> Told:
    """A letter wants to be printed and posted."""
    return Told(
        icon="mail",
        tone="amber",
        title=_("A reminder is to be printed and posted"),
        hint=_("Its client has no mail address, or the step asks for a letter."),
        url=page_of("web:reminder", task.data.get("reminder_id")),
        action=_("Open"),
    )
