"""Throttle counters and kept answers."""

import django.db.models.functions.datetime
from django.db import migrations, models

import guilder.foundation.tenancy.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guilder.foundation.tenancy.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("organization_id", models.UUIDField()),
                ("key", models.CharField(max_length=255)),
                ("method", models.CharField(max_length=7)),
                ("route", models.CharField(max_length=200)),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("lease", models.UUIDField()),
                ("locked_until", models.DateTimeField()),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("headers", models.JSONField(null=True)),
                ("answer", models.BinaryField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "db_table": "edges_idempotency",
                "indexes": [models.Index(fields=["expires_at"], name="edges_idempotency_expiry")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization_id", "key"), name="edges_idempotency_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", None), ("answer__isnull", False), _connector="OR"
                        ),
                        name="edges_idempotency_answered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ThrottleCount",
            fields=[
                ("key", models.CharField(max_length=160, primary_key=True, serialize=False)),
                ("allowance", models.IntegerField()),
                ("period", models.IntegerField()),
                ("span", models.BigIntegerField()),
                ("hits", models.IntegerField()),
                ("earlier_hits", models.IntegerField()),
                ("allowed", models.BooleanField()),
                ("expires_at", models.BigIntegerField()),
            ],
            options={
                "db_table": "edges_throttle",
                "indexes": [models.Index(fields=["expires_at"], name="edges_throttle_expiry")],
            },
        ),
    ]
