"""That an issued invoice stays as it was is judged on its row, no longer on its JSON."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0008_discounts")]
    operations = [
        migrations.RunSQL(
            (SQL / "finished.sql").read_text(), (SQL / "finished_down.sql").read_text()
        )
    ]
