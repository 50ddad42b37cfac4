"""Whether senders are told what becomes of their documents."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="answers",
            field=models.BooleanField(default=False),
        ),
    ]
