"""Invoices, quotes, frozen papers, credit allocations."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0001_initial"),
        ("identity", "0001_initial"),
        ("numbering", "0001_initial"),
        ("parties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Quote",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("sent", "Sent"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                        ],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("draft_reference", models.CharField(max_length=16)),
                ("number", models.CharField(blank=True, max_length=80, null=True)),
                ("sequence", models.BigIntegerField(blank=True, null=True)),
                ("period", models.CharField(blank=True, max_length=7, null=True)),
                ("quoted_on", models.DateField(blank=True, null=True)),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("currency", models.CharField(max_length=3)),
                ("language", models.CharField(blank=True, default="", max_length=16)),
                ("net_amount", models.BigIntegerField(default=0)),
                ("tax_amount", models.BigIntegerField(default=0)),
                ("gross_amount", models.BigIntegerField(default=0)),
                ("content", models.BinaryField()),
                ("terms", models.JSONField(blank=True, default=dict)),
                ("custom_fields", models.JSONField(blank=True, default=dict)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("accepted_by", models.CharField(blank=True, default="", max_length=200)),
                ("declined_at", models.DateTimeField(blank=True, null=True)),
                ("declined_reason", models.CharField(blank=True, default="", max_length=200)),
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
                (
                    "series",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="numbering.series",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invoice",
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
                        choices=[
                            ("invoice", "Invoice"),
                            ("credit_note", "Credit Note"),
                            ("debit_note", "Debit Note"),
                            ("deposit", "Deposit"),
                            ("pro_forma", "Pro Forma"),
                        ],
                        default="invoice",
                        max_length=12,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("issued", "Issued")],
                        default="draft",
                        max_length=6,
                    ),
                ),
                ("draft_reference", models.CharField(max_length=16)),
                ("number", models.CharField(blank=True, max_length=80, null=True)),
                ("sequence", models.BigIntegerField(blank=True, null=True)),
                ("period", models.CharField(blank=True, max_length=7, null=True)),
                ("issued_on", models.DateField(blank=True, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("currency", models.CharField(max_length=3)),
                ("base_currency", models.CharField(max_length=3)),
                (
                    "base_rate",
                    models.DecimalField(blank=True, decimal_places=10, max_digits=20, null=True),
                ),
                ("rate_source", models.CharField(blank=True, default="", max_length=80)),
                ("language", models.CharField(blank=True, default="", max_length=16)),
                ("tax_rounding", models.CharField(default="group", max_length=5)),
                ("line_net_amount", models.BigIntegerField(default=0)),
                ("allowances_amount", models.BigIntegerField(default=0)),
                ("charges_amount", models.BigIntegerField(default=0)),
                ("net_amount", models.BigIntegerField(default=0)),
                ("tax_amount", models.BigIntegerField(default=0)),
                ("gross_amount", models.BigIntegerField(default=0)),
                ("prepaid_amount", models.BigIntegerField(default=0)),
                ("rounding_amount", models.BigIntegerField(default=0)),
                ("due_amount", models.BigIntegerField(default=0)),
                ("withheld_amount", models.BigIntegerField(default=0)),
                ("payable_amount", models.BigIntegerField(default=0)),
                ("base_net_amount", models.BigIntegerField(blank=True, null=True)),
                ("base_tax_amount", models.BigIntegerField(blank=True, null=True)),
                ("base_payable_amount", models.BigIntegerField(blank=True, null=True)),
                ("prior_amount", models.BigIntegerField(default=0)),
                ("allocated_amount", models.BigIntegerField(default=0)),
                ("credited_amount", models.BigIntegerField(default=0)),
                ("written_off_amount", models.BigIntegerField(default=0)),
                ("open_amount", models.BigIntegerField(default=0)),
                ("settled_on", models.DateField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("viewed_at", models.DateTimeField(blank=True, null=True)),
                ("disputed_at", models.DateTimeField(blank=True, null=True)),
                ("content", models.BinaryField(blank=True, null=True)),
                ("terms", models.JSONField(blank=True, default=dict)),
                ("custom_fields", models.JSONField(blank=True, default=dict)),
                ("is_history", models.BooleanField(default=False)),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "corrects",
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
                    "series",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="numbering.series",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="invoicing.quote",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="QuoteLine",
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
                ("position", models.PositiveIntegerField()),
                ("name", models.TextField()),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=18)),
                (
                    "invoiced_quantity",
                    models.DecimalField(decimal_places=6, default=0, max_digits=18),
                ),
                ("net_amount", models.BigIntegerField()),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.item",
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
                    "quote",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="invoicing.quote",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WriteOff",
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
                ("written_off_on", models.DateField()),
                ("reason", models.CharField(max_length=200)),
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
        ),
        migrations.CreateModel(
            name="Deduction",
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
                    "deposit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="invoicing.invoice",
                    ),
                ),
                (
                    "final",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deductions",
                        to="invoicing.invoice",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("organization"), models.F("final"), name="deduction_of_final"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "deposit"), name="deposit_deducted_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="deduction_above_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditAllocation",
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
                ("credit_base_amount", models.BigIntegerField()),
                ("allocated_on", models.DateField()),
                ("is_active", models.BooleanField(default=True)),
                ("reversed_on", models.DateField(blank=True, null=True)),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
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
                (
                    "credit_note",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="invoicing.invoice",
                    ),
                ),
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
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("organization"),
                        models.F("credit_note"),
                        name="credit_allocation_of_note",
                    ),
                    models.Index(
                        models.F("organization"),
                        models.F("invoice"),
                        name="credit_allocation_of_invoice",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="credit_allocation_above_0"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_active", True), ("reversed_on__isnull", True)),
                            models.Q(("is_active", False), ("reversed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="credit_active_or_reversed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceLine",
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
                ("position", models.PositiveIntegerField()),
                ("name", models.TextField()),
                ("description", models.TextField(blank=True, default="")),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=18)),
                ("unit", models.CharField(max_length=3)),
                ("unit_price", models.DecimalField(decimal_places=6, max_digits=18)),
                ("base_quantity", models.DecimalField(decimal_places=6, default=1, max_digits=18)),
                ("tax_code", models.CharField(blank=True, default="", max_length=40)),
                ("tax_category", models.CharField(max_length=2)),
                (
                    "tax_rate",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True),
                ),
                ("tax_reason", models.CharField(blank=True, default="", max_length=200)),
                ("net_amount", models.BigIntegerField()),
                ("source_position", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "invoice",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="invoicing.invoice",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.item",
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
                        fields=("organization", "invoice", "position"),
                        name="one_line_at_a_position",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceTax",
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
                ("position", models.PositiveSmallIntegerField()),
                ("category", models.CharField(max_length=2)),
                (
                    "rate",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True),
                ),
                ("taxable_amount", models.BigIntegerField()),
                ("tax_amount", models.BigIntegerField()),
                ("exemption_code", models.CharField(blank=True, default="", max_length=40)),
                ("exemption_reason", models.TextField(blank=True, default="")),
                (
                    "invoice",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taxes",
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
                        fields=("organization", "invoice", "position"), name="one_tax_at_a_position"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IssuedDocument",
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
                ("series_code", models.CharField(blank=True, default="", max_length=40)),
                ("period", models.CharField(blank=True, default="", max_length=7)),
                ("sequence", models.BigIntegerField(null=True)),
                ("number", models.CharField(max_length=80)),
                ("issued_on", models.DateField()),
                ("document", models.BinaryField()),
                ("content_hash", models.BinaryField(max_length=32)),
                ("previous_hash", models.BinaryField(max_length=32, null=True)),
                ("chain_hash", models.BinaryField(max_length=32, null=True)),
                ("issued_at", models.DateTimeField()),
                ("issued_by_id", models.UUIDField(null=True)),
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
                    "series",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="numbering.series",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "invoice"), name="issued_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("series__isnull", False)),
                        fields=("organization", "series", "period", "sequence"),
                        name="sequence_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("chain_hash__isnull", True),
                                ("sequence__isnull", True),
                                ("series__isnull", True),
                            ),
                            models.Q(
                                ("chain_hash__isnull", False),
                                ("previous_hash__isnull", False),
                                ("sequence__isnull", False),
                                ("series__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="chained_exactly_in_a_series",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(
                models.F("organization"),
                models.F("partner"),
                models.F("id"),
                name="quote_by_partner",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number__isnull", False)),
                fields=("organization", "number"),
                name="quote_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number__isnull", True), ("state", "draft")),
                    models.Q(
                        models.Q(("state", "draft"), _negated=True), ("number__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="quote_number_when_sent",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                models.F("organization"),
                models.F("partner"),
                models.F("id"),
                name="invoice_by_partner",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                models.F("organization"),
                models.F("issued_on"),
                models.F("id"),
                name="invoice_by_issue",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                models.F("organization"),
                models.F("due_on"),
                models.F("id"),
                condition=models.Q(("open_amount__gt", 0)),
                include=("partner", "open_amount"),
                name="invoice_open",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                models.F("organization"),
                models.F("id"),
                condition=models.Q(("status", "draft")),
                name="invoice_drafts",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                models.F("organization"),
                models.F("corrects"),
                condition=models.Q(("corrects__isnull", False)),
                name="invoice_corrections",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                models.F("organization"),
                models.F("quote"),
                condition=models.Q(("quote__isnull", False)),
                name="invoice_of_quote",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number__isnull", False)),
                fields=("organization", "number"),
                name="invoice_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("content__isnull", False),
                        ("number__isnull", True),
                        ("open_amount", 0),
                        ("sequence__isnull", True),
                        ("status", "draft"),
                    ),
                    models.Q(
                        ("base_rate__isnull", False),
                        ("content__isnull", True),
                        ("issued_on__isnull", False),
                        ("number__isnull", False),
                        ("status", "issued"),
                    ),
                    _connector="OR",
                ),
                name="number_exactly_when_issued",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "draft"),
                    models.Q(
                        ("is_history", True), ("sequence__isnull", True), ("series__isnull", True)
                    ),
                    models.Q(
                        ("is_history", False),
                        ("sequence__isnull", False),
                        ("series__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="issued_in_a_series",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("allocated_amount__gte", 0),
                    ("credited_amount__gte", 0),
                    ("open_amount__gte", 0),
                    ("prior_amount__gte", 0),
                    ("written_off_amount__gte", 0),
                ),
                name="balances_never_below_zero",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "draft"),
                    models.Q(("kind", "pro_forma"), ("open_amount", 0)),
                    (
                        "open_amount",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("payable_amount"), "-", models.F("prior_amount")
                                    ),
                                    "-",
                                    models.F("allocated_amount"),
                                ),
                                "-",
                                models.F("credited_amount"),
                            ),
                            "-",
                            models.F("written_off_amount"),
                        ),
                    ),
                    _connector="OR",
                ),
                name="open_is_what_is_left",
            ),
        ),
        migrations.AddConstraint(
            model_name="quoteline",
            constraint=models.UniqueConstraint(
                fields=("organization", "quote", "position"), name="one_quote_line_at_a_position"
            ),
        ),
        migrations.AddIndex(
            model_name="writeoff",
            index=models.Index(
                models.F("organization"), models.F("invoice"), name="write_off_of_invoice"
            ),
        ),
        migrations.AddConstraint(
            model_name="writeoff",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="write_off_above_zero"
            ),
        ),
        OrganizationTable("Quote"),
        OrganizationTable("Invoice"),
        OrganizationTable("InvoiceLine"),
        OrganizationTable("InvoiceTax"),
        OrganizationTable("IssuedDocument"),
        OrganizationTable("CreditAllocation"),
        OrganizationTable("WriteOff"),
        OrganizationTable("Deduction"),
        OrganizationTable("QuoteLine"),
    ]
