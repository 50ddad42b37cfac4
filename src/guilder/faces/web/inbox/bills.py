"""What tasks about bills say."""

from django.utils.translation import gettext as _

from guilder.faces.web import formats
from guilder.faces.web.inbox.told import Told, page_of
from guilder.faces.web.shell import Visit
from guilder.kernel.money import Money
from guilder.office.desk.models import Task


def bill_approval(task: Task, _visit: Visit) -> Told:
    """Somebody asks whether a bill may be booked."""
    value = Money(int(task.data.get("minor", 0)), task.data.get("currency", "EUR"))
    told = {
        "amount": formats.money(value, formats.reader()),
        "supplier": task.data.get("supplier", ""),
    }
    return Told(
        icon="lock",
        tone="violet",
        title=_("A bill of %(supplier)s over %(amount)s wants an approval") % told,
        hint=task.data.get("text", ""),
        url=page_of("web:bill", task.data.get("bill_id")),
        action=_("Decide"),
    )


def bill_rejected(task: Task, _visit: Visit) -> Told:
    """A bill came back."""
    return Told(
        icon="close",
        tone="red",
        title=_("A bill of %(supplier)s was sent back")
        % {"supplier": task.data.get("supplier", "")},
        hint=task.data.get("text", ""),
        url=page_of("web:bill", task.data.get("bill_id")),
        action=_("Fix"),
    )


def bill_approved(task: Task, _visit: Visit) -> Told:
    """A bill may be booked."""
    return Told(
        icon="check",
        tone="green",
        title=_("A bill of %(supplier)s is approved") % {"supplier": task.data.get("supplier", "")},
        hint=_("It may be booked now."),
        url=page_of("web:bill", task.data.get("bill_id")),
        action=_("Open"),
    )
