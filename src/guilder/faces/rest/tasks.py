"""What calls of the API set going in the background: mail to who is asked in, and exports."""

from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings

from guilder.faces.rest import exporting
from guilder.foundation.identity import operations as identities
from guilder.foundation.identity import queries as identity
from guilder.foundation.identity.operations.letters import BadAddress, RegistrationClosed
from guilder.foundation.jobs.queue import NO_RETRY, Retry, periodic, task
from guilder.office.desk import operations as desk
from guilder.office.desk import queries as desks
from guilder.office.dispatch import operations as dispatch

UNTIL_TAKEN = Retry(never=(dispatch.GivenUp, BadAddress, RegistrationClosed))
HERE = "http://127.0.0.1:8000"


@task(name="rest.mail_invitation", retry=UNTIL_TAKEN)
def mail_invitation(organization_id: UUID, invitation_id: UUID) -> None:
    """A link to join an organization."""
    dispatch.mail_invitation(
        organization_id,
        invitation_id,
        base=str(settings.BASE_URL or HERE),
        at=datetime.now(UTC),
    )


@task(name="rest.export", retry=NO_RETRY)
def make_export(organization_id: UUID, progress_id: UUID, user_id: UUID) -> None:
    """Make the file that a call asked for; done before is done."""
    by = identity.actor_for(user_id, organization_id, source="job")
    progress = desks.get_progress(progress_id, by=by)
    if progress.is_over:
        return
    made = exporting.make(progress, by=by, at=datetime.now(UTC))
    desk.end_progress(
        progress_id, by=by, at=datetime.now(UTC), file_id=made.file_id, problem=made.problem
    )


@periodic(cron="41 * * * *", name="rest.forget_exports")
def forget_exports(at: datetime) -> None:
    """Take away the files of exports whose time is over."""
    for organization in identity.organizations():
        desk.forget_files(by=identities.system_actor(organization.id, "job"), at=at)
