"""Tidying: what expired is deleted, once an hour."""

from datetime import datetime, timedelta

from guilder.foundation.edges import idempotency, throttle
from guilder.foundation.identity import operations
from guilder.foundation.identity.models import AccessToken, LoginSession
from guilder.foundation.identity.signing import PersonalLink
from guilder.foundation.jobs.queue import periodic

KEPT_AFTER_EXPIRY = timedelta(days=30)


@periodic(cron="17 * * * *", name="identity.tidy")
def tidy(at: datetime) -> None:
    """Delete expired counters, answers, sessions and links."""
    throttle.forget_expired(at=at.timestamp())
    idempotency.forget_expired()
    LoginSession.objects.filter(expires_at__lt=at - KEPT_AFTER_EXPIRY).delete()
    AccessToken.objects.filter(expires_at__lt=at - KEPT_AFTER_EXPIRY).delete()
    PersonalLink.objects.filter(expires_at__lt=at - KEPT_AFTER_EXPIRY).delete()
    operations.forget_ended()
