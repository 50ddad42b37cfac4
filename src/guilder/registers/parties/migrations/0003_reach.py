"""Who looks after which clients, who belongs to which, and what that lets them see."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable

# Reads ask it for each row; being one expression, it becomes a part of their own statement.
# `reach` is null for who sees everything, else the ids of people and clients.
SEES = """
CREATE FUNCTION guilder_sees(reach uuid[], drafts boolean, maker uuid, client uuid, state text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT reach IS NULL OR maker = ANY(reach) OR (client = ANY(reach) AND (drafts OR state <> 'draft'))
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0004_people"),
        ("parties", "0002_own_accounts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assignment",
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
                ("user_id", models.UUIDField()),
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
                        models.F("organization"), models.F("partner"), name="assignments_of_partner"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "user_id", "partner"), name="assigned_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PortalAccess",
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
                ("user_id", models.UUIDField()),
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
                        name="portal_access_of_partner",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "user_id", "partner"), name="portal_access_once"
                    )
                ],
            },
        ),
        OrganizationTable("Assignment"),
        OrganizationTable("PortalAccess"),
        migrations.RunSQL(
            SEES,
            "DROP FUNCTION guilder_sees(uuid[], boolean, uuid, uuid, text)",
        ),
    ]
