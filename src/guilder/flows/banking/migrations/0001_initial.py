"""Bank accounts, statements, lines, matches, rules, payers and table profiles."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_initial"),
        ("identity", "0005_signing_in"),
        ("ledger", "0002_guards"),
        ("parties", "0003_reach"),
        ("payments", "0004_refunds"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankAccount",
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
                ("iban", models.CharField(blank=True, default="", max_length=34)),
                ("number", models.CharField(blank=True, default="", max_length=80)),
                ("currency", models.CharField(max_length=3)),
                ("automatic_from", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("bank_amount", models.BigIntegerField(blank=True, null=True)),
                ("bank_on", models.DateField(blank=True, null=True)),
                ("imported_at", models.DateTimeField(blank=True, null=True)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "difference_account",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
                    ),
                ),
                (
                    "ledger_account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
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
            name="Payer",
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
                ("key", models.CharField(max_length=120)),
                ("hits", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
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
            name="Rule",
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
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "direction",
                    models.CharField(
                        choices=[("in", "In"), ("out", "Out"), ("any", "Any")],
                        default="any",
                        max_length=3,
                    ),
                ),
                ("conditions", models.JSONField(default=list)),
                ("is_automatic", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("used_count", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
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
            name="Statement",
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
                ("filename", models.CharField(blank=True, default="", max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("place", models.PositiveIntegerField(default=0)),
                ("format", models.CharField(max_length=20)),
                ("number", models.CharField(blank=True, default="", max_length=80)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("opening_amount", models.BigIntegerField(blank=True, null=True)),
                ("closing_amount", models.BigIntegerField(blank=True, null=True)),
                ("moved_amount", models.BigIntegerField(default=0)),
                ("is_interim", models.BooleanField(default=False)),
                ("entry_count", models.PositiveIntegerField(default=0)),
                ("new_count", models.PositiveIntegerField(default=0)),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="banking.bankaccount",
                    ),
                ),
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
            name="StatementLine",
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
                ("position", models.PositiveIntegerField()),
                ("booked_on", models.DateField()),
                ("valued_on", models.DateField(blank=True, null=True)),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("name", models.CharField(blank=True, default="", max_length=200)),
                ("counter_account", models.CharField(blank=True, default="", max_length=80)),
                ("text", models.TextField(blank=True, default="")),
                ("reference", models.CharField(blank=True, default="", max_length=200)),
                ("end_to_end", models.CharField(blank=True, default="", max_length=200)),
                ("bank_reference", models.CharField(blank=True, default="", max_length=80)),
                ("code", models.CharField(blank=True, default="", max_length=40)),
                ("original_amount", models.BigIntegerField(blank=True, null=True)),
                ("original_currency", models.CharField(blank=True, default="", max_length=3)),
                ("charges_amount", models.BigIntegerField(blank=True, null=True)),
                ("is_reversal", models.BooleanField(default=False)),
                ("details", models.PositiveIntegerField(default=1)),
                ("fingerprint", models.CharField(max_length=64)),
                ("occurrence", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("matched", "Matched"),
                            ("excluded", "Excluded"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("changed_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="banking.bankaccount",
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
                    "statement",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="banking.statement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Match",
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
                            ("invoice", "Invoice"),
                            ("recorded", "Recorded"),
                            ("card", "Card"),
                            ("return", "Return"),
                            ("transfer", "Transfer"),
                            ("account", "Account"),
                            ("fee", "Fee"),
                        ],
                        max_length=8,
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("label", models.CharField(blank=True, default="", max_length=200)),
                ("score", models.PositiveSmallIntegerField(default=0)),
                ("reasons", models.JSONField(blank=True, default=list)),
                ("is_automatic", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.entry",
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
                    "rule",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="banking.rule",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matches",
                        to="banking.statementline",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TableProfile",
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
                ("signature", models.CharField(max_length=1000)),
                ("data", models.JSONField(default=dict)),
                ("changed_at", models.DateTimeField()),
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
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("iban", ""), _negated=True),
                fields=("organization", "iban"),
                name="bank_iban_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("automatic_from__isnull", True),
                    models.Q(("automatic_from__gte", 80), ("automatic_from__lte", 100)),
                    _connector="OR",
                ),
                name="automatic_only_when_sure",
            ),
        ),
        migrations.AddConstraint(
            model_name="payer",
            constraint=models.UniqueConstraint(
                fields=("organization", "key"), name="payer_known_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.UniqueConstraint(
                fields=("organization", "name"), name="bank_rule_name_once"
            ),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                models.F("organization"),
                models.F("account"),
                models.F("ends_on"),
                models.F("id"),
                name="statement_by_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(
                fields=("organization", "account", "sha256", "place"), name="statement_read_once"
            ),
        ),
        migrations.AddIndex(
            model_name="statementline",
            index=models.Index(
                models.F("organization"),
                models.F("account"),
                models.F("booked_on"),
                models.F("id"),
                name="line_by_day",
            ),
        ),
        migrations.AddIndex(
            model_name="statementline",
            index=models.Index(
                models.F("organization"),
                models.F("account"),
                models.F("booked_on"),
                models.F("id"),
                condition=models.Q(("state", "open")),
                name="line_open",
            ),
        ),
        migrations.AddIndex(
            model_name="statementline",
            index=models.Index(
                models.F("organization"),
                models.F("statement"),
                models.F("position"),
                name="line_of_statement",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementline",
            constraint=models.UniqueConstraint(
                fields=("organization", "account", "fingerprint", "occurrence"),
                name="entry_booked_once",
            ),
        ),
        migrations.AddIndex(
            model_name="match",
            index=models.Index(models.F("organization"), models.F("line"), name="match_of_line"),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("is_active", True),
                    ("payment__isnull", False),
                    models.Q(("kind", "return"), _negated=True),
                ),
                fields=("organization", "payment"),
                name="money_matched_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("is_active", True), ("kind", "return"), ("payment__isnull", False)
                ),
                fields=("organization", "payment", "kind"),
                name="money_returned_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_active", True), ("undone_at__isnull", True)),
                    models.Q(("is_active", False), ("undone_at__isnull", False)),
                    _connector="OR",
                ),
                name="match_active_or_undone",
            ),
        ),
        migrations.AddConstraint(
            model_name="tableprofile",
            constraint=models.UniqueConstraint(
                fields=("organization", "signature"), name="one_table_profile"
            ),
        ),
        OrganizationTable("BankAccount"),
        OrganizationTable("Rule"),
        OrganizationTable("Payer"),
        OrganizationTable("TableProfile"),
        OrganizationTable("Statement"),
        OrganizationTable("StatementLine"),
        OrganizationTable("Match"),
    ]
