"""Documents that wait for their Spanish billing record, and since when records are kept."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    dependencies = [
        ("verifactu", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="chain",
            name="on_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="Waiting",
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
                ("number", models.CharField(max_length=80)),
                ("issued_on", models.DateField()),
                ("problems", models.JSONField(default=list)),
                ("since_at", models.DateTimeField()),
                ("tried_at", models.DateTimeField()),
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
                        fields=("organization", "invoice"), name="verifactu_waits_once"
                    ),
                ],
            },
        ),
        OrganizationTable("Waiting"),
    ]
