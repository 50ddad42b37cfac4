"""The function that row level security asks for the current organization."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION guilder_organization() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN NULLIF(current_setting('guilder.organization', true), '')::uuid
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION guilder_organization()")]
