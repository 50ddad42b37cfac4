"""The organization's own bank accounts."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0001_initial"),
        ("parties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SellerAccount",
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
                ("label", models.CharField(max_length=80)),
                ("holder", models.CharField(blank=True, default="", max_length=200)),
                ("iban", models.CharField(max_length=34)),
                ("bic", models.CharField(blank=True, default="", max_length=11)),
                ("is_shown", models.BooleanField(default=False)),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "iban"), name="own_iban_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_shown", True)),
                        fields=("organization",),
                        name="one_shown_account",
                    ),
                ],
            },
        ),
        OrganizationTable("SellerAccount"),
    ]
