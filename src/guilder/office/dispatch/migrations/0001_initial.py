"""Tables of the dispatch room."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
        ("invoicing", "0002_guards"),
        ("parties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mail",
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
                ("kind", models.CharField(max_length=20)),
                ("to", models.TextField()),
                ("copy_to", models.CharField(blank=True, default="", max_length=254)),
                ("accepted", models.TextField(blank=True, default="")),
                ("language", models.CharField(max_length=16)),
                ("subject", models.CharField(max_length=500)),
                ("text", models.TextField()),
                ("message_id", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("held", "Held"),
                            ("failed", "Failed"),
                            ("returned", "Returned"),
                        ],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, default="", max_length=500)),
                ("failure", models.CharField(blank=True, default="", max_length=9)),
                ("queued_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
                (
                    "invoice",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
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
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.partner",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="invoicing.quote",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attempt",
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
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("held", "Held"),
                            ("failed", "Failed"),
                            ("returned", "Returned"),
                        ],
                        max_length=8,
                    ),
                ),
                ("problem", models.CharField(blank=True, default="", max_length=500)),
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
                    "mail",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dispatch.mail",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MailSettings",
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
                ("sender_name", models.CharField(blank=True, default="", max_length=200)),
                ("sender_email", models.CharField(blank=True, default="", max_length=254)),
                ("reply_to", models.CharField(blank=True, default="", max_length=254)),
                ("copy_to", models.CharField(blank=True, default="", max_length=254)),
                ("host", models.CharField(blank=True, default="", max_length=255)),
                ("port", models.PositiveIntegerField(default=587)),
                (
                    "security",
                    models.CharField(
                        choices=[("starttls", "Starttls"), ("tls", "Tls"), ("none", "None")],
                        default="starttls",
                        max_length=8,
                    ),
                ),
                ("user", models.CharField(blank=True, default="", max_length=254)),
                ("sealed_password", models.BinaryField(blank=True, null=True)),
                ("imap_host", models.CharField(blank=True, default="", max_length=255)),
                ("imap_port", models.PositiveIntegerField(default=993)),
                (
                    "imap_security",
                    models.CharField(
                        choices=[("starttls", "Starttls"), ("tls", "Tls"), ("none", "None")],
                        default="tls",
                        max_length=8,
                    ),
                ),
                ("imap_user", models.CharField(blank=True, default="", max_length=254)),
                ("imap_folder", models.CharField(default="INBOX", max_length=100)),
                ("sealed_imap_password", models.BinaryField(blank=True, null=True)),
                ("imap_validity", models.BigIntegerField(default=0)),
                ("imap_read", models.BigIntegerField(default=0)),
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
            name="MailTemplate",
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
                ("kind", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=16)),
                ("subject", models.CharField(max_length=300)),
                ("text", models.TextField()),
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
            name="Notice",
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
                ("kind", models.CharField(max_length=40)),
                ("subject_id", models.UUIDField(null=True)),
                ("text", models.CharField(max_length=500)),
                ("created_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
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
            model_name="mail",
            index=models.Index(
                models.F("organization"),
                models.F("invoice"),
                models.F("queued_at"),
                name="mail_of_invoice",
            ),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(
                models.F("organization"),
                models.F("quote"),
                models.F("queued_at"),
                name="mail_of_quote",
            ),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(
                models.F("organization"), models.F("queued_at"), models.F("id"), name="mail_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(
                models.F("organization"),
                models.F("next_attempt_at"),
                condition=models.Q(("state__in", ["queued", "sending"])),
                name="mail_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.UniqueConstraint(
                fields=("organization", "message_id"), name="message_id_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                    ("state", "returned"),
                    models.Q(
                        models.Q(("state__in", ["sent", "returned"]), _negated=True),
                        ("sent_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="sent_mails_have_an_instant",
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                models.F("organization"), models.F("mail"), models.F("at"), name="attempts_of_mail"
            ),
        ),
        migrations.AddConstraint(
            model_name="mailsettings",
            constraint=models.UniqueConstraint(fields=("organization",), name="one_mail_settings"),
        ),
        migrations.AddConstraint(
            model_name="mailtemplate",
            constraint=models.UniqueConstraint(
                fields=("organization", "kind", "language"), name="one_mail_template_for_a_case"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                models.F("organization"),
                models.F("created_at"),
                condition=models.Q(("seen_at__isnull", True)),
                name="notices_unseen",
            ),
        ),
        OrganizationTable("Mail"),
        OrganizationTable("Attempt"),
        OrganizationTable("MailSettings"),
        OrganizationTable("MailTemplate"),
        OrganizationTable("Notice"),
    ]
