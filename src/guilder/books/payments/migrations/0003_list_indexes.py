"""Indexes for the orders and filters of the payment list, and for when a client paid last."""

from django.db import migrations

INDEXES = {
    "payment_by_amount": "(organization_id, amount, id)",
    "payment_by_currency": "(organization_id, currency, id)",
    "payment_by_method": "(organization_id, method, id)",
    "payment_reference_begins": '(organization_id, reference COLLATE "C")',
    "payment_left": "(organization_id, id) WHERE unallocated_amount > 0",
    "payment_reversed": "(organization_id, id) WHERE reversed_on IS NOT NULL",
    "payment_last": "(organization_id, partner_id, received_on) WHERE reversed_on IS NULL",
}


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_guards")]
    operations = [
        migrations.RunSQL(
            [f"CREATE INDEX {name} ON payments_payment {what}" for name, what in INDEXES.items()],
            [f"DROP INDEX {name}" for name in INDEXES],
        )
    ]
