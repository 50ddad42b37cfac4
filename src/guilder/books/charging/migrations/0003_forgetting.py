"""Methods that are ended are ended at the payment service too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("charging", "0002_client_methods")]

    operations = [
        migrations.AddField(
            model_name="savedmethod",
            name="forgotten_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="savedmethod",
            name="forget_failure",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="savedmethod",
            name="forget_checks",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="savedmethod",
            name="next_forget_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="savedmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(forgotten_at__isnull=True) | models.Q(is_active=False),
                name="saved_method_forgotten_is_ended",
            ),
        ),
    ]
