"""Rules of approval, limits and approvals."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0004_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Approval",
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
                ("subject_kind", models.CharField(max_length=12)),
                ("subject_id", models.UUIDField()),
                ("subject_version", models.PositiveIntegerField()),
                ("made_by_id", models.UUIDField(blank=True, null=True)),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="pending",
                        max_length=9,
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=1000)),
                ("requested_by_id", models.UUIDField(blank=True, null=True)),
                ("requested_at", models.DateTimeField()),
                ("decided_by_id", models.UUIDField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("comment", models.CharField(blank=True, default="", max_length=1000)),
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
                        models.F("subject_id"),
                        models.F("id"),
                        name="approvals_of_subject",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "pending")),
                        fields=("organization", "subject_id"),
                        name="one_question_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "pending")),
                            models.Q(
                                models.Q(("state", "pending"), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="approval_decided_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            models.Q(
                                ("decided_by_id__isnull", False),
                                models.Q(
                                    ("decided_by_id", models.F("requested_by_id")), _negated=True
                                ),
                                models.Q(
                                    ("made_by_id__isnull", True),
                                    models.Q(
                                        ("decided_by_id", models.F("made_by_id")), _negated=True
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="nobody_approves_their_own",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalLimit",
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
                ("role", models.CharField(blank=True, default="", max_length=20)),
                ("user_id", models.UUIDField(blank=True, null=True)),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("user_id__isnull", True)),
                        fields=("organization", "role"),
                        name="one_limit_of_a_role",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("user_id__isnull", False)),
                        fields=("organization", "user_id"),
                        name="one_limit_of_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("user_id__isnull", True), models.Q(("role", ""), _negated=True)
                            ),
                            models.Q(("role", ""), ("user_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_limit_is_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="limit_never_below_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalRule",
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
                ("amount", models.BigIntegerField(default=0)),
                ("currency", models.CharField(max_length=3)),
                ("roles", models.JSONField(default=list)),
                ("is_active", models.BooleanField(default=False)),
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
                    models.UniqueConstraint(fields=("organization",), name="one_approval_rule"),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="approval_amount_above_zero"
                    ),
                ],
            },
        ),
        OrganizationTable("ApprovalRule"),
        OrganizationTable("ApprovalLimit"),
        OrganizationTable("Approval"),
    ]
