"""Recurring invoices and their periods."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
        ("parties", "0001_initial"),
        ("numbering", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecurringInvoice",
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
                ("name", models.CharField(max_length=120)),
                ("pattern", models.JSONField()),
                ("net_amount", models.BigIntegerField()),
                ("gross_amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("day", "Day"),
                            ("week", "Week"),
                            ("month", "Month"),
                            ("quarter", "Quarter"),
                            ("year", "Year"),
                        ],
                        max_length=7,
                    ),
                ),
                ("every", models.PositiveSmallIntegerField(default=1)),
                ("first_on", models.DateField()),
                ("last_on", models.DateField(blank=True, null=True)),
                ("most", models.PositiveIntegerField(blank=True, null=True)),
                ("in_advance", models.BooleanField(default=True)),
                (
                    "act",
                    models.CharField(
                        choices=[("draft", "Draft"), ("issue", "Issue"), ("send", "Send")],
                        max_length=5,
                    ),
                ),
                ("next_index", models.PositiveIntegerField(default=0)),
                ("next_on", models.DateField(blank=True, null=True)),
                ("made_count", models.PositiveIntegerField(default=0)),
                ("is_paused", models.BooleanField(default=False)),
                ("problem", models.CharField(blank=True, default="", max_length=500)),
                ("problem_at", models.DateTimeField(blank=True, null=True)),
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
            name="RecurringRun",
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
                ("index", models.PositiveIntegerField()),
                ("period_start_on", models.DateField()),
                ("period_end_on", models.DateField()),
                ("invoice_id", models.UUIDField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
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
                    "recurring",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="billing.recurringinvoice",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="recurringinvoice",
            index=models.Index(
                models.F("organization"),
                models.F("next_on"),
                models.F("id"),
                condition=models.Q(("is_paused", False), ("next_on__isnull", False)),
                name="recurring_due",
            ),
        ),
        migrations.AddIndex(
            model_name="recurringinvoice",
            index=models.Index(
                models.F("organization"),
                models.F("partner"),
                models.F("id"),
                name="recurring_of_partner",
            ),
        ),
        migrations.AddConstraint(
            model_name="recurringinvoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("every__gte", 1), ("every__lte", 366)),
                name="recurring_every_moves",
            ),
        ),
        migrations.AddConstraint(
            model_name="recurringinvoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last_on__isnull", True),
                    ("last_on__gte", models.F("first_on")),
                    _connector="OR",
                ),
                name="recurring_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="recurringinvoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("most__isnull", True), ("most__gte", 1), _connector="OR"),
                name="recurring_most_above_zero",
            ),
        ),
        migrations.AddIndex(
            model_name="recurringrun",
            index=models.Index(
                models.F("organization"), models.F("invoice_id"), name="run_of_invoice"
            ),
        ),
        migrations.AddConstraint(
            model_name="recurringrun",
            constraint=models.UniqueConstraint(
                fields=("organization", "recurring", "index"), name="recurring_period_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="recurringrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("period_end_on__gte", models.F("period_start_on"))),
                name="run_has_days",
            ),
        ),
        OrganizationTable("RecurringInvoice"),
        OrganizationTable("RecurringRun"),
        migrations.RunSQL((SQL / "guards.sql").read_text(), (SQL / "guards_down.sql").read_text()),
    ]
