"""Documents and responses that others bring to a channel's own address: signed HTTP, and AS4."""

from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from guilder.faces.rest import problems
from guilder.foundation.edges import throttle
from guilder.foundation.identity import operations as identity
from guilder.kernel.errors import GuilderError
from guilder.office.channels import operations, queries
from guilder.papers.exchange.transports.base import LARGEST, Answer, Refused


@csrf_exempt  # a server has no session; its signature is judged
def arrival(request: HttpRequest, organization: UUID, key: str) -> HttpResponse:
    """One call: on disk before it is acknowledged, so whoever hears 2xx may forget it."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    who = throttle.who_at(request.META.get("REMOTE_ADDR", ""))
    try:
        throttle.spend("hook", who)
        answer = taken(request, organization, key, who=who)
    except GuilderError as error:
        request_id = getattr(request, "request_id", "")
        return problems.problem_of(error, request_id=request_id, instance="/in/")
    return HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers))


def taken(request: HttpRequest, organization: UUID, key: str, *, who: str) -> Answer:
    """Find the channel by the address, then judge and keep what it brings."""
    now = datetime.now(UTC)
    try:
        channel = queries.called_channel(organization, key)
    except queries.NoSuchChannel:
        throttle.spend("secret", f"arrival:{who}")
        raise
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise Refused(f"Send at most {LARGEST:,} bytes at once.")
    return operations.take_call(
        channel,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
        by=identity.system_actor(organization, "api"),
        at=now,
    )
