"""Ladders give up small differences."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dunning", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="ladder",
            name="forgive_amount",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="ladder",
            constraint=models.CheckConstraint(
                condition=models.Q(("forgive_amount__gte", 0)), name="forgives_not_below_zero"
            ),
        ),
    ]
