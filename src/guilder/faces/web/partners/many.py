"""Acts on many clients at once."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from guilder.faces.web import answers
from guilder.faces.web.door import page
from guilder.faces.web.lists.acting import UNDO_LIFE, each
from guilder.faces.web.lists.table import Act, Failure, Outcome
from guilder.faces.web.shell import Visit
from guilder.registers.parties import operations, queries

SALT = "web.clients.undo"


def archive(ids: Sequence[UUID], visit: Visit) -> Outcome:
    """Put clients away."""
    done, refused = run(ids, visit, operations.archive_partner)
    words = ngettext("%(n)s client is archived.", "%(n)s clients are archived.", len(done))
    undo = ""
    if 0 < len(done) <= 50:
        token = signing.dumps([str(one) for one in done], salt=SALT, compress=True)
        undo = reverse("web:clients_unarchive", args=[token])
    return Outcome(words % {"n": len(done)} if done else "", failures(refused, visit), undo)


def restore(ids: Sequence[UUID], visit: Visit) -> Outcome:
    """Bring clients back."""
    done, refused = run(ids, visit, operations.restore_partner)
    words = ngettext("%(n)s client is back.", "%(n)s clients are back.", len(done))
    return Outcome(words % {"n": len(done)} if done else "", failures(refused, visit))


def run(
    ids: Sequence[UUID], visit: Visit, act: Callable[..., Any]
) -> tuple[list[UUID], list[tuple[UUID, str]]]:
    """One of the room's operations on each."""
    return each(ids, lambda one: act(one, by=visit.by, at=visit.now))


def failures(refused: Sequence[tuple[UUID, str]], visit: Visit) -> list[Failure]:
    """What was left out, by name."""
    made = []
    with visit.reading():
        for one, why in refused:
            partner = queries.get_partner(visit.by.organization_id, one, side="customer")
            made.append(Failure(partner.name, reverse("web:client", args=[one]), why))
    return made


@page("clients", "partner.edit", methods="POST")
def unarchive(request: HttpRequest, visit: Visit, token: str) -> HttpResponse:
    """Take an archiving of a moment ago back."""
    try:
        ids = signing.loads(token, salt=SALT, max_age=UNDO_LIFE)
    except signing.BadSignature:
        return redirect("web:clients")
    outcome = restore([UUID(one) for one in ids], visit)
    return answers.done(request, to=reverse("web:clients"), text=outcome.text)


ARCHIVE = Act(
    key="archive",
    label=gettext_lazy("Archive"),
    icon="archive",
    permission="partner.edit",
    run=archive,
)
RESTORE = Act(
    key="restore",
    label=gettext_lazy("Bring back"),
    icon="undo",
    permission="partner.edit",
    run=restore,
    main=False,
)
ACTS = (ARCHIVE, RESTORE)
