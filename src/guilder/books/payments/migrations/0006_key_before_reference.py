"""The index over references ends with the id, and so is never smaller than the key.

Without it the index of references was the smallest of a young table, and what PostgreSQL plans for
checking a foreign key, once in a session, read all payments of the organization by it.
"""

from django.db import migrations

DROP = "DROP INDEX payment_reference_begins"
CREATE = "CREATE INDEX payment_reference_begins ON payments_payment "


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_disbursements")]
    operations = [
        migrations.RunSQL(
            [DROP, CREATE + '(organization_id, reference COLLATE "C", id)'],
            [DROP, CREATE + '(organization_id, reference COLLATE "C")'],
        )
    ]
