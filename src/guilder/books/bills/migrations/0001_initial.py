"""Bills of suppliers."""

from decimal import Decimal

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_initial"),
        ("identity", "0007_sealed_uploads"),
        ("ledger", "0002_guards"),
        ("parties", "0003_reach"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bill",
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
                        choices=[("bill", "Bill"), ("credit_note", "Credit Note")],
                        default="bill",
                        max_length=11,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("booked", "Booked"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("number", models.CharField(max_length=120)),
                ("number_key", models.CharField(max_length=120)),
                ("issued_on", models.DateField()),
                ("due_on", models.DateField(blank=True, null=True)),
                ("supplied_on", models.DateField(blank=True, null=True)),
                ("booked_on", models.DateField(blank=True, null=True)),
                ("cancelled_on", models.DateField(blank=True, null=True)),
                ("cancelled_reason", models.CharField(blank=True, default="", max_length=200)),
                ("currency", models.CharField(max_length=3)),
                ("net_amount", models.BigIntegerField()),
                ("tax_amount", models.BigIntegerField()),
                ("gross_amount", models.BigIntegerField()),
                ("prepaid_amount", models.BigIntegerField(default=0)),
                ("rounding_amount", models.BigIntegerField(default=0)),
                ("payable_amount", models.BigIntegerField()),
                ("allocated_amount", models.BigIntegerField(default=0)),
                ("credited_amount", models.BigIntegerField(default=0)),
                ("base_currency", models.CharField(max_length=3)),
                (
                    "base_rate",
                    models.DecimalField(blank=True, decimal_places=10, max_digits=20, null=True),
                ),
                ("rate_source", models.CharField(blank=True, default="", max_length=80)),
                ("base_payable_amount", models.BigIntegerField(blank=True, null=True)),
                ("supplier_name", models.CharField(max_length=200)),
                ("iban", models.CharField(blank=True, default="", max_length=60)),
                ("bic", models.CharField(blank=True, default="", max_length=11)),
                ("remittance", models.CharField(blank=True, default="", max_length=140)),
                ("order_reference", models.CharField(blank=True, default="", max_length=120)),
                ("notes", models.TextField(blank=True, default="")),
                ("document", models.JSONField(default=dict)),
                ("is_read", models.BooleanField(default=False)),
                ("sha256", models.CharField(blank=True, default="", max_length=64)),
                ("place", models.PositiveIntegerField(default=0)),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
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
            name="BillCredit",
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
                ("applied_on", models.DateField()),
                ("is_active", models.BooleanField(default=True)),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "bill",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="bills.bill",
                    ),
                ),
                (
                    "credit_note",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="bills.bill",
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
            name="BillLine",
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
                ("kind", models.CharField(default="line", max_length=9)),
                ("name", models.CharField(max_length=400)),
                ("description", models.TextField(blank=True, default="")),
                (
                    "quantity",
                    models.DecimalField(decimal_places=6, default=Decimal("1"), max_digits=18),
                ),
                ("unit", models.CharField(blank=True, default="C62", max_length=12)),
                (
                    "unit_price",
                    models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=18),
                ),
                ("net_amount", models.BigIntegerField()),
                ("tax_category", models.CharField(max_length=2)),
                (
                    "tax_rate",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True),
                ),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
                    ),
                ),
                (
                    "bill",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="bills.bill",
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
            name="BillTax",
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
                ("category", models.CharField(max_length=2)),
                (
                    "rate",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True),
                ),
                ("taxable_amount", models.BigIntegerField()),
                ("tax_amount", models.BigIntegerField()),
                (
                    "own_rate",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True),
                ),
                ("own_amount", models.BigIntegerField(default=0)),
                (
                    "bill",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taxes",
                        to="bills.bill",
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
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(
                models.F("organization"),
                models.F("partner"),
                models.F("id"),
                name="bill_by_supplier",
            ),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(
                models.F("organization"), models.F("issued_on"), models.F("id"), name="bill_by_day"
            ),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(
                models.F("organization"),
                models.F("due_on"),
                models.F("id"),
                condition=models.Q(
                    (
                        "payable_amount__gt",
                        django.db.models.expressions.CombinedExpression(
                            models.F("allocated_amount"), "+", models.F("credited_amount")
                        ),
                    ),
                    ("status", "booked"),
                ),
                name="bill_open_by_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "cancelled"), _negated=True),
                fields=("organization", "partner", "number_key", "kind"),
                name="bill_number_once_for_a_supplier",
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("status", "cancelled"), _negated=True),
                    models.Q(("sha256", ""), _negated=True),
                ),
                fields=("organization", "sha256", "place"),
                name="bill_paper_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.CheckConstraint(
                condition=models.Q(("number_key", ""), _negated=True), name="bill_has_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.CheckConstraint(
                condition=models.Q(("payable_amount__gte", 0)), name="bill_asks_for_money"
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "gross_amount",
                        django.db.models.expressions.CombinedExpression(
                            models.F("net_amount"), "+", models.F("tax_amount")
                        ),
                    ),
                    (
                        "payable_amount",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("gross_amount"), "-", models.F("prepaid_amount")
                            ),
                            "+",
                            models.F("rounding_amount"),
                        ),
                    ),
                ),
                name="bill_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("allocated_amount__gte", 0),
                    ("credited_amount__gte", 0),
                    (
                        "payable_amount__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("allocated_amount"), "+", models.F("credited_amount")
                        ),
                    ),
                ),
                name="bill_never_overpaid",
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "booked"),
                    models.Q(("allocated_amount", 0), ("credited_amount", 0)),
                    _connector="OR",
                ),
                name="bill_paid_when_booked",
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("base_payable_amount__isnull", True),
                        ("base_rate__isnull", True),
                        ("booked_on__isnull", True),
                        ("status", "draft"),
                    ),
                    ("status", "cancelled"),
                    models.Q(
                        ("base_payable_amount__isnull", False),
                        ("base_rate__isnull", False),
                        ("booked_on__isnull", False),
                        ("status", "booked"),
                    ),
                    _connector="OR",
                ),
                name="bill_booked_on_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancelled_on__isnull", False), ("status", "cancelled")),
                    models.Q(
                        models.Q(("status", "cancelled"), _negated=True),
                        ("cancelled_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="bill_cancelled_on_a_day",
            ),
        ),
        migrations.AddIndex(
            model_name="billcredit",
            index=models.Index(
                models.F("organization"), models.F("bill"), name="bill_credit_of_bill"
            ),
        ),
        migrations.AddIndex(
            model_name="billcredit",
            index=models.Index(
                models.F("organization"), models.F("credit_note"), name="bill_credit_of_note"
            ),
        ),
        migrations.AddConstraint(
            model_name="billcredit",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="bill_credit_above_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="billcredit",
            constraint=models.CheckConstraint(
                condition=models.Q(("bill", models.F("credit_note")), _negated=True),
                name="bill_credit_of_another",
            ),
        ),
        migrations.AddIndex(
            model_name="billline",
            index=models.Index(
                models.F("organization"), models.F("account"), name="bill_line_by_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="billline",
            constraint=models.UniqueConstraint(
                fields=("organization", "bill", "position"), name="one_bill_line_at_a_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="billtax",
            constraint=models.UniqueConstraint(
                fields=("organization", "bill", "category", "rate"),
                name="one_tax_row_of_a_bill",
                nulls_distinct=False,
            ),
        ),
        OrganizationTable("Bill"),
        OrganizationTable("BillLine"),
        OrganizationTable("BillTax"),
        OrganizationTable("BillCredit"),
    ]
