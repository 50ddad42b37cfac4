"""The background door of charging: asking about what is open, calls to us, refunds, collecting."""

from datetime import UTC, datetime
from uuid import UUID

from guilder.books.charging import operations
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.jobs.queue import enqueue, periodic, task


@task(name="charging.check")
def check(organization_id: UUID, charge_id: UUID) -> None:
    """Ask about a charge; while it is open, again later."""
    by = identity.system_actor(organization_id, "job")
    record = operations.check_charge(charge_id, by=by, at=datetime.now(UTC))
    if record.state in {"pending", "unknown"}:
        check_at(organization_id, charge_id, record.next_check_at)


def check_at(organization_id: UUID, charge_id: UUID, at: datetime | None) -> None:
    """Queue a question about a charge."""
    enqueue(
        check,
        organization_id=organization_id,
        run_at=at,
        once=f"charge:{charge_id}",
        charge_id=charge_id,
    )


@task(name="charging.check_setup")
def check_setup(organization_id: UUID, setup_id: UUID) -> None:
    """Ask about a way to pay that a client leaves; while it is open, again later."""
    by = identity.system_actor(organization_id, "job")
    record = operations.check_setup(setup_id, by=by, at=datetime.now(UTC))
    if record.is_open:
        check_setup_at(organization_id, setup_id, record.next_check_at)


def check_setup_at(organization_id: UUID, setup_id: UUID, at: datetime | None) -> None:
    """Queue a question about a setup."""
    enqueue(
        check_setup,
        organization_id=organization_id,
        run_at=at,
        once=f"setup:{setup_id}",
        setup_id=setup_id,
    )


@task(name="charging.handle_event")
def handle_event(organization_id: UUID, event_id: UUID) -> None:
    """Do what a call of a service asks for."""
    by = identity.system_actor(organization_id, "job")
    operations.handle_event(event_id, by=by, at=datetime.now(UTC))


@task(name="charging.take_on")
def take_on(organization_id: UUID, refund_id: UUID) -> None:
    """Have a refund carried out by the gateway, where its payment came through one."""
    by = identity.system_actor(organization_id, "job")
    found = operations.take_on(refund_id, by=by, at=datetime.now(UTC))
    if found is not None:
        give_at(organization_id, found, None)


@task(name="charging.give_back")
def give_back(organization_id: UUID, given_back_id: UUID) -> None:
    """Carry a refund out; while its outcome is not certain, ask again later."""
    by = identity.system_actor(organization_id, "job")
    again = operations.give_back(given_back_id, by=by, at=datetime.now(UTC))
    if again is not None:
        give_at(organization_id, given_back_id, again)


def give_at(organization_id: UUID, given_back_id: UUID, at: datetime | None) -> None:
    """Queue a refund to be carried out or asked about."""
    enqueue(
        give_back,
        organization_id=organization_id,
        run_at=at,
        once=f"given-back:{given_back_id}",
        given_back_id=given_back_id,
    )


@task(name="charging.forget")
def forget(organization_id: UUID, saved_id: UUID) -> None:
    """End a method at its service; without a clear answer, again later."""
    by = identity.system_actor(organization_id, "job")
    again = operations.forget_method(saved_id, by=by, at=datetime.now(UTC))
    if again is not None:
        forget_at(organization_id, saved_id, again)


def forget_at(organization_id: UUID, saved_id: UUID, at: datetime | None) -> None:
    """Queue a method to be ended at its service."""
    enqueue(
        forget,
        organization_id=organization_id,
        run_at=at,
        once=f"forget:{saved_id}",
        saved_id=saved_id,
    )


@task(name="charging.collect")
def collect(organization_id: UUID) -> None:
    """Charge what is due by saved methods, and pick up what is to be asked or ended still."""
    by, at = identity.system_actor(organization_id, "job"), datetime.now(UTC)
    operations.collect_due(by=by, at=at)
    charges, backs = operations.overdue(by=by, at=at)
    for charge_id in charges:
        check_at(organization_id, charge_id, None)
    for given_back_id in backs:
        give_at(organization_id, given_back_id, None)
    for setup_id in operations.overdue_setups(by=by, at=at):
        check_setup_at(organization_id, setup_id, None)
    for saved_id in operations.forgettable(by=by, at=at):
        forget_at(organization_id, saved_id, None)


@periodic(cron="25 * * * *", name="charging.look")
def look(at: datetime) -> None:
    """A job for each organization; midnights are not the same everywhere."""
    del at
    for organization in identities.organizations():
        mark = f"charging:{organization.id}"
        enqueue(collect, organization_id=organization.id, lock=mark, once=mark)
