"""Entries and seals may only be added to, and no entry escapes the sealer."""

from pathlib import Path

from django.db import migrations

UNDO = """
DROP FUNCTION audit_await_seal() CASCADE;
DROP FUNCTION guilder_append_only() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(Path(__file__).with_name("sql").joinpath("guards.sql").read_text(), UNDO)
    ]
