"""Refunds, and what an organization wants of them."""

from decimal import Decimal
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0001_initial"),
        ("invoicing", "0001_initial"),
        ("ledger", "0001_initial"),
        ("parties", "0001_initial"),
        ("payments", "0003_list_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Refund",
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
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("declined", "Declined"),
                            ("paid", "Paid"),
                            ("reversed", "Reversed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("credit_base_amount", models.BigIntegerField(default=0)),
                ("base_amount", models.BigIntegerField(default=0)),
                ("base_currency", models.CharField(max_length=3)),
                (
                    "base_rate",
                    models.DecimalField(decimal_places=10, default=Decimal("1"), max_digits=20),
                ),
                ("rate_source", models.CharField(blank=True, default="", max_length=80)),
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
                ("reason", models.CharField(max_length=200)),
                ("reference", models.CharField(blank=True, default="", max_length=140)),
                ("takes_off", models.BooleanField(default=False)),
                ("refunded_on", models.DateField(blank=True, null=True)),
                ("decided_by_id", models.UUIDField(editable=False, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_note", models.CharField(blank=True, default="", max_length=200)),
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
                    "credit_note",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
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
                    "partner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.partner",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.payment",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("organization"),
                        models.F("partner"),
                        models.F("id"),
                        name="refund_by_partner",
                    ),
                    models.Index(
                        models.F("organization"), models.F("payment"), name="refund_of_payment"
                    ),
                    models.Index(
                        models.F("organization"),
                        models.F("credit_note"),
                        name="refund_of_credit_note",
                    ),
                    models.Index(
                        models.F("organization"),
                        models.F("id"),
                        condition=models.Q(("status", "waiting")),
                        name="refund_waiting",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="refund_above_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("credit_note__isnull", False), ("payment__isnull", True)),
                            models.Q(("credit_note__isnull", True), ("payment__isnull", False)),
                            _connector="OR",
                        ),
                        name="refund_draws_on_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("refunded_on__isnull", True),
                                ("status__in", ("waiting", "declined")),
                            ),
                            models.Q(
                                ("refunded_on__isnull", False), ("status__in", ("paid", "reversed"))
                            ),
                            _connector="OR",
                        ),
                        name="refund_paid_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reversed_on__isnull", False), ("status", "reversed")),
                            models.Q(
                                models.Q(("status", "reversed"), _negated=True),
                                ("reversed_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="refund_reversed_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by_id__isnull", True),
                            ("created_by_id__isnull", True),
                            models.Q(("decided_by_id", models.F("created_by_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="refund_decided_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RefundPolicy",
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
                ("approval_above", models.BigIntegerField(blank=True, null=True)),
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
                    models.UniqueConstraint(fields=("organization",), name="one_refund_policy"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approval_above__isnull", True),
                            ("approval_above__gte", 0),
                            _connector="OR",
                        ),
                        name="refund_policy_not_below_zero",
                    ),
                ],
            },
        ),
        OrganizationTable("Refund"),
        OrganizationTable("RefundPolicy"),
        migrations.RunSQL(
            (SQL / "refunds.sql").read_text(), (SQL / "refunds_down.sql").read_text()
        ),
    ]
