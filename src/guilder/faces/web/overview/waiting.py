"""What waits for a person, gathered: tasks of a kind become one line, drafts are counted."""

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from guilder.faces.web import formats
from guilder.faces.web.inbox import words
from guilder.faces.web.shell import Visit
from guilder.kernel.money import Money
from guilder.office.desk import queries as desk
from guilder.office.desk.models import Task

MOST = 6
ORDER = (
    "transmission_failed",
    "transmission_answered",
    "transmission_refused",
    "mail_failed",
    "mail_returned",
    "question",
    "mention",
    "recurring_failed",
    "reminder_failed",
    "reminder_to_post",
    "chargeback",
    "giving_back_failed",
    "charge_failed",
    "method_kept",
    "record_waiting",
    "event_parked",
    "order_refused",
    "order_waiting",
    "refund_waiting",
    "payment_over",
    "quote_accepted",
    "quote_declined",
    "job",
)


def things(visit: Visit, drafts: Sequence[tuple[int, Money]]) -> list[dict[str, Any]]:
    """The lines of the card, what is most pressing first."""
    tasks = desk.list_tasks(by=visit.by, at=visit.now) if visit.by.may("desk.view") else []
    kinds: dict[str, list[Task]] = {}
    for task in tasks:
        kinds.setdefault(task.kind, []).append(task)
    ordered = sorted(kinds, key=lambda kind: ORDER.index(kind) if kind in ORDER else len(ORDER))
    found = [line_of(kinds[kind], visit) for kind in ordered]
    if drafts:
        found.append(unsent(drafts))
    return found[:MOST]


def line_of(tasks: list[Task], visit: Visit) -> dict[str, Any]:
    """One line for all tasks of a kind: alone as itself, together by their number."""
    first = words.told(tasks[0], visit)
    one = {
        "icon": first.icon,
        "tone": first.tone,
        "title": first.title,
        "hint": first.hint,
        "url": first.url,
        "action": first.action or _("View"),
    }
    together = MANY.get(tasks[0].kind)
    if len(tasks) == 1 or together is None:
        return one
    return {
        **one,
        "title": together(len(tasks)),
        "hint": amounts(tasks) or first.title,
        "url": reverse("web:inbox"),
        "action": _("View"),
    }


def amounts(tasks: list[Task]) -> str:
    """What the tasks are about in money, per currency; empty where they are not."""
    found: dict[str, int] = {}
    for task in tasks:
        if "minor" in task.data:
            code = task.data["currency"]
            found[code] = found.get(code, 0) + int(task.data["minor"])
    locale = formats.reader()
    return " · ".join(
        formats.money(Money(minor, code), locale) for code, minor in sorted(found.items())
    )


def unsent(drafts: Sequence[tuple[int, Money]]) -> dict[str, Any]:
    """Drafts that are not out yet."""
    count, locale = sum(one[0] for one in drafts), formats.reader()
    sums = " · ".join(formats.money(money, locale) for _n, money in drafts)
    return {
        "icon": "invoice",
        "tone": "",
        "title": ngettext("%(n)s draft not sent", "%(n)s drafts not sent", count)
        % {"n": formats.number(count, locale)},
        "hint": _("%(amount)s in all") % {"amount": sums},
        "url": f"{reverse('web:invoices')}?view=drafts",
        "action": pgettext("act", "Open"),
    }


MANY: dict[str, Callable[[int], str]] = {
    "mail_failed": lambda n: (
        ngettext("%(n)s mail was not sent", "%(n)s mails were not sent", n) % {"n": n}
    ),
    "transmission_failed": lambda n: (
        ngettext("%(n)s document was not sent", "%(n)s documents were not sent", n) % {"n": n}
    ),
    "transmission_answered": lambda n: (
        ngettext("%(n)s document was rejected", "%(n)s documents were rejected", n) % {"n": n}
    ),
    "transmission_refused": lambda n: (
        ngettext("%(n)s arrival cannot be read", "%(n)s arrivals cannot be read", n) % {"n": n}
    ),
    "mail_returned": lambda n: (
        ngettext("%(n)s mail came back", "%(n)s mails came back", n) % {"n": n}
    ),
    "question": lambda n: (
        ngettext("%(n)s client has a question", "%(n)s clients have questions", n) % {"n": n}
    ),
    "mention": lambda n: (
        ngettext("%(n)s comment names you", "%(n)s comments name you", n) % {"n": n}
    ),
    "chargeback": lambda n: (
        ngettext("%(n)s chargeback wants an answer", "%(n)s chargebacks want an answer", n)
        % {"n": n}
    ),
    "charge_failed": lambda n: (
        ngettext("%(n)s charge failed", "%(n)s charges failed", n) % {"n": n}
    ),
    "giving_back_failed": lambda n: (
        ngettext("%(n)s refund could not be made", "%(n)s refunds could not be made", n) % {"n": n}
    ),
    "method_kept": lambda n: (
        ngettext(
            "%(n)s ended way to pay is kept elsewhere",
            "%(n)s ended ways to pay are kept elsewhere",
            n,
        )
        % {"n": n}
    ),
    "event_parked": lambda n: (
        ngettext("%(n)s event could not be dealt with", "%(n)s events could not be dealt with", n)
        % {"n": n}
    ),
    "record_waiting": lambda n: (
        ngettext(
            "%(n)s document waits for its billing record",
            "%(n)s documents wait for their billing record",
            n,
        )
        % {"n": n}
    ),
    "order_refused": lambda n: (
        ngettext(
            "%(n)s payment order was refused by the bank",
            "%(n)s payment orders were refused by the bank",
            n,
        )
        % {"n": n}
    ),
    "order_waiting": lambda n: (
        ngettext(
            "%(n)s payment order waits for approval", "%(n)s payment orders wait for approval", n
        )
        % {"n": n}
    ),
    "refund_waiting": lambda n: (
        ngettext("%(n)s refund waits for approval", "%(n)s refunds wait for approval", n) % {"n": n}
    ),
    "payment_over": lambda n: (
        ngettext("%(n)s payment is not applied yet", "%(n)s payments are not applied yet", n)
        % {"n": n}
    ),
    "quote_accepted": lambda n: (
        ngettext("%(n)s quote was accepted", "%(n)s quotes were accepted", n) % {"n": n}
    ),
    "quote_declined": lambda n: (
        ngettext("%(n)s quote was declined", "%(n)s quotes were declined", n) % {"n": n}
    ),
    "job": lambda n: ngettext("%(n)s job is done", "%(n)s jobs are done", n) % {"n": n},
}
