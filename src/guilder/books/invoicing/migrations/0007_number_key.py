"""Each number keeps its digits beside it, so that what payers write finds it by an index."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0006_approvals")]
    operations = [
        migrations.AddField(
            "invoice",
            "number_key",
            models.CharField(max_length=80, null=True, blank=True, editable=False),
        ),
        migrations.RunSQL(
            (SQL / "number_key.sql").read_text(), (SQL / "number_key_down.sql").read_text()
        ),
    ]
