"""Counters of the throttle and the answers kept for repeated requests; no row level security."""

from django.db import models
from django.db.models.functions import Now

from guilder.foundation.tenancy.ids import uuid7


class ThrottleCount(models.Model):
    """A sliding window of one key in one scope: this window's count and the one's before.

    `key` is "<scope>:<who>", `span` the number of whole periods since 1970, `allowed` the answer to
    the last request (so that one statement both counts and answers).
    """

    key = models.CharField(max_length=160, primary_key=True)
    allowance = models.IntegerField()
    period = models.IntegerField()
    span = models.BigIntegerField()
    hits = models.IntegerField()
    earlier_hits = models.IntegerField()
    allowed = models.BooleanField()
    expires_at = models.BigIntegerField()

    class Meta:
        db_table = "edges_throttle"
        indexes = [models.Index(fields=["expires_at"], name="edges_throttle_expiry")]


class IdempotencyKey(models.Model):
    """One Idempotency-Key of one organization: what was asked and what was answered.

    `answer` is the sealed body. `locked_until` is the lease of the process that runs it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization_id = models.UUIDField()
    key = models.CharField(max_length=255)
    method = models.CharField(max_length=7)
    route = models.CharField(max_length=200)
    fingerprint = models.BinaryField(max_length=32)
    lease = models.UUIDField()
    locked_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(null=True)
    answer = models.BinaryField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "edges_idempotency"
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "key"], name="edges_idempotency_once"
            ),
            models.CheckConstraint(
                condition=models.Q(status=None) | models.Q(answer__isnull=False),
                name="edges_idempotency_answered",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="edges_idempotency_expiry")]
