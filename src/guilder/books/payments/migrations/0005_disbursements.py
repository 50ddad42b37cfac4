"""Money paid to suppliers, and allocations that point to one of invoice and bill."""

from decimal import Decimal
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable, ReferenceAdded

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("bills", "0002_guards"),
        ("identity", "0007_sealed_uploads"),
        ("invoicing", "0006_approvals"),
        ("ledger", "0002_guards"),
        ("parties", "0003_reach"),
        ("payments", "0004_refunds"),
    ]

    operations = [
        migrations.AddField(
            model_name="allocation",
            name="bill",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="bills.bill",
            ),
        ),
        migrations.AlterField(
            model_name="allocation",
            name="invoice",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="invoicing.invoice",
            ),
        ),
        migrations.AlterField(
            model_name="allocation",
            name="payment",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="allocations",
                to="payments.payment",
            ),
        ),
        migrations.CreateModel(
            name="Disbursement",
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
                (
                    "base_rate",
                    models.DecimalField(decimal_places=10, default=Decimal("1"), max_digits=20),
                ),
                ("rate_source", models.CharField(blank=True, default="", max_length=80)),
                ("paid_on", models.DateField()),
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
        migrations.AddField(
            model_name="allocation",
            name="disbursement",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="allocations",
                to="payments.disbursement",
            ),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(
                models.F("organization"),
                models.F("disbursement"),
                condition=models.Q(("disbursement__isnull", False)),
                name="allocation_of_disbursement",
            ),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(
                models.F("organization"),
                models.F("bill"),
                condition=models.Q(("bill__isnull", False)),
                name="allocation_of_bill",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("bill__isnull", True),
                        ("disbursement__isnull", True),
                        ("invoice__isnull", False),
                        ("payment__isnull", False),
                    ),
                    models.Q(
                        ("bill__isnull", False),
                        ("disbursement__isnull", False),
                        ("invoice__isnull", True),
                        ("payment__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="allocation_of_one_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="disbursement",
            index=models.Index(
                models.F("organization"),
                models.F("partner"),
                models.F("id"),
                name="disbursement_by_partner",
            ),
        ),
        migrations.AddIndex(
            model_name="disbursement",
            index=models.Index(
                models.F("organization"),
                models.F("paid_on"),
                models.F("id"),
                name="disbursement_by_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="disbursement",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="disbursement_above_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="disbursement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reversed_on__isnull", True), ("reversed_reason", "")),
                    models.Q(
                        ("reversed_on__isnull", False),
                        models.Q(("reversed_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="disbursement_reversed_for_a_reason",
            ),
        ),
        OrganizationTable("Disbursement"),
        ReferenceAdded("Allocation", "bill"),
        ReferenceAdded("Allocation", "disbursement"),
        migrations.RunSQL(
            (SQL / "outgoing.sql").read_text(), (SQL / "outgoing_down.sql").read_text()
        ),
    ]
