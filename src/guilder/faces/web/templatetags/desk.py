"""The bell of the bar, and where a page hears what happens."""

from typing import Any

from django.template import Context, Library

from guilder.faces.web.live.stream import PREFIX

register = Library()
OVERLAP = 250_000_000  # nanoseconds: what was under way when the page was read


@register.simple_tag(takes_context=True)
def bell(context: Context) -> dict[str, Any]:
    """What parts/bell.html is drawn from; nothing for who has no desk."""
    visit = getattr(context.get("request"), "visit", None)
    if visit is None or not visit.by.may("desk.view"):
        return {}
    return {"count": counted(context)}


@register.simple_tag(takes_context=True)
def live_source(context: Context) -> dict[str, Any]:
    """What parts/live.html is drawn from; nothing for who hears nothing."""
    visit = getattr(context.get("request"), "visit", None)
    if visit is None or not visit.by.may("desk.view"):
        return {}
    return {"address": f"{PREFIX}{visit.by.organization_id}/", "after": since(visit)}


def since(visit: Any) -> int:
    """The sequence that this page knows: what happened before its visit began."""
    return int(visit.now.timestamp() * 1000) * 1_000_000 - OVERLAP


def counted(context: Context) -> int:
    """The figure that stands beside Inbox in the navigation."""
    return int(getattr(context.get("shell"), "waits", 0))
