"""When a program's person last proved who they are."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0007_sealed_uploads"),
    ]

    operations = [
        migrations.AddField(
            model_name="loginsession",
            name="proved_at",
            field=models.DateTimeField(db_default=Now(), editable=False),
        ),
    ]
