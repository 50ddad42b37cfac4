"""What workers say of themselves; the queue's own tables come with its library."""

from django.db import models
from django.db.models.functions import Now


class LoopRun(models.Model):
    """When each worker loop last ran through, for health checks (one row per loop)."""

    name = models.CharField(max_length=100, primary_key=True)
    ran_at = models.DateTimeField(db_default=Now())
    problem = models.CharField(max_length=500, db_default="")


class JobProblem(models.Model):
    """Why a job's last attempt failed (one row per job, gone when the job is through)."""

    job_id = models.BigIntegerField(primary_key=True)
    task = models.CharField(max_length=128)
    organization_id = models.UUIDField(null=True)
    problem = models.CharField(max_length=500)
    at = models.DateTimeField(db_default=Now())
