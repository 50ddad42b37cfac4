"""The guards of entries and postings ask in plainer words."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_at_once")]
    operations = [
        migrations.RunSQL(
            (SQL / "fewer_looks.sql").read_text(), (SQL / "fewer_looks_down.sql").read_text()
        )
    ]
