"""Tables of the parties room."""

import django.db.models.deletion
import django.db.models.functions.text
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
            name="Partner",
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
                        choices=[("company", "Company"), ("individual", "Individual")],
                        max_length=10,
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("trading_name", models.CharField(blank=True, default="", max_length=200)),
                ("legal_registration", models.CharField(blank=True, default="", max_length=80)),
                ("email", models.CharField(blank=True, default="", max_length=254)),
                ("phone", models.CharField(blank=True, default="", max_length=40)),
                ("website", models.CharField(blank=True, default="", max_length=200)),
                ("language", models.CharField(blank=True, default="", max_length=16)),
                ("notes", models.TextField(blank=True, default="")),
                ("custom_fields", models.JSONField(blank=True, default=dict)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
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
            name="PartnerAddress",
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
                    "use",
                    models.CharField(
                        choices=[
                            ("billing", "Billing"),
                            ("delivery", "Delivery"),
                            ("legal", "Legal"),
                        ],
                        default="billing",
                        max_length=10,
                    ),
                ),
                ("line1", models.CharField(blank=True, default="", max_length=200)),
                ("line2", models.CharField(blank=True, default="", max_length=200)),
                ("line3", models.CharField(blank=True, default="", max_length=200)),
                ("postal_code", models.CharField(blank=True, default="", max_length=20)),
                ("city", models.CharField(blank=True, default="", max_length=120)),
                ("region", models.CharField(blank=True, default="", max_length=120)),
                ("country", models.CharField(max_length=2)),
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
                        related_name="addresses",
                        to="parties.partner",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PartnerBankAccount",
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
                ("iban", models.CharField(blank=True, default="", max_length=34)),
                ("bic", models.CharField(blank=True, default="", max_length=11)),
                ("account", models.CharField(blank=True, default="", max_length=60)),
                ("holder", models.CharField(blank=True, default="", max_length=200)),
                ("is_default", models.BooleanField(default=False)),
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
                        related_name="bank_accounts",
                        to="parties.partner",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PartnerContact",
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
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("name", models.CharField(blank=True, default="", max_length=200)),
                ("email", models.CharField(blank=True, default="", max_length=254)),
                ("phone", models.CharField(blank=True, default="", max_length=40)),
                ("role", models.CharField(blank=True, default="", max_length=80)),
                ("is_primary", models.BooleanField(default=False)),
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
                        related_name="contacts",
                        to="parties.partner",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Partnership",
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
                    "side",
                    models.CharField(
                        choices=[("customer", "Customer"), ("supplier", "Supplier")], max_length=8
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("language", models.CharField(blank=True, default="", max_length=16)),
                ("terms", models.JSONField(blank=True, default=dict)),
                (
                    "tax_treatment",
                    models.CharField(
                        choices=[
                            ("automatic", "Automatic"),
                            ("domestic", "Domestic"),
                            ("exempt", "Exempt"),
                            ("reverse_charge", "Reverse Charge"),
                        ],
                        default="automatic",
                        max_length=14,
                    ),
                ),
                ("price_list", models.CharField(blank=True, default="", max_length=40)),
                ("delivery_channel", models.CharField(default="mail", max_length=12)),
                ("delivery_format", models.CharField(default="pdf", max_length=20)),
                ("buyer_reference", models.CharField(blank=True, default="", max_length=100)),
                ("is_active", models.BooleanField(default=True)),
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
                        related_name="partnerships",
                        to="parties.partner",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PartnerTaxId",
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
                    "scheme",
                    models.CharField(
                        choices=[
                            ("vat", "Vat"),
                            ("tax", "Tax"),
                            ("registration", "Registration"),
                            ("gln", "Gln"),
                            ("endpoint", "Endpoint"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("value", models.CharField(max_length=80)),
                ("code", models.CharField(blank=True, default="", max_length=12)),
                ("country", models.CharField(blank=True, default="", max_length=2)),
                ("is_valid", models.BooleanField(blank=True, null=True)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
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
                        related_name="tax_ids",
                        to="parties.partner",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SellerProfile",
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
                ("legal_name", models.CharField(max_length=200)),
                ("trading_name", models.CharField(blank=True, default="", max_length=200)),
                ("vat_id", models.CharField(blank=True, default="", max_length=30)),
                ("tax_number", models.CharField(blank=True, default="", max_length=40)),
                ("legal_registration", models.CharField(blank=True, default="", max_length=80)),
                ("registration_scheme", models.CharField(blank=True, default="", max_length=12)),
                ("legal_information", models.CharField(blank=True, default="", max_length=400)),
                ("endpoint", models.CharField(blank=True, default="", max_length=80)),
                ("endpoint_scheme", models.CharField(blank=True, default="", max_length=12)),
                ("line1", models.CharField(blank=True, default="", max_length=200)),
                ("line2", models.CharField(blank=True, default="", max_length=200)),
                ("line3", models.CharField(blank=True, default="", max_length=200)),
                ("postal_code", models.CharField(blank=True, default="", max_length=20)),
                ("city", models.CharField(blank=True, default="", max_length=120)),
                ("region", models.CharField(blank=True, default="", max_length=120)),
                ("country", models.CharField(max_length=2)),
                ("contact_name", models.CharField(blank=True, default="", max_length=200)),
                ("email", models.CharField(blank=True, default="", max_length=254)),
                ("phone", models.CharField(blank=True, default="", max_length=40)),
                ("website", models.CharField(blank=True, default="", max_length=200)),
                ("iban", models.CharField(blank=True, default="", max_length=34)),
                ("bic", models.CharField(blank=True, default="", max_length=11)),
                ("account_holder", models.CharField(blank=True, default="", max_length=200)),
                ("creditor_id", models.CharField(blank=True, default="", max_length=35)),
                ("terms", models.JSONField(blank=True, default=dict)),
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
        migrations.AddIndex(
            model_name="partner",
            index=models.Index(
                models.F("organization"),
                models.OrderBy(django.db.models.functions.text.Lower("name")),
                models.F("id"),
                name="partner_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="partner",
            index=models.Index(
                fields=["organization", "-created_at", "-id"], name="partner_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="partner",
            index=models.Index(
                models.F("organization"),
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("email", ""), _negated=True),
                name="partner_by_email",
            ),
        ),
        migrations.AddConstraint(
            model_name="partner",
            constraint=models.UniqueConstraint(
                fields=("organization", "code"), name="partner_code_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="partner",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="partner_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="partneraddress",
            constraint=models.UniqueConstraint(
                fields=("organization", "partner", "use"), name="one_address_for_each_use"
            ),
        ),
        migrations.AddIndex(
            model_name="partnerbankaccount",
            index=models.Index(
                models.F("organization"), models.F("partner"), name="bank_account_of_partner"
            ),
        ),
        migrations.AddIndex(
            model_name="partnerbankaccount",
            index=models.Index(
                models.F("organization"),
                models.F("iban"),
                condition=models.Q(("iban", ""), _negated=True),
                name="partner_by_iban",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerbankaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("iban", ""), ("account", ""), _negated=True),
                name="bank_account_has_a_number",
            ),
        ),
        migrations.AddIndex(
            model_name="partnercontact",
            index=models.Index(
                models.F("organization"),
                models.F("partner"),
                models.F("position"),
                name="contact_of_partner",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnercontact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_primary", True)),
                fields=("organization", "partner"),
                name="one_primary_contact",
            ),
        ),
        migrations.AddIndex(
            model_name="partnership",
            index=models.Index(
                models.F("organization"),
                models.F("side"),
                models.F("partner"),
                name="partnership_by_side",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnership",
            constraint=models.UniqueConstraint(
                fields=("organization", "partner", "side"), name="one_partnership_for_each_side"
            ),
        ),
        migrations.AddIndex(
            model_name="partnertaxid",
            index=models.Index(
                models.F("organization"),
                models.F("scheme"),
                models.F("value"),
                name="partner_by_tax_id",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnertaxid",
            constraint=models.UniqueConstraint(
                fields=("organization", "partner", "scheme", "value"),
                name="tax_id_once_for_a_partner",
            ),
        ),
        migrations.AddConstraint(
            model_name="sellerprofile",
            constraint=models.UniqueConstraint(fields=("organization",), name="one_seller_profile"),
        ),
        OrganizationTable("Partner"),
        OrganizationTable("PartnerAddress"),
        OrganizationTable("PartnerBankAccount"),
        OrganizationTable("PartnerContact"),
        OrganizationTable("Partnership"),
        OrganizationTable("PartnerTaxId"),
        OrganizationTable("SellerProfile"),
    ]
