"""The index and its words."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0002_user_formats"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
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
                ("title", models.CharField(max_length=240)),
                ("subtitle", models.CharField(blank=True, default="", max_length=240)),
                ("text", models.TextField(blank=True, default="")),
                ("key", models.CharField(blank=True, db_collation="C", default="", max_length=80)),
                ("tail", models.CharField(blank=True, db_collation="C", default="", max_length=20)),
                ("amount", models.BigIntegerField(blank=True, null=True)),
                ("payable", models.BigIntegerField(blank=True, null=True)),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                ("dated_on", models.DateField(blank=True, null=True)),
                ("partner_id", models.UUIDField(blank=True, null=True)),
                ("owner_id", models.UUIDField(blank=True, null=True)),
                ("is_archived", models.BooleanField(default=False)),
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
            name="Word",
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
                ("word", models.CharField(db_collation="C", max_length=40)),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="search.entry",
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
        OrganizationTable("Entry"),
        OrganizationTable("Word"),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                models.F("organization"),
                models.F("key"),
                models.F("id"),
                condition=models.Q(("key", ""), _negated=True),
                name="search_by_key",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                models.F("organization"),
                models.F("tail"),
                models.F("id"),
                condition=models.Q(("tail", ""), _negated=True),
                name="search_by_tail",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                models.F("organization"),
                models.F("amount"),
                models.F("id"),
                condition=models.Q(("amount__isnull", False)),
                name="search_by_amount",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                models.F("organization"),
                models.F("payable"),
                models.F("id"),
                condition=models.Q(("payable__isnull", False)),
                name="search_by_payable",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                models.F("organization"),
                models.OrderBy(models.F("dated_on"), descending=True),
                models.F("id"),
                condition=models.Q(("dated_on__isnull", False)),
                name="search_by_day",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                models.F("organization"),
                models.F("partner_id"),
                models.F("id"),
                condition=models.Q(("partner_id__isnull", False)),
                name="search_by_partner",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                models.F("organization"),
                models.F("owner_id"),
                models.F("id"),
                condition=models.Q(("owner_id__isnull", False)),
                name="search_by_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="word",
            index=models.Index(
                models.F("organization"), models.F("word"), models.F("entry"), name="search_by_word"
            ),
        ),
        migrations.AddIndex(
            model_name="word",
            index=models.Index(models.F("organization"), models.F("entry"), name="search_words_of"),
        ),
    ]
