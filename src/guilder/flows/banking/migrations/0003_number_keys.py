"""Open invoices are found by the digits of their numbers in one look, behind the wall too."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("banking", "0002_guards"), ("invoicing", "0007_number_key")]
    operations = [
        migrations.RunSQL(
            "DROP INDEX invoice_open_by_digits; CREATE INDEX invoice_open_by_digits ON"
            " invoicing_invoice (organization_id, number_key) WHERE open_amount > 0",
            "DROP INDEX invoice_open_by_digits; CREATE INDEX invoice_open_by_digits ON"
            " invoicing_invoice (organization_id, ltrim(regexp_replace(number, '\\D', '', 'g'),"
            " '0')) WHERE open_amount > 0",
        )
    ]
