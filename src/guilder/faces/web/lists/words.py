"""Words that rows of several lists share."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def due_words(due_on: date | None, *, today: date, is_open: bool) -> tuple[str, bool]:
    """What a due date means today ("7 days late", "in 6 days", near ones only); whether late."""
    if due_on is None or not is_open:
        return "", False
    days = (due_on - today).days
    if days < 0:
        return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}, True
    if days == 0:
        return _("today"), False
    if days <= 14:
        return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}, False
    return "", False
