"""Gateways, charges, and what gateways told of them."""

from decimal import Decimal
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
        ("invoicing", "0001_initial"),
        ("parties", "0001_initial"),
        ("payments", "0004_refunds"),
    ]

    operations = [
        migrations.CreateModel(
            name="Gateway",
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
                ("kind", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=80)),
                ("is_live", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("sealed_keys", models.BinaryField()),
                ("methods", models.JSONField(blank=True, default=list)),
                ("currencies", models.JSONField(blank=True, default=list)),
                (
                    "least",
                    models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=15),
                ),
                (
                    "most",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=15, null=True),
                ),
                ("takes_parts", models.BooleanField(default=True)),
                ("tested_at", models.DateTimeField(blank=True, null=True)),
                ("test_problem", models.CharField(blank=True, default="", max_length=300)),
                ("heard_at", models.DateTimeField(blank=True, null=True)),
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
            name="Charge",
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
                ("is_live", models.BooleanField()),
                ("attempt", models.CharField(max_length=120)),
                (
                    "origin",
                    models.CharField(
                        choices=[("page", "Page"), ("desk", "Desk"), ("automatic", "Automatic")],
                        max_length=9,
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("method", models.CharField(blank=True, default="", max_length=13)),
                ("keeps_method", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("succeeded", "Succeeded"),
                            ("failed", "Failed"),
                            ("unknown", "Unknown"),
                        ],
                        default="pending",
                        max_length=9,
                    ),
                ),
                ("provider_id", models.CharField(blank=True, default="", max_length=200)),
                ("provider_payment", models.CharField(blank=True, default="", max_length=200)),
                ("url", models.TextField(blank=True, default="")),
                ("back_url", models.TextField(blank=True, default="")),
                ("failure", models.CharField(blank=True, default="", max_length=80)),
                ("is_hard", models.BooleanField(default=False)),
                ("fee", models.BigIntegerField(blank=True, null=True)),
                ("fee_entry_id", models.UUIDField(blank=True, null=True)),
                ("checks", models.PositiveIntegerField(default=0)),
                ("next_check_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
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
                    "gateway",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="charging.gateway",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GatewayEvent",
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
                ("provider_id", models.CharField(max_length=200)),
                ("about", models.CharField(max_length=8)),
                ("subject", models.CharField(blank=True, default="", max_length=200)),
                ("key", models.UUIDField(blank=True, null=True)),
                ("says_all", models.BooleanField(default=False)),
                ("headers", models.JSONField(blank=True, default=dict)),
                ("body", models.TextField()),
                ("received_at", models.DateTimeField()),
                ("handled_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, default="", max_length=200)),
                (
                    "gateway",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="charging.gateway",
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
            name="GivenBack",
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
                ("provider_id", models.CharField(blank=True, default="", max_length=200)),
                ("amount", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("succeeded", "Succeeded"),
                            ("failed", "Failed"),
                            ("unknown", "Unknown"),
                        ],
                        default="pending",
                        max_length=9,
                    ),
                ),
                ("failure", models.CharField(blank=True, default="", max_length=80)),
                ("is_ours", models.BooleanField(default=False)),
                ("checks", models.PositiveIntegerField(default=0)),
                ("next_check_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "charge",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="given_back",
                        to="charging.charge",
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
                    "refund",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.refund",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Payout",
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
                ("provider_id", models.CharField(max_length=200)),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("gross", models.BigIntegerField(blank=True, null=True)),
                ("fee", models.BigIntegerField(blank=True, null=True)),
                ("charge_count", models.PositiveIntegerField(default=0)),
                (
                    "stage",
                    models.CharField(
                        choices=[("pending", "Pending"), ("paid", "Paid"), ("failed", "Failed")],
                        max_length=7,
                    ),
                ),
                ("arrives_on", models.DateField(blank=True, null=True)),
                ("reference", models.CharField(blank=True, default="", max_length=140)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "gateway",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="charging.gateway",
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
            name="SavedMethod",
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
                ("customer", models.CharField(max_length=200)),
                ("token", models.CharField(max_length=200)),
                ("method", models.CharField(max_length=13)),
                ("label", models.CharField(blank=True, default="", max_length=60)),
                ("is_active", models.BooleanField(default=True)),
                ("collects", models.BooleanField(default=False)),
                ("agreed_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_reason", models.CharField(blank=True, default="", max_length=200)),
                (
                    "gateway",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="charging.gateway",
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
            model_name="charge",
            name="saved",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="charging.savedmethod",
            ),
        ),
        migrations.CreateModel(
            name="ChargeShare",
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
                    "charge",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="charging.charge",
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
                        models.F("organization"),
                        models.F("invoice"),
                        name="charge_share_of_invoice",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="charge_share_above_zero"
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "charge", "invoice"), name="charge_share_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Chargeback",
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
                ("provider_id", models.CharField(max_length=200)),
                ("amount", models.BigIntegerField()),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("review", "Review"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                        ],
                        max_length=6,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=80)),
                ("answer_by", models.DateTimeField(blank=True, null=True)),
                ("answer", models.TextField(blank=True, default="")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("opened_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "charge",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chargebacks",
                        to="charging.charge",
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
                    "refund",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.refund",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("organization"),
                        models.F("answer_by"),
                        condition=models.Q(("stage", "open")),
                        name="chargeback_to_answer",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="chargeback_above_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("stage__in", ("won", "lost"))),
                            models.Q(
                                ("closed_at__isnull", True), ("stage__in", ("open", "review"))
                            ),
                            _connector="OR",
                        ),
                        name="chargeback_closed_at_an_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("refund__isnull", True), ("stage", "lost"), _connector="OR"
                        ),
                        name="only_lost_chargebacks_are_booked",
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "charge", "provider_id"),
                        name="chargeback_at_gateway_once",
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "refund"), name="chargeback_of_refund"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="gateway",
            constraint=models.UniqueConstraint(
                fields=("organization", "name"), name="gateway_name_once"
            ),
        ),
        migrations.AddIndex(
            model_name="gatewayevent",
            index=models.Index(
                models.F("organization"),
                models.F("received_at"),
                condition=models.Q(("handled_at__isnull", True)),
                name="gateway_event_unhandled",
            ),
        ),
        migrations.AddConstraint(
            model_name="gatewayevent",
            constraint=models.UniqueConstraint(
                fields=("organization", "gateway", "provider_id"), name="gateway_event_once"
            ),
        ),
        migrations.AddIndex(
            model_name="givenback",
            index=models.Index(
                models.F("organization"),
                models.F("next_check_at"),
                condition=models.Q(("state__in", ("pending", "unknown"))),
                name="given_back_to_ask_about",
            ),
        ),
        migrations.AddConstraint(
            model_name="givenback",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="given_back_above_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="givenback",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_ours", False), ("refund__isnull", False), _connector="OR"),
                name="given_back_by_us_is_booked",
            ),
        ),
        migrations.AddConstraint(
            model_name="givenback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("succeeded", "failed")),
                    ("next_check_at__isnull", False),
                    ("is_ours", False),
                    _connector="OR",
                ),
                name="given_back_decided_or_asked_about",
            ),
        ),
        migrations.AddConstraint(
            model_name="givenback",
            constraint=models.UniqueConstraint(
                fields=("organization", "refund"), name="given_back_of_refund"
            ),
        ),
        migrations.AddConstraint(
            model_name="givenback",
            constraint=models.UniqueConstraint(
                condition=models.Q(("provider_id", ""), _negated=True),
                fields=("organization", "charge", "provider_id"),
                name="given_back_at_gateway_once",
            ),
        ),
        migrations.AddIndex(
            model_name="payout",
            index=models.Index(
                models.F("organization"),
                models.F("arrives_on"),
                models.F("id"),
                name="payout_by_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.UniqueConstraint(
                fields=("organization", "gateway", "provider_id"), name="payout_at_gateway_once"
            ),
        ),
        migrations.AddIndex(
            model_name="savedmethod",
            index=models.Index(
                models.F("organization"), models.F("partner"), name="saved_method_of_partner"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedmethod",
            constraint=models.UniqueConstraint(
                fields=("organization", "gateway", "token"), name="saved_method_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedmethod",
            constraint=models.UniqueConstraint(
                condition=models.Q(("collects", True), ("is_active", True)),
                fields=("organization", "partner"),
                name="one_collecting_method_a_client",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("is_active", True)),
                    models.Q(("ended_at__isnull", False), ("is_active", False)),
                    _connector="OR",
                ),
                name="saved_method_active_or_ended",
            ),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(
                models.F("organization"),
                models.F("partner"),
                models.F("id"),
                name="charge_by_partner",
            ),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(
                models.F("organization"),
                models.F("next_check_at"),
                condition=models.Q(("state__in", ("pending", "unknown"))),
                name="charge_to_ask_about",
            ),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(
                models.F("organization"),
                models.F("gateway"),
                models.F("provider_payment"),
                condition=models.Q(("provider_payment", ""), _negated=True),
                name="charge_by_provider_payment",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="charge_above_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("payment__isnull", False), ("state", "succeeded")),
                    models.Q(
                        models.Q(("state", "succeeded"), _negated=True), ("payment__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="charge_succeeds_with_its_payment",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", False), ("state__in", ("succeeded", "failed"))),
                    models.Q(
                        ("next_check_at__isnull", False), ("state__in", ("pending", "unknown"))
                    ),
                    _connector="OR",
                ),
                name="charge_decided_or_asked_about",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(("fee__isnull", True), ("fee__gte", 0), _connector="OR"),
                name="charge_fee_not_below_zero",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.UniqueConstraint(
                fields=("organization", "attempt"), name="charge_attempt_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.UniqueConstraint(
                fields=("organization", "payment"), name="charge_of_payment"
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("provider_id", ""), _negated=True),
                fields=("organization", "gateway", "provider_id"),
                name="charge_at_gateway_once",
            ),
        ),
        OrganizationTable("Gateway"),
        OrganizationTable("SavedMethod"),
        OrganizationTable("Charge"),
        OrganizationTable("ChargeShare"),
        OrganizationTable("GivenBack"),
        OrganizationTable("Chargeback"),
        OrganizationTable("Payout"),
        OrganizationTable("GatewayEvent"),
        migrations.RunSQL((SQL / "guards.sql").read_text(), (SQL / "guards_down.sql").read_text()),
    ]
