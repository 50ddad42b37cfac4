"""What a client agreed to when a method was kept, and by which methods each client may pay."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    dependencies = [
        ("charging", "0001_initial"),
        ("identity", "0001_initial"),
        ("parties", "0001_initial"),
    ]

    operations = [
        migrations.AddField("charge", "consent", models.TextField(blank=True, default="")),
        migrations.AddField("savedmethod", "consent", models.TextField(blank=True, default="")),
        migrations.CreateModel(
            name="ClientMethods",
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
                ("methods", models.JSONField(blank=True, default=list)),
                (
                    "most",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=15, null=True),
                ),
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "partner"), name="methods_of_a_client_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("most__isnull", True), ("most__gt", 0), _connector="OR"
                        ),
                        name="client_methods_above_zero",
                    ),
                ],
            },
        ),
        OrganizationTable("ClientMethods"),
    ]
