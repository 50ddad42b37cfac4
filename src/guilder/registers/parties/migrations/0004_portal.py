"""Who of a client is asked into the portal."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0007_sealed_uploads"),
        ("parties", "0003_reach"),
    ]

    operations = [
        migrations.CreateModel(
            name="PortalInvitation",
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
                ("invitation_id", models.UUIDField()),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField()),
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
                (
                    "partner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="parties.partner",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("organization"),
                        models.F("partner"),
                        name="portal_invited_of_partner",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "invitation_id", "partner"),
                        name="portal_invited_once",
                    )
                ],
            },
        ),
        OrganizationTable("PortalInvitation"),
    ]
