"""Tables of Spanish billing records."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0008_proofs"),
        ("invoicing", "0008_discounts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Chain",
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
                ("is_on", models.BooleanField(default=False)),
                ("producer", models.CharField(max_length=120)),
                ("producer_nif", models.CharField(max_length=9)),
                ("count", models.BigIntegerField(default=0)),
                ("fingerprint", models.CharField(blank=True, default="", max_length=64)),
                ("began_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
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
                "constraints": [
                    models.UniqueConstraint(fields=("organization",), name="one_verifactu_chain")
                ],
            },
        ),
        migrations.CreateModel(
            name="Record",
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
                ("position", models.BigIntegerField()),
                ("nif", models.CharField(max_length=9)),
                ("number", models.CharField(max_length=80)),
                ("issued_on", models.CharField(max_length=10)),
                ("kind", models.CharField(max_length=2)),
                ("tax", models.CharField(max_length=20)),
                ("total", models.CharField(max_length=20)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("generated", models.CharField(max_length=25)),
                ("fingerprint", models.CharField(max_length=64)),
                ("xml", models.TextField()),
                (
                    "invoice",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="invoicing.invoice",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "position"), name="verifactu_position_once"
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "invoice"), name="verifactu_recorded_once"
                    ),
                ],
            },
        ),
        OrganizationTable("Chain"),
        OrganizationTable("Record"),
    ]
