"""The background door of dispatch: mail out, returns in."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from guilder.foundation.identity import operations as identity
from guilder.foundation.jobs.queue import Retry, enqueue, periodic, task
from guilder.kernel.errors import GuilderError
from guilder.office.dispatch import operations, queries
from guilder.office.dispatch.operations import NoAddress


@task(name="dispatch.deliver")
def deliver(organization_id: UUID, mail_id: UUID) -> None:
    """Try one mail now."""
    # The queue's clock is the database's and may lie a moment ahead of ours.
    now = datetime.now(UTC) + timedelta(seconds=1)
    operations.deliver_mail(mail_id, by=identity.system_actor(organization_id, "job"), at=now)


@task(name="dispatch.send_receipt", retry=Retry(never=(GuilderError,)))
def send_receipt(organization_id: UUID, payment_id: UUID) -> None:
    """Mail a client once the confirmation of what was paid; none without an address."""
    by = identity.system_actor(organization_id, "job")
    with suppress(NoAddress):
        operations.send_first_receipt(payment_id, by=by, at=datetime.now(UTC))


def tell_question(organization_id: UUID, **told: Any) -> None:
    """Queue the mail of a client's question; small enough for the hearing itself."""
    by = identity.system_actor(organization_id, "job")
    operations.tell_question(by=by, at=datetime.now(UTC), **told)


def tell_answer(organization_id: UUID, **told: Any) -> None:
    """Queue the mail of a client's answer to a quote."""
    by = identity.system_actor(organization_id, "job")
    operations.tell_answer(by=by, at=datetime.now(UTC), **told)


def tell_webhook(organization_id: UUID, **told: Any) -> None:
    """Queue the mail of a webhook that was switched off."""
    by = identity.system_actor(organization_id, "job")
    operations.tell_webhook(by=by, at=datetime.now(UTC), **told)


def keep_past_mails(organization_id: UUID, mails: list[dict[str, str]]) -> None:
    """The mails of a demo, as if they had gone out; none does."""
    by = identity.system_actor(organization_id, "job")
    for one in mails:
        operations.keep_past_mail(
            UUID(one["invoice_id"]),
            by=by,
            at=datetime.fromisoformat(one["at"]),
            problem=one["problem"],
        )


@task(name="dispatch.collect")
def collect(organization_id: UUID) -> None:
    """Look into one organization's mailbox."""
    by = identity.system_actor(organization_id, "job")
    operations.collect_returns(by=by, at=datetime.now(UTC))


@periodic(cron="* * * * *", name="dispatch.deliver_due")
def deliver_due(at: datetime) -> None:
    """Retries, and whatever a dead worker left: a job for each, so that slow servers hold up
    nobody else."""
    for organization_id, mail_id in queries.due_mails(at=at):
        enqueue(deliver, organization_id=organization_id, mail_id=mail_id, once=f"mail:{mail_id}")


@periodic(cron="*/5 * * * *", name="dispatch.collect_returns")
def collect_returns(at: datetime) -> None:
    """A look into every mailbox for mail that came back."""
    del at
    for organization_id in queries.mailboxes():
        mark = f"returns:{organization_id}"
        enqueue(collect, organization_id=organization_id, lock=mark, once=mark)
