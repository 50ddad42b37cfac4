"""The words of a partner, in small letters already, for whoever seeks one of them."""

from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Concat, Lower


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0006_vat_checks"),
    ]

    operations = [
        migrations.AddField(
            model_name="partner",
            name="words",
            field=models.GeneratedField(
                expression=Lower(
                    Concat(
                        "name",
                        Value("\n"),
                        "trading_name",
                        Value("\n"),
                        "code",
                        Value("\n"),
                        "email",
                    )
                ),
                output_field=models.TextField(),
                db_persist=True,
            ),
        ),
    ]
