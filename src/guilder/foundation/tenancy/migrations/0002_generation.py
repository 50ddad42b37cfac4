"""The generation of an organization's data."""

from pathlib import Path

from django.db import migrations, models

from guilder.foundation.tenancy.ids import uuid7

SQL = (Path(__file__).parent / "sql/generation.sql").read_text()
BACK = """
DROP FUNCTION guilder_generation(uuid);
DROP FUNCTION guilder_raise_generation() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Generation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organization_id", models.UUIDField()),
                ("count", models.BigIntegerField(default=1)),
            ],
            options={
                "db_table": "tenancy_generation",
                "indexes": [models.Index(fields=["organization_id"], name="tenancy_generation_of")],
            },
        ),
        migrations.RunSQL(SQL, BACK),
    ]
