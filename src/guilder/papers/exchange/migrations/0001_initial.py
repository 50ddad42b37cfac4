"""Tables of the exchange room."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Judgement",
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
                ("subject_id", models.UUIDField()),
                ("format", models.CharField(max_length=40)),
                ("sha256", models.CharField(max_length=64)),
                ("scenario", models.CharField(blank=True, default="", max_length=60)),
                ("is_valid", models.BooleanField(null=True)),
                ("packs", models.JSONField(default=list)),
                ("missing", models.JSONField(default=list)),
                ("fired", models.JSONField(default=list)),
                ("judged_at", models.DateTimeField()),
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
                    models.Index(
                        fields=["organization", "subject_id", "-judged_at"],
                        name="judgement_newest",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="judgement_of_bytes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_valid__isnull", True),
                            models.Q(("packs", []), _negated=True),
                            ("is_valid", False),
                            _connector="OR",
                        ),
                        name="judgement_by_packs",
                    ),
                ],
            },
        ),
        OrganizationTable("Judgement"),
    ]
