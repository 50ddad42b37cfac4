"""Lines stay as the bank told them; open invoices are found by number, amount and client."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("banking", "0001_initial"),
        ("invoicing", "0005_count_indexes"),
        ("numbering", "0002_guards"),
    ]
    operations = [
        migrations.RunSQL((SQL / "guards.sql").read_text(), (SQL / "guards_down.sql").read_text())
    ]
