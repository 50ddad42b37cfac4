"""The guards of the ledger look at all that one statement books at once."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]
    operations = [
        migrations.RunSQL((SQL / "at_once.sql").read_text(), (SQL / "at_once_down.sql").read_text())
    ]
