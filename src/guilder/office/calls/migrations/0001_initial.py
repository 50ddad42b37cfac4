"""The table of calls."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0003_user_picture"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiCall",
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
                ("at", models.DateTimeField()),
                ("method", models.CharField(max_length=7)),
                ("route", models.CharField(max_length=120)),
                ("path", models.CharField(max_length=500)),
                ("status", models.PositiveSmallIntegerField()),
                ("code", models.CharField(blank=True, default="", max_length=60)),
                ("microseconds", models.PositiveIntegerField()),
                ("user_id", models.UUIDField(null=True)),
                ("key_id", models.UUIDField(null=True)),
                ("source", models.CharField(max_length=10)),
                ("address", models.CharField(blank=True, default="", max_length=45)),
                ("agent", models.CharField(blank=True, default="", max_length=120)),
                ("request_id", models.CharField(blank=True, default="", max_length=64)),
                ("request_text", models.TextField(blank=True, default="")),
                ("response_text", models.TextField(blank=True, default="")),
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
                    models.Index(fields=["organization", "request_id"], name="calls_of_request")
                ],
            },
        ),
        OrganizationTable("ApiCall"),
    ]
