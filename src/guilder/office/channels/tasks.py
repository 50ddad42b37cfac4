"""The background door of channels: out, in, and whatever a dead worker left."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.jobs.queue import enqueue, periodic, task
from guilder.office.channels import operations, queries


@task(name="channels.transmit")
def transmit(organization_id: UUID, transmission_id: UUID) -> None:
    """Try one transmission now."""
    # The queue's clock is the database's and may lie a moment ahead of ours.
    now = datetime.now(UTC) + timedelta(seconds=1)
    by = identity.system_actor(organization_id, "job")
    operations.transmit(transmission_id, by=by, at=now)


@task(name="channels.hand_on")
def hand_on(organization_id: UUID, transmission_id: UUID) -> None:
    """Give one document or response that came in to who reads it."""
    by = identity.system_actor(organization_id, "job")
    operations.hand_on(transmission_id, by=by, at=datetime.now(UTC))


@task(name="channels.collect")
def collect(organization_id: UUID, channel_id: UUID) -> None:
    """Look into one channel."""
    by = identity.system_actor(organization_id, "job")
    operations.collect(channel_id, by=by, at=datetime.now(UTC))


@task(name="channels.answer_of_bill")
def answer_of_bill(organization_id: UUID, bill_id: UUID, code: str) -> None:
    """Tell who sent the paper of a bill what became of it, where the channel does so by itself."""
    for sha256 in queries.papers_of_bill(organization_id, bill_id):
        tell_sender(organization_id, sha256, code=code, text="")


@task(name="channels.answer_of_paper")
def answer_of_paper(organization_id: UUID, document_id: UUID, text: str) -> None:
    """Tell who sent a paper that it is refused."""
    sha256 = queries.hash_of_paper(organization_id, document_id)
    if sha256:
        tell_sender(organization_id, sha256, code="RE", text=text or "-")


def tell_sender(organization_id: UUID, sha256: str, *, code: str, text: str) -> None:
    """One answer, dated in the organization's own zone."""
    by = identity.system_actor(organization_id, "job")
    now = datetime.now(UTC)
    zone = ZoneInfo(identities.get_organization(organization_id).time_zone)
    on = now.astimezone(zone).date()
    operations.answer_by_itself(sha256, code=code, text=text, by=by, at=now, on=on)


def send_recurring(organization_id: UUID, invoice_id: UUID) -> None:
    """Queue an invoice that was made by itself, by its client's channel."""
    by = identity.system_actor(organization_id, "job")
    operations.send_invoice(invoice_id, by=by, at=datetime.now(UTC))


def follow_mail(organization_id: UUID, mail_id: UUID, *, state: str, reason: str = "") -> None:
    """What became of a mail; small enough for the hearing itself."""
    by = identity.system_actor(organization_id, "job")
    operations.follow_mail(mail_id, by=by, at=datetime.now(UTC), state=state, reason=reason)


@periodic(cron="* * * * *", name="channels.transmit_due")
def transmit_due(at: datetime) -> None:
    """Retries, and what a dead worker left: a job for each, so that slow servers hold up nobody."""
    for organization_id, one in queries.due(at=at):
        enqueue(
            transmit, organization_id=organization_id, transmission_id=one, once=f"transmit:{one}"
        )
    for organization_id, one in queries.unread():
        enqueue(hand_on, organization_id=organization_id, transmission_id=one, once=f"hand:{one}")


@periodic(cron="* * * * *", name="channels.collect_all")
def collect_all(at: datetime) -> None:
    """A look into every channel where something may wait."""
    del at
    for organization_id, one in queries.collecting():
        mark = f"collect:{one}"
        enqueue(collect, organization_id=organization_id, channel_id=one, lock=mark, once=mark)
