"""The guards of drafts and issues ask less, and one index of numbers does what two did."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0011_days_of_a_currency")]
    operations = [
        migrations.RunSQL(
            (SQL / "fewer_looks.sql").read_text(), (SQL / "fewer_looks_down.sql").read_text()
        )
    ]
