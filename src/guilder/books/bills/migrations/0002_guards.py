"""Booked bills stay as they are."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("bills", "0001_initial"), ("numbering", "0002_guards")]
    operations = [
        migrations.RunSQL((SQL / "guards.sql").read_text(), (SQL / "guards_down.sql").read_text())
    ]
