"""Orders that transfer refunds, beside those of bills."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from guilder.foundation.tenancy.operations import ReferenceAdded

SQL = Path(__file__).parent / "sql"
NOT_OF = {"bill": "bill__isnull", "invoice": "invoice__isnull", "refund": "refund__isnull"}


def of(kind: str) -> models.Q:
    """An order of exactly that kind of paper; a mandate stands with an invoice alone."""
    held = {column: name != kind for name, column in NOT_OF.items()}
    return models.Q(mandate__isnull=kind != "invoice", **held)


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0006_key_before_reference"),
        ("sepa", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="item",
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
        migrations.RemoveConstraint(model_name="item", name="sepa_item_of_one_kind"),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=of("invoice") | of("bill") | of("refund"), name="sepa_item_of_one_kind"
            ),
        ),
        migrations.RemoveConstraint(model_name="item", name="sepa_item_booked_with_its_money"),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=~models.Q(state__in=("booked", "returned"))
                | models.Q(payment__isnull=False)
                | models.Q(disbursement__isnull=False)
                | models.Q(refund__isnull=False),
                name="sepa_item_booked_with_its_money",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                condition=models.Q(("refund__isnull", False)) & ~models.Q(("state", "dropped")),
                fields=("organization", "refund"),
                name="sepa_refund_transferred_once",
            ),
        ),
        ReferenceAdded("Item", "refund"),
        migrations.RunSQL(
            (SQL / "refunds.sql").read_text(), (SQL / "refunds_down.sql").read_text()
        ),
    ]
