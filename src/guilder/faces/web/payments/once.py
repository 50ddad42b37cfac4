"""One movement of money for one form, however often it is sent."""

from collections.abc import Callable
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from guilder.faces.web.shell import Visit
from guilder.foundation.edges import idempotency
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import GuilderError

ROUTE = "web:payment_new"


def once(
    visit: Visit,
    *,
    mark: str,
    asked: Any,
    run: Callable[[], Any],
) -> UUID:
    """Run `run` once for a form's `mark`; gives the id of what it made, the same one again.

    `asked` is what the form said: the same mark with other words is refused.

    Raises what `run` raises, and idempotency's refusals for another form under the same mark.
    """
    of = visit.by.organization_id
    claim = idempotency.begin(
        of,
        f"web-payment-{(mark or token_urlsafe(16))[:60]}",
        method="POST",
        route=ROUTE,
        fingerprint=idempotency.fingerprint(
            method="POST", path=ROUTE, body=repr(asked).encode(), who=visit.by.user_id
        ),
    )
    if isinstance(claim, idempotency.Answer):
        return UUID(claim.headers["Location"])
    try:
        with transaction(of):
            record = run()
            idempotency.finish(claim, status=303, body=b"", headers={"Location": str(record.id)})
    except GuilderError:
        idempotency.release(claim)
        raise
    return record.id
