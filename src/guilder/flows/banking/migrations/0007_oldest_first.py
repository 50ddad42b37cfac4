"""Of many open invoices of one amount the oldest are looked at, whoever asks and whenever."""

from django.db import migrations

ORDERED = """
DROP INDEX invoice_open_by_amount;
CREATE INDEX invoice_open_by_amount ON invoicing_invoice
  (organization_id, currency, open_amount, due_on, id) WHERE open_amount > 0;
"""
UNORDERED = """
DROP INDEX invoice_open_by_amount;
CREATE INDEX invoice_open_by_amount ON invoicing_invoice
  (organization_id, currency, open_amount) WHERE open_amount > 0;
"""


class Migration(migrations.Migration):
    dependencies = [("banking", "0006_returns"), ("invoicing", "0010_odd_ends")]
    operations = [migrations.RunSQL(ORDERED, UNORDERED)]
