"""Tables of the channels room."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("dispatch", "0003_mail_reply_to"),
        ("files", "0001_initial"),
        ("identity", "0003_user_picture"),
        ("invoicing", "0006_approvals"),
        ("parties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
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
                ("name", models.CharField(max_length=100)),
                ("transport", models.CharField(max_length=30)),
                ("settings", models.JSONField(default=dict)),
                ("sealed_secrets", models.BinaryField(null=True)),
                ("key", models.CharField(max_length=43)),
                ("is_active", models.BooleanField(default=True)),
                ("receives", models.BooleanField(default=True)),
                ("problem", models.CharField(blank=True, default="", max_length=500)),
                ("problem_at", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
                ("created_by_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField()),
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
            name="Agreement",
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
                ("address", models.CharField(blank=True, default="", max_length=300)),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="parties.partner",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="channels.channel",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Transmission",
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
                    "direction",
                    models.CharField(choices=[("out", "Out"), ("in", "In")], max_length=3),
                ),
                (
                    "content",
                    models.CharField(
                        choices=[("document", "Document"), ("response", "Response")],
                        default="document",
                        max_length=8,
                    ),
                ),
                ("transport", models.CharField(max_length=30)),
                ("document_number", models.CharField(blank=True, default="", max_length=100)),
                ("number", models.CharField(max_length=100)),
                ("address", models.CharField(blank=True, default="", max_length=300)),
                ("format", models.CharField(blank=True, default="", max_length=40)),
                ("filename", models.CharField(blank=True, default="", max_length=255)),
                ("media_type", models.CharField(blank=True, default="", max_length=127)),
                ("sha256", models.CharField(blank=True, default="", max_length=64)),
                ("size", models.BigIntegerField(default=0)),
                ("their_reference", models.CharField(blank=True, default="", max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("delivered", "Delivered"),
                            ("accepted", "Accepted"),
                            ("rejected", "Rejected"),
                            ("failed", "Failed"),
                            ("stopped", "Stopped"),
                            ("received", "Received"),
                            ("taken", "Taken"),
                            ("refused", "Refused"),
                        ],
                        max_length=9,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("steps", models.PositiveIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, default="", max_length=500)),
                ("created_by_id", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("changed_at", models.DateTimeField()),
                (
                    "answers",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="channels.transmission",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="channels.channel",
                    ),
                ),
                (
                    "evidence",
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
                    "mail",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dispatch.mail",
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
            ],
        ),
        migrations.CreateModel(
            name="Status",
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
                ("step", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("delivered", "Delivered"),
                            ("accepted", "Accepted"),
                            ("rejected", "Rejected"),
                            ("failed", "Failed"),
                            ("stopped", "Stopped"),
                            ("received", "Received"),
                            ("taken", "Taken"),
                            ("refused", "Refused"),
                        ],
                        max_length=9,
                    ),
                ),
                ("code", models.CharField(blank=True, default="", max_length=40)),
                ("detail", models.CharField(blank=True, default="", max_length=500)),
                ("actor_name", models.CharField(blank=True, default="", max_length=200)),
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
                    "transmission",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="channels.transmission",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.UniqueConstraint(
                fields=("organization", "name"), name="channels_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.UniqueConstraint(
                fields=("organization", "key"), name="channels_key_once"
            ),
        ),
        migrations.AddIndex(
            model_name="agreement",
            index=models.Index(
                models.F("organization"), models.F("channel"), name="channels_agreed"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(
                fields=("organization", "partner"), name="channels_one_for_a_client"
            ),
        ),
        migrations.AddIndex(
            model_name="transmission",
            index=models.Index(
                models.F("organization"),
                models.F("created_at"),
                models.F("id"),
                name="channels_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="transmission",
            index=models.Index(
                models.F("organization"),
                models.F("invoice"),
                models.F("created_at"),
                name="channels_of_invoice",
            ),
        ),
        migrations.AddIndex(
            model_name="transmission",
            index=models.Index(
                models.F("organization"),
                models.F("partner"),
                models.F("created_at"),
                name="channels_of_partner",
            ),
        ),
        migrations.AddIndex(
            model_name="transmission",
            index=models.Index(
                models.F("organization"), models.F("answers"), name="channels_answers"
            ),
        ),
        migrations.AddIndex(
            model_name="transmission",
            index=models.Index(models.F("organization"), models.F("mail"), name="channels_of_mail"),
        ),
        migrations.AddIndex(
            model_name="transmission",
            index=models.Index(
                models.F("organization"), models.F("document_number"), name="channels_of_number"
            ),
        ),
        migrations.AddIndex(
            model_name="transmission",
            index=models.Index(
                models.F("organization"),
                models.F("next_attempt_at"),
                condition=models.Q(("state__in", ["queued", "sending"])),
                name="channels_due",
            ),
        ),
        migrations.AddIndex(
            model_name="transmission",
            index=models.Index(
                models.F("organization"),
                models.F("id"),
                condition=models.Q(("state", "received")),
                name="channels_unread",
            ),
        ),
        migrations.AddConstraint(
            model_name="transmission",
            constraint=models.UniqueConstraint(
                fields=("organization", "channel", "direction", "number"),
                name="channels_arrives_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="transmission",
            constraint=models.UniqueConstraint(
                condition=models.Q(("content", "document"), ("state__in", ["queued", "sending"])),
                fields=("organization", "invoice", "channel"),
                name="channels_one_under_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="transmission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("next_attempt_at__isnull", False), ("state__in", ["queued", "sending"])
                    ),
                    models.Q(
                        models.Q(("state__in", ["queued", "sending"]), _negated=True),
                        ("next_attempt_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="channels_under_way_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="transmission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file__isnull", True), ("sha256", "")),
                    models.Q(("file__isnull", False), ("sha256__regex", "^[0-9a-f]{64}$")),
                    _connector="OR",
                ),
                name="channels_bytes_have_hash",
            ),
        ),
        migrations.AddConstraint(
            model_name="transmission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["sent", "delivered", "accepted", "rejected"]), _negated=True
                    ),
                    ("direction", "in"),
                    ("sent_at__isnull", False),
                    _connector="OR",
                ),
                name="channels_sent_has_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="status",
            constraint=models.UniqueConstraint(
                fields=("organization", "transmission", "step"), name="channels_step_once"
            ),
        ),
        OrganizationTable("Channel"),
        OrganizationTable("Agreement"),
        OrganizationTable("Transmission"),
        OrganizationTable("Status"),
    ]
