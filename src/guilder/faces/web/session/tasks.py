"""Mail about accounts: each job is tried again, for more than a day, until a server takes it."""

from datetime import UTC, datetime
from uuid import UUID

from guilder.foundation.identity.operations.letters import BadAddress, RegistrationClosed
from guilder.foundation.jobs.queue import Retry, task
from guilder.office.dispatch import operations as dispatch

UNTIL_TAKEN = Retry(never=(dispatch.GivenUp, BadAddress, RegistrationClosed))


@task(name="session.mail_reset", retry=UNTIL_TAKEN)
def mail_reset(email: str, language: str, base: str) -> None:
    """A link for a new password, where the address is somebody's."""
    dispatch.mail_reset(email=email, language=language, base=base, at=datetime.now(UTC))


@task(name="session.mail_activation", retry=UNTIL_TAKEN)
def mail_activation(email: str, name: str, language: str, base: str) -> None:
    """A link to make an account, or word that there is one."""
    dispatch.mail_activation(
        email=email, name=name, language=language, base=base, at=datetime.now(UTC)
    )


@task(name="session.mail_change", retry=UNTIL_TAKEN)
def mail_change(user_id: UUID, kind: str, base: str) -> None:
    """Word to a person of what changed in how they sign in."""
    dispatch.mail_change(user_id, kind=kind, base=base, at=datetime.now(UTC))


@task(name="session.mail_invitation", retry=UNTIL_TAKEN)
def mail_invitation(organization_id: UUID, invitation_id: UUID, base: str) -> None:
    """A link to join an organization."""
    dispatch.mail_invitation(organization_id, invitation_id, base=base, at=datetime.now(UTC))
