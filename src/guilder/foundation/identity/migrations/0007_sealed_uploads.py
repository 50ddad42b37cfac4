"""Whether managers reach uploaded documents only by signed links that expire."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0006_invitations")]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="sealed_uploads",
            field=models.BooleanField(default=False),
        ),
    ]
