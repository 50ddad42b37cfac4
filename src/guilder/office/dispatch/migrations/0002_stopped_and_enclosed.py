"""Mails can be stopped, copied to several people, and carry files of their own."""

import django.db.models.deletion
from django.db import migrations, models

import guilder.foundation.tenancy.ids
from guilder.foundation.tenancy.operations import OrganizationTable


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0001_initial"),
        ("files", "0001_initial"),
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="has_paper",
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="state",
            field=models.CharField(
                choices=[
                    ("queued", "Queued"),
                    ("sending", "Sending"),
                    ("sent", "Sent"),
                    ("held", "Held"),
                    ("failed", "Failed"),
                    ("returned", "Returned"),
                    ("stopped", "Stopped"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="mail",
            name="copy_to",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AlterField(
            model_name="mail",
            name="state",
            field=models.CharField(
                choices=[
                    ("queued", "Queued"),
                    ("sending", "Sending"),
                    ("sent", "Sent"),
                    ("held", "Held"),
                    ("failed", "Failed"),
                    ("returned", "Returned"),
                    ("stopped", "Stopped"),
                ],
                default="queued",
                max_length=8,
            ),
        ),
        migrations.CreateModel(
            name="MailFile",
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
                (
                    "file",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "mail",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
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
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("organization"),
                        models.F("mail"),
                        models.F("position"),
                        name="files_of_mail",
                    )
                ],
            },
        ),
        OrganizationTable("MailFile"),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(
                models.F("organization"),
                models.F("partner"),
                models.F("queued_at"),
                name="mail_of_partner",
            ),
        ),
    ]
