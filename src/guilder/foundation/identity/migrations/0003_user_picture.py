import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import guilder.foundation.tenancy.ids


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0002_user_formats"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="picture_mark",
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.CreateModel(
            name="UserPicture",
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
                ("png", models.BinaryField()),
                (
                    "changed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
