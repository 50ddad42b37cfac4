"""An invoice that was written anew after a credit knows which one it replaces."""

import django.db.models.deletion
from django.db import migrations, models

from guilder.foundation.tenancy.operations import ReferenceAdded


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0003_list_indexes")]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="replaces",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="invoicing.invoice",
            ),
        ),
        ReferenceAdded("Invoice", "replaces"),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                models.F("organization"),
                models.F("replaces"),
                condition=models.Q(("replaces__isnull", False)),
                name="invoice_replacements",
            ),
        ),
    ]
