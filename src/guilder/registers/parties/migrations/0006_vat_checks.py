"""What tax offices answered about VAT ids."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0008_proofs"),
        ("parties", "0005_payment_reference"),
    ]

    operations = [
        migrations.CreateModel(
            name="VatCheck",
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
                ("vat_id", models.CharField(max_length=30)),
                ("requester", models.CharField(blank=True, default="", max_length=30)),
                ("service", models.CharField(max_length=8)),
                ("is_valid", models.BooleanField()),
                ("name", models.CharField(blank=True, default="", max_length=400)),
                ("address", models.CharField(blank=True, default="", max_length=400)),
                ("consultation", models.CharField(blank=True, default="", max_length=400)),
                ("answer", models.JSONField(default=dict)),
                ("checked_at", models.DateTimeField()),
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
                        related_name="vat_checks",
                        to="parties.partner",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("organization"),
                        models.F("partner"),
                        models.F("id"),
                        name="vat_checks_of_partner",
                    )
                ],
            },
        ),
        OrganizationTable("VatCheck"),
    ]
