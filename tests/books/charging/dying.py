"""A worker that does all that waits of one organization, in a process that may be killed.

Set up once, it forks for each line of its input: `<organization> <address> <instant>`. The service
is at the other end of the address; the first thing that is sent there is the worker's own id.
"""

import os
import sys
from datetime import datetime
from multiprocessing.connection import Client, Connection
from typing import Any
from uuid import UUID


def work(organization_id: UUID, at: datetime, link: Any) -> None:
    """What jobs do: calls of the service, what falls due, refunds, and questions that are late."""
    from guilder.books.charging import operations
    from guilder.books.charging.gateways import wire
    from guilder.books.payments.queries.refunds import list_refunds
    from guilder.foundation.identity import operations as identity
    from tests.books.charging import making

    def request(method: str, url: str, **more: Any) -> Any:
        more.pop("limits", None)
        link.send((method, url, more))
        return link.recv()

    wire.outbound.request = request  # type: ignore[assignment]
    by = identity.system_actor(organization_id, "job")
    for event_id in making.waiting(by):
        operations.handle_event(event_id, by=by, at=at)
    operations.collect_due(by=by, at=at)
    for refund in list_refunds(by=by, status="paid"):
        if taken := operations.take_on(refund.id, by=by, at=at):
            operations.give_back(taken, by=by, at=at)
    charges, backs = operations.overdue(by=by, at=at)
    for charge_id in charges:
        operations.check_charge(charge_id, by=by, at=at)
    for back_id in backs:
        operations.give_back(back_id, by=by, at=at)


def main() -> None:
    """One child for each line; its exit is told as a line."""
    import django

    django.setup()
    import tests.books.charging.making  # noqa: F401  (before the first fork)

    print("ready", flush=True)
    for line in sys.stdin:
        organization, address, at = line.split()
        child = os.fork()
        if not child:
            link: Connection = Client(address)  # type: ignore[assignment]
            link.send(os.getpid())
            work(UUID(organization), datetime.fromisoformat(at), link)
            os._exit(0)
        print(os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    main()
