"""Ladders, reminders, what makes them rest, disputes, rates, handovers."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("dispatch", "0001_initial"),
        ("files", "0001_initial"),
        ("identity", "0001_initial"),
        ("invoicing", "0002_guards"),
        ("numbering", "0002_guards"),
        ("parties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Handover",
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
                ("currency", models.CharField(max_length=3)),
                ("open_amount", models.BigIntegerField()),
                ("interest_amount", models.BigIntegerField(default=0)),
                ("fee_amount", models.BigIntegerField(default=0)),
                ("made_on", models.DateField()),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField()),
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
            name="HandedInvoice",
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
                ("open_amount", models.BigIntegerField()),
                ("interest_amount", models.BigIntegerField(default=0)),
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
                    "handover",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoices",
                        to="dunning.handover",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Hold",
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
                        choices=[("pause", "Pause"), ("promise", "Promise")], max_length=7
                    ),
                ),
                ("until_on", models.DateField(blank=True, null=True)),
                ("amount", models.BigIntegerField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by_id", models.UUIDField(editable=False, null=True)),
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
            ],
        ),
        migrations.CreateModel(
            name="Ladder",
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
                ("name", models.CharField(max_length=80)),
                ("is_default", models.BooleanField(default=False)),
                ("is_collective", models.BooleanField(default=True)),
                (
                    "interest",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("statutory", "Statutory"),
                            ("contract", "Contract"),
                        ],
                        default="statutory",
                        max_length=9,
                    ),
                ),
                (
                    "contract_percent",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True),
                ),
                ("automatic_from", models.DateField(blank=True, null=True)),
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
            name="LadderStep",
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
                ("level", models.PositiveSmallIntegerField()),
                ("days", models.SmallIntegerField()),
                (
                    "tone",
                    models.CharField(
                        choices=[
                            ("notice", "Notice"),
                            ("reminder", "Reminder"),
                            ("demand", "Demand"),
                            ("final", "Final"),
                        ],
                        default="reminder",
                        max_length=8,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("mail", "Mail"), ("letter", "Letter"), ("both", "Both")],
                        default="mail",
                        max_length=6,
                    ),
                ),
                ("pay_within", models.PositiveSmallIntegerField(default=7)),
                ("fee_amount", models.BigIntegerField(default=0)),
                ("with_interest", models.BooleanField(default=False)),
                ("with_lump_sum", models.BooleanField(default=False)),
                ("needs_approval", models.BooleanField(default=False)),
                (
                    "ladder",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="dunning.ladder",
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
            name="ReferenceRate",
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
                ("reference", models.CharField(max_length=8)),
                ("valid_from", models.DateField()),
                ("percent", models.DecimalField(decimal_places=6, max_digits=9)),
                ("source", models.CharField(max_length=200)),
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
            ],
        ),
        migrations.CreateModel(
            name="Reminder",
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
                ("ladder_name", models.CharField(max_length=80)),
                ("level", models.PositiveSmallIntegerField()),
                (
                    "tone",
                    models.CharField(
                        choices=[
                            ("notice", "Notice"),
                            ("reminder", "Reminder"),
                            ("demand", "Demand"),
                            ("final", "Final"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("mail", "Mail"),
                            ("letter", "Letter"),
                            ("both", "Both"),
                            ("none", "None"),
                        ],
                        max_length=6,
                    ),
                ),
                ("made_on", models.DateField()),
                ("pay_by_on", models.DateField(blank=True, null=True)),
                ("currency", models.CharField(max_length=3)),
                ("language", models.CharField(max_length=16)),
                ("open_amount", models.BigIntegerField()),
                ("interest_amount", models.BigIntegerField(default=0)),
                ("fee_amount", models.BigIntegerField(default=0)),
                ("lump_amount", models.BigIntegerField(default=0)),
                ("law", models.CharField(blank=True, default="", max_length=160)),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
                ("posted_on", models.DateField(blank=True, null=True)),
                ("posted_by_id", models.UUIDField(editable=False, null=True)),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField()),
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
                    "mail",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dispatch.mail",
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
            name="Reminded",
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
                ("level", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                ("open_amount", models.BigIntegerField()),
                ("interest_amount", models.BigIntegerField(default=0)),
                ("spans", models.JSONField(default=list)),
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
                    "reminder",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoices",
                        to="dunning.reminder",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReminderTerms",
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
                ("is_never", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "ladder",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dunning.ladder",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="parties.partner",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Dispute",
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
                    "category",
                    models.CharField(
                        choices=[
                            ("quality", "Quality"),
                            ("quantity", "Quantity"),
                            ("price", "Price"),
                            ("not_received", "Not Received"),
                            ("not_ordered", "Not Ordered"),
                            ("paid", "Paid"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=1000)),
                ("opened_on", models.DateField()),
                ("deadline_on", models.DateField(blank=True, null=True)),
                ("settled_on", models.DateField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("upheld", "Upheld"),
                            ("credited", "Credited"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="",
                        max_length=9,
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=1000)),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
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
            options={
                "indexes": [
                    models.Index(
                        models.F("organization"),
                        models.F("partner"),
                        models.F("id"),
                        name="dispute_of_partner",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled_on__isnull", True)),
                        fields=("organization", "invoice"),
                        name="one_open_dispute_of_an_invoice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("settled_on__isnull", True)),
                            models.Q(
                                ("settled_on__isnull", False),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="settled_disputes_have_an_outcome",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(
                models.F("organization"),
                models.F("partner"),
                models.F("id"),
                name="handover_of_partner",
            ),
        ),
        migrations.AddIndex(
            model_name="handedinvoice",
            index=models.Index(
                models.F("organization"), models.F("handover"), name="invoices_of_handover"
            ),
        ),
        migrations.AddConstraint(
            model_name="handedinvoice",
            constraint=models.UniqueConstraint(
                fields=("organization", "invoice"), name="handed_over_once"
            ),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(
                models.F("organization"),
                models.F("partner"),
                condition=models.Q(("ended_at__isnull", True)),
                name="holds_at_work",
            ),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(
                models.F("organization"), models.F("invoice"), name="holds_of_invoice"
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "pause"),
                    models.Q(("invoice__isnull", False), ("until_on__isnull", False)),
                    _connector="OR",
                ),
                name="promise_names_day_and_invoice",
            ),
        ),
        migrations.AddConstraint(
            model_name="ladder",
            constraint=models.UniqueConstraint(
                fields=("organization", "name"), name="ladder_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ladder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)),
                fields=("organization",),
                name="one_default_ladder",
            ),
        ),
        migrations.AddConstraint(
            model_name="ladder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("interest", "contract"), _negated=True),
                    models.Q(("contract_percent__gt", 0), ("contract_percent__lte", 100)),
                    _connector="OR",
                ),
                name="contract_has_a_rate",
            ),
        ),
        migrations.AddConstraint(
            model_name="ladderstep",
            constraint=models.UniqueConstraint(
                fields=("organization", "ladder", "level"), name="one_step_for_each_level"
            ),
        ),
        migrations.AddConstraint(
            model_name="ladderstep",
            constraint=models.UniqueConstraint(
                fields=("organization", "ladder", "days"), name="one_step_for_each_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="ladderstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("days__gte", -60),
                    ("days__lte", 730),
                    ("fee_amount__gte", 0),
                    ("level__gte", 1),
                ),
                name="step_within_bounds",
            ),
        ),
        migrations.AddConstraint(
            model_name="referencerate",
            constraint=models.UniqueConstraint(
                fields=("organization", "reference", "valid_from"), name="reference_rate_once"
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                models.F("organization"),
                models.F("partner"),
                models.F("id"),
                name="reminder_of_partner",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(models.F("organization"), models.F("mail"), name="reminder_of_mail"),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                models.F("organization"),
                models.F("id"),
                condition=models.Q(
                    ("channel__in", ["letter", "both"]), ("posted_on__isnull", True)
                ),
                name="reminder_to_post",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel", "none"), ("file__isnull", True), ("mail__isnull", True)),
                    models.Q(models.Q(("channel", "none"), _negated=True), ("file__isnull", False)),
                    _connector="OR",
                ),
                name="reminder_has_its_letter",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fee_amount__gte", 0),
                    ("interest_amount__gte", 0),
                    ("lump_amount__gte", 0),
                    ("open_amount__gt", 0),
                ),
                name="reminder_claims_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("pay_by_on__isnull", True),
                    ("pay_by_on__gte", models.F("made_on")),
                    _connector="OR",
                ),
                name="reminder_gives_time",
            ),
        ),
        migrations.AddIndex(
            model_name="reminded",
            index=models.Index(
                models.F("organization"), models.F("reminder"), name="invoices_of_reminder"
            ),
        ),
        migrations.AddConstraint(
            model_name="reminded",
            constraint=models.UniqueConstraint(
                fields=("organization", "invoice", "level"), name="reminded_once_by_a_level"
            ),
        ),
        migrations.AddIndex(
            model_name="reminderterms",
            index=models.Index(
                models.F("organization"), models.F("ladder"), name="terms_of_ladder"
            ),
        ),
        migrations.AddConstraint(
            model_name="reminderterms",
            constraint=models.UniqueConstraint(
                fields=("organization", "partner"), name="one_reminder_terms_for_a_client"
            ),
        ),
        OrganizationTable("Ladder"),
        OrganizationTable("LadderStep"),
        OrganizationTable("ReminderTerms"),
        OrganizationTable("Reminder"),
        OrganizationTable("Reminded"),
        OrganizationTable("Hold"),
        OrganizationTable("Dispute"),
        OrganizationTable("ReferenceRate"),
        OrganizationTable("Handover"),
        OrganizationTable("HandedInvoice"),
        migrations.RunSQL((SQL / "guards.sql").read_text(), (SQL / "guards_down.sql").read_text()),
    ]
