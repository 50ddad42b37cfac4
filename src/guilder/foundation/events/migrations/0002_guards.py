"""Events may only be added, and each waits until it is told."""

from pathlib import Path

from django.db import migrations

UNDO = """
DROP TRIGGER append_only ON events_event;
DROP TRIGGER append_only_whole ON events_event;
DROP FUNCTION events_await_telling() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial"), ("audit", "0002_guards")]
    operations = [
        migrations.RunSQL(Path(__file__).with_name("sql").joinpath("guards.sql").read_text(), UNDO)
    ]
