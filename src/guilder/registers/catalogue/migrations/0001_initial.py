"""Tables of the catalogue room."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Price",
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
                ("price_list", models.CharField(blank=True, default="", max_length=40)),
                ("from_quantity", models.DecimalField(decimal_places=6, default=0, max_digits=18)),
                ("amount", models.DecimalField(decimal_places=6, max_digits=18)),
                ("tax_inclusive", models.BooleanField(default=False)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("goods", "Goods"),
                            ("service", "Service"),
                            ("bundle", "Bundle"),
                            ("metered", "Metered"),
                        ],
                        default="service",
                        max_length=8,
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True, default="")),
                ("unit", models.CharField(default="C62", max_length=3)),
                ("standard_id", models.CharField(blank=True, default="", max_length=40)),
                ("standard_scheme", models.CharField(blank=True, default="", max_length=12)),
                ("is_sold", models.BooleanField(default=True)),
                ("is_bought", models.BooleanField(default=False)),
                ("custom_fields", models.JSONField(blank=True, default=dict)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
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
        OrganizationTable("Price"),
        OrganizationTable("Item"),
    ]
