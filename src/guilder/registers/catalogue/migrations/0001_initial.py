"""Tables of the catalogue room."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
        ("tax", "0001_initial"),
    ]

    operations = [
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
                (
                    "tax_code",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tax.taxcode",
                    ),
                ),
            ],
        ),
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
                (
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prices",
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
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                models.F("organization"),
                models.OrderBy(django.db.models.functions.text.Lower("name")),
                models.F("id"),
                name="item_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["organization", "-created_at", "-id"], name="item_newest"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                models.F("organization"), models.F("tax_code"), name="item_by_tax_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                fields=("organization", "code"), name="item_code_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="item_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.UniqueConstraint(
                fields=(
                    "organization",
                    "item",
                    "currency",
                    "price_list",
                    "from_quantity",
                    "valid_from",
                ),
                name="one_price_at_a_time",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0)), name="price_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_from__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="price_ends_after_it_begins",
            ),
        ),
        OrganizationTable("Item"),
        OrganizationTable("Price"),
    ]
