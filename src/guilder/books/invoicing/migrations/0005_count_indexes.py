"""Indexes that hold all that the tabs of the invoice list count."""

from django.db import migrations

INDEXES = {
    "invoice_listed": "(organization_id, id) WHERE kind <> 'credit_note'",
    "invoice_listed_open": "(organization_id, id) WHERE open_amount > 0 AND kind <> 'credit_note'",
    "invoice_late": "(organization_id, due_on, id)"
    " WHERE open_amount > 0 AND kind <> 'credit_note' AND disputed_at IS NULL",
}


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0004_replaces")]
    operations = [
        migrations.RunSQL(
            [f"CREATE INDEX {name} ON invoicing_invoice {what}" for name, what in INDEXES.items()],
            [f"DROP INDEX {name}" for name in INDEXES],
        )
    ]
