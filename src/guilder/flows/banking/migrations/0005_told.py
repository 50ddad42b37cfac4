"""That a line stays as the bank told it is judged on its row, no longer on its JSON."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("banking", "0004_money_out")]
    operations = [
        migrations.RunSQL((SQL / "told.sql").read_text(), (SQL / "told_down.sql").read_text())
    ]
