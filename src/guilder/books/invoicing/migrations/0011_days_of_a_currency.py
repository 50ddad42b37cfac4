"""The days of a currency's invoices are judged in the index: those of other years cost no row."""

from django.db import migrations

NARROW = "(organization_id, currency, id)"
WIDE = "(organization_id, currency, id, issued_on)"
MADE = """
DROP INDEX invoice_by_currency;
CREATE INDEX invoice_by_currency ON invoicing_invoice {columns};
"""


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0010_odd_ends")]
    operations = [
        migrations.RunSQL(MADE.format(columns=WIDE), MADE.format(columns=NARROW)),
    ]
