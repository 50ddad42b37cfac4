"""Calls that are old are forgotten at night."""

from datetime import datetime, timedelta

from django.conf import settings

from guilder.foundation.identity import queries as organizations
from guilder.foundation.jobs.queue import periodic
from guilder.office.calls import operations


@periodic(cron="52 3 * * *", name="calls.forget")
def forget(at: datetime) -> None:
    """Drop what is older than the installation keeps."""
    before = at - timedelta(days=settings.CALL_KEEP_DAYS)
    for organization_id in organizations.organizations().values_list("id", flat=True):
        operations.forget_old(organization_id, before=before)
