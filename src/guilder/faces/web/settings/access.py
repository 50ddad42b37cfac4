"""What one may do here: one's own role, read from the same table that every door asks."""

from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guilder.books.workflow import queries as workflow
from guilder.faces.web.door import page
from guilder.faces.web.settings import rolewords
from guilder.faces.web.shell import ROLES, Visit, admins_of, role_words
from guilder.foundation.identity.permissions import OWN_ONLY, TABLE


@page("", methods="GET")
def access(request: HttpRequest, visit: Visit) -> HttpResponse:
    """My access: what I hold, for what, and whom to ask for more."""
    by = visit.by
    own = OWN_ONLY.get(by.role, frozenset()) if by.own is None else by.own
    groups = [
        SimpleNamespace(
            label=label,
            rows=[
                SimpleNamespace(
                    label=rolewords.act_words(name),
                    level=rolewords.level_of(by.permissions, own, name),
                )
                for name in names
            ],
        )
        for label, names in rolewords.groups(TABLE)
    ]
    with visit.reading():
        limit = workflow.limit_of(by) if by.may("invoice.approve") else None
    words = {
        "role": role_words(visit),
        "based_on": ROLES.get(by.role, by.role) if by.standing else "",
        "rule": rolewords.RULES.get(by.row_rule, by.row_rule),
        "limit": limit,
        "groups": groups,
        "matrix": rolewords.matrix(),
        "admins": admins_of(visit),
    }
    return render(request, "settings/access.html", words)
