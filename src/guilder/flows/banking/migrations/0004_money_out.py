"""Matches point to payments of bills and to refunds: money that went out."""

import django.db.models.deletion
from django.db import migrations, models

from guilder.foundation.tenancy.operations import ReferenceAdded


class Migration(migrations.Migration):
    dependencies = [
        ("banking", "0003_number_keys"),
        ("bills", "0002_guards"),
        ("payments", "0005_disbursements"),
    ]

    operations = [
        migrations.AddField(
            model_name="match",
            name="disbursement",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.disbursement",
            ),
        ),
        migrations.AddField(
            model_name="match",
            name="refund",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.refund",
            ),
        ),
        migrations.AlterField(
            model_name="match",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invoice", "Invoice"),
                    ("recorded", "Recorded"),
                    ("bill", "Bill"),
                    ("spent", "Spent"),
                    ("refund", "Refund"),
                    ("card", "Card"),
                    ("return", "Return"),
                    ("transfer", "Transfer"),
                    ("account", "Account"),
                    ("fee", "Fee"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.UniqueConstraint(
                condition=models.Q(("disbursement__isnull", False), ("is_active", True)),
                fields=("organization", "disbursement"),
                name="disbursement_matched_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True), ("refund__isnull", False)),
                fields=("organization", "refund"),
                name="refund_matched_once",
            ),
        ),
        ReferenceAdded("Match", "disbursement"),
        ReferenceAdded("Match", "refund"),
    ]
