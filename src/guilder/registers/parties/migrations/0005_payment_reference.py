"""How payment references are made of numbers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_portal"),
    ]

    operations = [
        migrations.AddField(
            model_name="sellerprofile",
            name="reference_scheme",
            field=models.CharField(blank=True, default="", max_length=3),
        ),
    ]
