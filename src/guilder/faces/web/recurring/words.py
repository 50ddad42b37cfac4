"""A recurring invoice in words: its rhythm, its state, what happens on its day."""

from types import SimpleNamespace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guilder.faces.web import formats
from guilder.flows.billing.queries import RecurringRecord

UNITS = {
    "day": gettext_lazy("Days"),
    "week": gettext_lazy("Weeks"),
    "month": gettext_lazy("Months"),
    "quarter": gettext_lazy("Quarters"),
    "year": gettext_lazy("Years"),
}
ACTS = {
    "draft": gettext_lazy("Make a draft"),
    "issue": gettext_lazy("Issue it"),
    "send": gettext_lazy("Issue it and mail it"),
}
WHEN = {
    "yes": gettext_lazy("On the first day of the period"),
    "no": gettext_lazy("On the day after the period"),
}
WORDS = {
    "running": "recurring_running",
    "paused": "recurring_paused",
    "ended": "recurring_ended",
    "troubled": "recurring_troubled",
}


def rhythm_words(record: RecurringRecord) -> str:
    """How often it comes."""
    n = record.every
    return {
        "day": lambda: ngettext("Every day", "Every %(n)s days", n),
        "week": lambda: ngettext("Every week", "Every %(n)s weeks", n),
        "month": lambda: ngettext("Every month", "Every %(n)s months", n),
        "quarter": lambda: ngettext("Every quarter", "Every %(n)s quarters", n),
        "year": lambda: ngettext("Every year", "Every %(n)s years", n),
    }[record.unit]() % {"n": n}


def end_words(record: RecurringRecord) -> str:
    """When it ends; nothing for one that goes on."""
    if record.last_on is not None:
        return _("until %(day)s") % {"day": formats.day(record.last_on, formats.reader())}
    if record.most is not None:
        return ngettext("%(n)s time in all", "%(n)s times in all", record.most) % {"n": record.most}
    return _("until you end it")


def run_of(one: SimpleNamespace) -> str:
    """A period as its two days."""
    reader = formats.reader()
    return _("%(first)s – %(last)s") % {
        "first": formats.day(one.period_start_on, reader),
        "last": formats.day(one.period_end_on, reader),
    }
