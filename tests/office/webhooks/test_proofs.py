"""The proof of the queue holds on what the room did itself, and names what was planted."""

from datetime import UTC, datetime
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.office.webhooks import queries
from guilder.office.webhooks.models import Attempt, Delivery, PendingDelivery
from tests import make
from tests.make import World
from tests.office.webhooks.receiver import Receiver
from tests.office.webhooks.telling import deliveries, endpoint, tell, work


def faults(organization_id: UUID) -> list[tuple[UUID, str]]:
    """(row, fault) of everything that does not hold."""
    with transaction(organization_id):
        return [
            (row_id, fault)
            for _, _, statement in queries.proofs()
            for _, row_id, fault in cursor().execute(statement).fetchall()
        ]


def lived(world: World, receiver: Receiver) -> list[Delivery]:
    """One delivery that was taken and one that waits."""
    endpoint(world.alice, receiver.url, types=["partner.created"])
    make.client(world.alice)
    tell(world.alice)
    work(world.alice)
    receiver.answers = [(500, {})]
    make.client(world.alice)
    tell(world.alice)
    work(world.alice)
    return deliveries(world.alice)


def test_what_the_room_does_holds(world: World, receiver: Receiver) -> None:
    states = [one.state for one in lived(world, receiver)]

    assert states == ["delivered", "waiting"]
    assert faults(world.organization) == []


def test_a_delivery_that_no_worker_looks_for_is_named(world: World, receiver: Receiver) -> None:
    _, waiting = lived(world, receiver)
    PendingDelivery.objects.filter(delivery_id=waiting.id).delete()

    assert faults(world.organization) == [(waiting.id, "it waits, and no worker will look for it")]


def test_a_worker_that_looks_for_what_has_ended_is_named(world: World, receiver: Receiver) -> None:
    done, _ = lived(world, receiver)
    PendingDelivery.objects.create(
        delivery_id=done.id,
        organization_id=world.organization,
        endpoint_id=done.endpoint_id,
        due_at=datetime.now(UTC),
    )

    assert faults(world.organization) == [(done.id, "it has ended, and workers still look for it")]


def test_an_attempt_that_is_gone_is_named(world: World, receiver: Receiver) -> None:
    done, _ = lived(world, receiver)
    with transaction(world.organization):
        Attempt.objects.of(world.organization).filter(delivery_id=done.id).delete()

    assert faults(world.organization) == [(done.id, "it counts other attempts than were made")]
