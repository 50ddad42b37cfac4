"""Ways to pay that are kept without a payment."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    dependencies = [
        ("charging", "0003_forgetting"),
        ("identity", "0008_proofs"),
        ("parties", "0007_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="MethodSetup",
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
                        choices=[("portal", "Portal"), ("link", "Link"), ("desk", "Desk")],
                        max_length=6,
                    ),
                ),
                ("method", models.CharField(max_length=13)),
                ("currency", models.CharField(max_length=3)),
                ("consent", models.TextField()),
                ("collects", models.BooleanField()),
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
                ("url", models.TextField(blank=True, default="")),
                ("back_url", models.TextField(blank=True, default="")),
                ("failure", models.CharField(blank=True, default="", max_length=80)),
                ("checks", models.PositiveIntegerField(default=0)),
                ("next_check_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
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
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="charging.savedmethod",
                    ),
                ),
                (
                    "saved",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="charging.savedmethod",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("organization"),
                        models.F("partner"),
                        models.F("id"),
                        name="method_setup_by_partner",
                    ),
                    models.Index(
                        models.F("organization"),
                        models.F("next_check_at"),
                        condition=models.Q(("state__in", ("pending", "unknown"))),
                        name="method_setup_to_ask_about",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("saved__isnull", False), ("state", "succeeded")),
                            models.Q(
                                models.Q(("state", "succeeded"), _negated=True),
                                ("saved__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="method_setup_succeeds_with_its_method",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", False),
                                ("state__in", ("succeeded", "failed")),
                            ),
                            models.Q(
                                ("next_check_at__isnull", False),
                                ("state__in", ("pending", "unknown")),
                            ),
                            _connector="OR",
                        ),
                        name="method_setup_decided_or_asked_about",
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "attempt"), name="method_setup_attempt_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("provider_id", ""), _negated=True),
                        fields=("organization", "gateway", "provider_id"),
                        name="method_setup_at_gateway_once",
                    ),
                ],
            },
        ),
        OrganizationTable("MethodSetup"),
    ]
