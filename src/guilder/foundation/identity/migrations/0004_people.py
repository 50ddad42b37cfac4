"""Roles of an organization's own, and who leads whom."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import guilder.foundation.tenancy.ids


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_user_picture")]

    operations = [
        migrations.CreateModel(
            name="CustomRole",
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
                ("name", models.CharField(max_length=40)),
                (
                    "based_on",
                    models.CharField(
                        choices=[
                            ("admin", "Admin"),
                            ("manager", "Manager"),
                            ("accountant", "Accountant"),
                            ("agent", "Agent"),
                            ("viewer", "Viewer"),
                            ("client", "Client"),
                        ],
                        max_length=20,
                    ),
                ),
                ("permissions", models.JSONField(default=list)),
                ("own", models.JSONField(default=list)),
                ("row_rule", models.CharField(default="own", max_length=10)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.organization",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="membership",
            name="custom_role",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="identity.customrole",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="customrole",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                django.db.models.functions.text.Lower("name"),
                name="identity_role_name_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="customrole",
            constraint=models.CheckConstraint(
                condition=models.Q(("row_rule__in", ["all", "team", "assigned", "own"])),
                name="identity_role_rule_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="customrole",
            constraint=models.CheckConstraint(
                condition=models.Q(("based_on__in", ["admin", "client"]), _negated=True),
                name="identity_role_based_below_admin",
            ),
        ),
    ]
