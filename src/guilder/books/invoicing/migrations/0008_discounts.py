"""Discounts for early payment that were taken, and how strictly their days are kept."""

from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0008_proofs"),
        ("invoicing", "0007_number_key"),
    ]

    operations = [
        migrations.CreateModel(
            name="Discount",
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
                ("payment_id", models.UUIDField()),
                ("amount", models.BigIntegerField()),
                ("base_amount", models.BigIntegerField()),
                ("parts", models.JSONField()),
                ("corrects_tax", models.BooleanField()),
                ("until", models.DateField()),
                ("taken_on", models.DateField()),
                ("is_granted", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("is_active", models.BooleanField(default=True)),
                ("reversed_on", models.DateField(blank=True, null=True)),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField()),
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
                "indexes": [
                    models.Index(
                        models.F("organization"), models.F("invoice"), name="discount_of_invoice"
                    ),
                    models.Index(
                        models.F("organization"), models.F("taken_on"), name="discount_by_day"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="discount_above_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_active", True), ("reversed_on__isnull", True)),
                            models.Q(("is_active", False), ("reversed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="discount_active_or_reversed",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("organization", "invoice"),
                        name="one_discount_an_invoice",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DiscountPolicy",
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
                ("grace_days", models.PositiveSmallIntegerField(default=0)),
                (
                    "tolerance",
                    models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=15),
                ),
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
                    models.UniqueConstraint(fields=("organization",), name="one_discount_policy"),
                    models.CheckConstraint(
                        condition=models.Q(("grace_days__lte", 30), ("tolerance__gte", 0)),
                        name="discount_policy_in_bounds",
                    ),
                ],
            },
        ),
        OrganizationTable("Discount"),
        OrganizationTable("DiscountPolicy"),
    ]
