"""No tables of its own: the queue's library brings them. What a worker has said of itself."""

from django.db import models
from django.db.models.functions import Now


class LoopRun(models.Model):
    """When each worker loop last ran through, for health checks (one row per loop)."""

    name = models.CharField(max_length=100, primary_key=True)
    ran_at = models.DateTimeField(db_default=Now())
    problem = models.CharField(max_length=500, db_default="")
