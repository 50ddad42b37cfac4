"""Payments and allocations."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
        ("invoicing", "0001_initial"),
        ("ledger", "0001_initial"),
        ("parties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Payment",
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
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("base_amount", models.BigIntegerField()),
                ("base_currency", models.CharField(max_length=3)),
                ("base_rate", models.DecimalField(decimal_places=10, default=1, max_digits=20)),
                ("rate_source", models.CharField(blank=True, default="", max_length=80)),
                ("received_on", models.DateField()),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("bank_transfer", "Bank Transfer"),
                            ("cash", "Cash"),
                            ("card", "Card"),
                            ("direct_debit", "Direct Debit"),
                            ("cheque", "Cheque"),
                            ("online", "Online"),
                            ("other", "Other"),
                        ],
                        max_length=13,
                    ),
                ),
                ("reference", models.CharField(blank=True, default="", max_length=140)),
                ("notes", models.TextField(blank=True, default="")),
                ("unallocated_amount", models.BigIntegerField()),
                ("reversed_on", models.DateField(blank=True, null=True)),
                ("reversed_reason", models.CharField(blank=True, default="", max_length=200)),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
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
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.partner",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Allocation",
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
                ("amount", models.BigIntegerField()),
                ("base_amount", models.BigIntegerField()),
                ("payment_base_amount", models.BigIntegerField()),
                ("allocated_on", models.DateField()),
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
                (
                    "payment",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="payments.payment",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                models.F("organization"),
                models.F("partner"),
                models.F("id"),
                name="payment_by_partner",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                models.F("organization"),
                models.F("received_on"),
                models.F("id"),
                name="payment_by_day",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                models.F("organization"),
                models.F("partner"),
                models.F("received_on"),
                condition=models.Q(("unallocated_amount__gt", 0)),
                name="payment_unallocated",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="payment_above_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("unallocated_amount__gte", 0), ("unallocated_amount__lte", models.F("amount"))
                ),
                name="payment_never_over_allocated",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reversed_on__isnull", True), ("unallocated_amount", 0), _connector="OR"
                ),
                name="reversed_payment_has_nothing_left",
            ),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(
                models.F("organization"), models.F("payment"), name="allocation_of_payment"
            ),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(
                models.F("organization"), models.F("invoice"), name="allocation_of_invoice"
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="allocation_above_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_active", True), ("reversed_on__isnull", True)),
                    models.Q(("is_active", False), ("reversed_on__isnull", False)),
                    _connector="OR",
                ),
                name="allocation_active_or_reversed",
            ),
        ),
        OrganizationTable("Payment"),
        OrganizationTable("Allocation"),
    ]
