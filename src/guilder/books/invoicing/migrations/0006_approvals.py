"""Nothing is issued without the approval that its organization asks for."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0005_count_indexes"), ("workflow", "0001_initial")]
    operations = [
        migrations.RunSQL(
            (SQL / "approvals.sql").read_text(), (SQL / "approvals_down.sql").read_text()
        )
    ]
