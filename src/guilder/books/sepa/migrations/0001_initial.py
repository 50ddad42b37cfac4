"""Mandates, batches of orders to the bank, and what it answered."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("bills", "0002_guards"),
        ("files", "0001_initial"),
        ("identity", "0008_proofs"),
        ("invoicing", "0007_number_key"),
        ("parties", "0006_vat_checks"),
        ("payments", "0005_disbursements"),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
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
                    "kind",
                    models.CharField(
                        choices=[("debit", "Debit"), ("transfer", "Transfer")], max_length=8
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("closed", "Closed"),
                            ("handed_over", "Handed Over"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=11,
                    ),
                ),
                ("message_id", models.CharField(max_length=35)),
                ("due_on", models.DateField()),
                ("currency", models.CharField(default="EUR", max_length=3)),
                ("name", models.CharField(max_length=70)),
                ("iban", models.CharField(max_length=34)),
                ("bic", models.CharField(blank=True, default="", max_length=11)),
                ("creditor_id", models.CharField(blank=True, default="", max_length=35)),
                ("is_over_limit", models.BooleanField(default=False)),
                ("approved_by_id", models.UUIDField(editable=False, null=True)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("handed_over_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_reason", models.CharField(blank=True, default="", max_length=200)),
                ("bank_status", models.CharField(blank=True, default="", max_length=4)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
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
        ),
        migrations.CreateModel(
            name="Answer",
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
                ("message_id", models.CharField(max_length=35)),
                ("status", models.CharField(blank=True, default="", max_length=4)),
                ("refused_count", models.PositiveIntegerField(default=0)),
                ("received_at", models.DateTimeField()),
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
                    "batch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sepa.batch",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Mandate",
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
                ("reference", models.CharField(max_length=35)),
                (
                    "scheme",
                    models.CharField(
                        choices=[("CORE", "Core"), ("B2B", "B2B")], default="CORE", max_length=4
                    ),
                ),
                ("is_recurrent", models.BooleanField(default=True)),
                ("is_last", models.BooleanField(default=False)),
                ("holder", models.CharField(max_length=70)),
                ("iban", models.CharField(max_length=34)),
                ("bic", models.CharField(blank=True, default="", max_length=11)),
                ("signed_on", models.DateField(blank=True, null=True)),
                ("creditor_id", models.CharField(blank=True, default="", max_length=35)),
                ("notice_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("last_used_on", models.DateField(blank=True, null=True)),
                ("original_reference", models.CharField(blank=True, default="", max_length=35)),
                ("original_creditor_id", models.CharField(blank=True, default="", max_length=35)),
                ("has_new_account", models.BooleanField(default=False)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_reason", models.CharField(blank=True, default="", max_length=200)),
                ("ended_code", models.CharField(blank=True, default="", max_length=4)),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
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
            name="Item",
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
                ("group", models.CharField(max_length=35)),
                ("sequence", models.CharField(blank=True, default="", max_length=4)),
                ("scheme", models.CharField(blank=True, default="", max_length=4)),
                ("end_to_end", models.CharField(max_length=35)),
                ("amount", models.BigIntegerField()),
                ("name", models.CharField(max_length=70)),
                ("iban", models.CharField(max_length=34)),
                ("bic", models.CharField(blank=True, default="", max_length=11)),
                ("country", models.CharField(blank=True, default="", max_length=2)),
                ("town", models.CharField(blank=True, default="", max_length=35)),
                ("remittance", models.CharField(max_length=140)),
                ("mandate_reference", models.CharField(blank=True, default="", max_length=35)),
                ("signed_on", models.DateField(blank=True, null=True)),
                ("original_reference", models.CharField(blank=True, default="", max_length=35)),
                ("original_creditor_id", models.CharField(blank=True, default="", max_length=35)),
                ("has_new_account", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("booked", "Booked"),
                            ("rejected", "Rejected"),
                            ("returned", "Returned"),
                            ("dropped", "Dropped"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("code", models.CharField(blank=True, default="", max_length=4)),
                ("told_on", models.DateField(blank=True, null=True)),
                ("trouble", models.CharField(blank=True, default="", max_length=200)),
                (
                    "batch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="sepa.batch",
                    ),
                ),
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
                    "disbursement",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.disbursement",
                    ),
                ),
                (
                    "invoice",
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
                (
                    "mandate",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sepa.mandate",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Policy",
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
                ("notice_days", models.PositiveSmallIntegerField(default=14)),
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
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(
                models.F("organization"),
                models.F("due_on"),
                condition=models.Q(("status", "handed_over")),
                name="sepa_batch_to_book",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.UniqueConstraint(
                fields=("organization", "message_id"), name="sepa_message_id_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by_id__isnull", True),
                    ("created_by_id__isnull", True),
                    models.Q(("approved_by_id", models.F("created_by_id")), _negated=True),
                    _connector="OR",
                ),
                name="sepa_batch_approved_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ("draft", "cancelled")),
                    ("is_over_limit", False),
                    ("approved_at__isnull", False),
                    _connector="OR",
                ),
                name="sepa_batch_over_limit_is_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "handed_over"), _negated=True),
                    ("handed_over_at__isnull", False),
                    _connector="OR",
                ),
                name="sepa_batch_handed_over_at_an_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(
                fields=("organization", "batch", "message_id"), name="sepa_answer_once"
            ),
        ),
        migrations.AddIndex(
            model_name="mandate",
            index=models.Index(
                models.F("organization"),
                models.F("partner"),
                models.F("id"),
                name="mandate_of_partner",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.UniqueConstraint(
                fields=("organization", "reference"), name="mandate_reference_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_reason", "")),
                    models.Q(
                        ("ended_at__isnull", False), models.Q(("ended_reason", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="mandate_ended_for_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                models.F("organization"),
                models.F("batch"),
                models.F("id"),
                name="sepa_items_of_batch",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                models.F("organization"), models.F("group"), name="sepa_items_of_group"
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                models.F("organization"), models.F("mandate"), name="sepa_items_of_mandate"
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                models.F("organization"), models.F("invoice"), name="sepa_items_of_invoice"
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                models.F("organization"), models.F("bill"), name="sepa_items_of_bill"
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="sepa_item_above_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("bill__isnull", True),
                        ("invoice__isnull", False),
                        ("mandate__isnull", False),
                    ),
                    models.Q(
                        ("bill__isnull", False),
                        ("invoice__isnull", True),
                        ("mandate__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="sepa_item_of_one_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("booked", "returned")), _negated=True),
                    ("payment__isnull", False),
                    ("disbursement__isnull", False),
                    _connector="OR",
                ),
                name="sepa_item_booked_with_its_money",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                fields=("organization", "end_to_end"), name="sepa_end_to_end_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("organization", "invoice"),
                name="sepa_invoice_collected_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("organization", "bill"),
                name="sepa_bill_transferred_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                fields=("organization", "payment"), name="sepa_item_of_payment"
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                fields=("organization", "disbursement"), name="sepa_item_of_disbursement"
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(fields=("organization",), name="one_sepa_policy"),
        ),
        OrganizationTable("Mandate"),
        OrganizationTable("Batch"),
        OrganizationTable("Item"),
        OrganizationTable("Answer"),
        OrganizationTable("Policy"),
        migrations.RunSQL((SQL / "guards.sql").read_text(), (SQL / "guards_down.sql").read_text()),
    ]
