"""Papers that came in."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("bills", "0002_guards"),
        ("files", "0001_initial"),
        ("identity", "0007_sealed_uploads"),
        ("parties", "0003_reach"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReceivedDocument",
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
                ("sha256", models.CharField(max_length=64)),
                ("place", models.PositiveIntegerField(default=0)),
                ("size", models.BigIntegerField()),
                ("filename", models.CharField(max_length=255)),
                ("media_type", models.CharField(max_length=127)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("upload", "Upload"),
                            ("api", "Api"),
                            ("import", "Import"),
                            ("folder", "Folder"),
                            ("mail", "Mail"),
                            ("lmtp", "Lmtp"),
                            ("sftp", "Sftp"),
                            ("http", "Http"),
                            ("as4", "As4"),
                        ],
                        max_length=8,
                    ),
                ),
                ("sender", models.CharField(blank=True, default="", max_length=254)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("read", "Read"),
                            ("manual", "Manual"),
                            ("billed", "Billed"),
                            ("duplicate", "Duplicate"),
                            ("refused", "Refused"),
                        ],
                        max_length=9,
                    ),
                ),
                ("format", models.CharField(blank=True, default="", max_length=40)),
                ("profile", models.CharField(blank=True, default="", max_length=200)),
                ("number", models.CharField(blank=True, default="", max_length=120)),
                ("issued_on", models.DateField(blank=True, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                ("due_amount", models.BigIntegerField(blank=True, null=True)),
                ("supplier_name", models.CharField(blank=True, default="", max_length=200)),
                ("reading", models.JSONField(default=dict)),
                ("problems", models.JSONField(default=list)),
                ("doubts", models.JSONField(default=list)),
                ("verdict", models.JSONField(default=dict)),
                ("is_valid", models.BooleanField(blank=True, null=True)),
                ("matched_by", models.CharField(blank=True, default="", max_length=12)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("received_at", models.DateTimeField()),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
                ("updated_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "bill",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="bills.bill",
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.receiveddocument",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
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
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.partner",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organization", "-received_at", "-id"], name="received_newest"
                    ),
                    models.Index(
                        models.F("organization"),
                        models.F("id"),
                        condition=models.Q(("state__in", ("read", "manual", "duplicate"))),
                        name="received_waiting",
                    ),
                    models.Index(
                        models.F("organization"),
                        models.F("partner"),
                        models.F("id"),
                        name="received_of_partner",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "sha256", "place"), name="paper_received_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("bill__isnull", False)),
                        fields=("organization", "bill"),
                        name="one_paper_of_a_bill",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="received_paper_has_a_hash",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bill__isnull", False), ("state", "billed")),
                            models.Q(
                                models.Q(("state", "billed"), _negated=True), ("bill__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="billed_paper_has_a_bill",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="refused_for_a_reason",
                    ),
                ],
            },
        ),
        OrganizationTable("ReceivedDocument"),
    ]
