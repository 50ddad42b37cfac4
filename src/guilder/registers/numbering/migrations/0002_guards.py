"""Counters only go forward."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("numbering", "0001_initial"), ("identity", "0001_initial")]
    operations = [
        migrations.RunSQL((SQL / "guards.sql").read_text(), (SQL / "guards_down.sql").read_text())
    ]
