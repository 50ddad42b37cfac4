"""What the workers have said of themselves."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="JobProblem",
            fields=[
                ("job_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("task", models.CharField(max_length=128)),
                ("organization_id", models.UUIDField(null=True)),
                ("problem", models.CharField(max_length=500)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="LoopRun",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                (
                    "ran_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("problem", models.CharField(db_default="", max_length=500)),
            ],
        ),
    ]
