"""A mail may have an address of its own for replies."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0002_stopped_and_enclosed")]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="reply_to",
            field=models.CharField(blank=True, default="", max_length=254),
        ),
    ]
