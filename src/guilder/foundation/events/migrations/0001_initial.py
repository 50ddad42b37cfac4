"""The outbox and what is still to be told."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenancy", "0001_initial"),
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PendingEvent",
            fields=[
                (
                    "event_id",
                    models.UUIDField(
                        default=guilder.foundation.tenancy.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("organization_id", models.UUIDField()),
                ("subject_id", models.UUIDField(null=True)),
                ("sequence", models.BigIntegerField()),
                (
                    "due_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("attempts", models.PositiveSmallIntegerField(db_default=0)),
                (
                    "heard",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), db_default=[], size=None
                    ),
                ),
                ("problem", models.CharField(db_default="", max_length=500)),
                ("parked_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "events_pending",
                "indexes": [
                    models.Index(
                        fields=["organization_id", "subject_id"], name="events_pending_subject"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
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
                ("type", models.CharField(max_length=60)),
                ("subject_id", models.UUIDField(null=True)),
                ("payload", models.JSONField()),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("actor_id", models.UUIDField(null=True)),
                ("source", models.CharField(default="system", max_length=10)),
                ("request_id", models.CharField(blank=True, default="", max_length=64)),
                ("sequence", models.BigIntegerField()),
                (
                    "occurred_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organization",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "sequence", "id"], name="events_in_order"),
                    models.Index(fields=["organization", "subject_id"], name="events_of_subject"),
                ],
            },
        ),
        OrganizationTable("Event"),
    ]
