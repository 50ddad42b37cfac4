"""Reading the calls of the API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.office.calls.models import ApiCall

STATUSES = {"ok": (200, 400), "refused": (400, 500), "broken": (500, 600)}


class NoSuchCall(NotFound):
    """There is no such call, or it was forgotten."""

    code = "calls.not_found"


def list_calls(
    *,
    by: Actor,
    status: str = "",
    method: str = "",
    path: str = "",
    key_id: UUID | None = None,
    request_id: str = "",
    since: datetime | None = None,
    before_id: UUID | None = None,
    limit: int = 50,
) -> list[ApiCall]:
    """Calls, newest first, without their bodies; `status` is ok, refused, broken or a number;
    `path` is how it begins."""
    by.require("event.view")
    wanted: dict[str, Any] = {
        "method": method,
        "path__startswith": path,
        "key_id": key_id,
        "request_id": request_id,
        "at__gte": since,
        "id__lt": before_id,
    }
    if status in STATUSES:
        wanted["status__gte"], wanted["status__lt"] = STATUSES[status]
    elif status.isdecimal() and len(status) == 3:
        wanted["status"] = int(status)
    found = ApiCall.objects.of(by.organization_id).filter(
        **{name: value for name, value in wanted.items() if value}
    )
    with transaction(by.organization_id):
        return list(found.defer("request_text", "response_text").order_by("-id")[:limit])


def get_call(call_id: UUID, *, by: Actor) -> ApiCall:
    """One call with its bodies, where they are kept; NoSuchCall."""
    by.require("event.view")
    with transaction(by.organization_id):
        found = ApiCall.objects.of(by.organization_id).filter(id=call_id).first()
    if found is None:
        raise NoSuchCall("There is no such call, or it was forgotten.")
    return found
