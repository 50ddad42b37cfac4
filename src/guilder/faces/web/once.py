"""A form that is sent twice has one effect: by a double click, a line that broke, a replayed POST.

A form that makes something carries `{% once %}`, a mark of its own. The door claims the mark with
what was typed; a repetition waits for the first and goes where that went. Typed anew, it is another
wish.
"""

import hashlib
import time
from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from guilder.foundation.edges import idempotency
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor

FIELD = "once"
LONGEST = 60
PUT_OFF, ONLY_HERE = "is_put_off", "is_only_here"  # marks on answers
WAITS = 50  # tenths of a second for the first one to end
KEPT = ("Location", "HX-Redirect", "HX-Trigger", "Content-Type")


def mark_of(request: HttpRequest) -> str:
    """The form's mark; "" for one without, and for whatever is no mark."""
    mark = request.POST.get(FIELD, "") if request.method == "POST" else ""
    return mark if mark.isascii() and mark.isalnum() and len(mark) <= LONGEST else ""


def typed(request: HttpRequest) -> bytes:
    """What was typed, whatever the token of the page."""
    left_out = {FIELD, "csrfmiddlewaretoken"}
    pairs = [(name, request.POST.getlist(name)) for name in request.POST if name not in left_out]
    files = [(name, one.name, one.size) for name, one in request.FILES.items()]
    return repr((request.path, sorted(pairs), sorted(files, key=repr))).encode()


def once(request: HttpRequest, *, by: Actor, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Run a form's view once; sent again, the answer leads where the first one led.

    Only what leads on is kept, and a page that shows a secret this once (sealed, as all that is
    kept): a form that comes back with its faults is made anew. Raises StillRunning, and what the
    view raises.
    """
    mark = mark_of(request)
    if not mark:
        return run()
    said = hashlib.sha256(typed(request)).digest()
    key = f"web-form-{mark}-{said.hex()[:24]}"
    claim = claimed(by.organization_id, key, route=request.path, said=said)
    if isinstance(claim, idempotency.Answer):
        return HttpResponse(claim.body, status=claim.status, headers=claim.headers)
    try:
        answer = run()
        kept = {name: answer.headers[name] for name in KEPT if name in answer.headers}
        if leads_on(answer) or is_shown_once(answer):
            body = answer.content if is_shown_once(answer) else b""
            with transaction(by.organization_id):
                idempotency.finish(claim, status=answer.status_code, body=body, headers=kept)
        else:
            idempotency.release(claim)
    except BaseException:
        idempotency.release(claim)
        raise
    return answer


def leads_on(answer: HttpResponse) -> bool:
    """Whether the answer goes elsewhere: the form did what it was for, or was put off."""
    return answer.status_code in {204, 302, 303} and not getattr(answer, PUT_OFF, False)


def is_shown_once(answer: HttpResponse) -> bool:
    """Whether the answer is a page with a secret that no other page will show."""
    return getattr(answer, ONLY_HERE, False)


def put_off(answer: HttpResponse) -> HttpResponse:
    """An answer that asks for something first: sent again, the form is judged anew."""
    setattr(answer, PUT_OFF, True)
    return answer


def only_here(answer: HttpResponse) -> HttpResponse:
    """An answer that shows a secret: sent again, the form shows it again and makes no other."""
    setattr(answer, ONLY_HERE, True)
    return answer


def claimed(
    organization_id: UUID, key: str, *, route: str, said: bytes
) -> idempotency.Claim | idempotency.Answer:
    """The claim, or the first one's answer once it is there. Raises StillRunning."""
    for _ in range(WAITS):
        try:
            return idempotency.begin(
                organization_id, key, method="POST", route=route, fingerprint=said
            )
        except idempotency.StillRunning:
            time.sleep(0.1)
    return idempotency.begin(organization_id, key, method="POST", route=route, fingerprint=said)
