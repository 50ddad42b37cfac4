"""Indexes for the orders, filters and words of lists, so that a page costs the same at any size."""

from django.db import migrations

INDEXES = {
    # orders
    "invoice_by_due": "(organization_id, due_on, id)",
    "invoice_by_number": "(organization_id, number, id)",
    "invoice_by_gross": "(organization_id, gross_amount, id)",
    "invoice_by_open": "(organization_id, open_amount, id)",
    # filters
    "invoice_by_currency": "(organization_id, currency, id)",
    "invoice_by_sequence": "(organization_id, sequence) WHERE sequence IS NOT NULL",
    "invoice_number_begins": '(organization_id, number COLLATE "C") WHERE number IS NOT NULL',
    "invoice_other_kinds": "(organization_id, kind, id) WHERE kind <> 'invoice'",
    "invoice_history": "(organization_id, id) WHERE is_history",
    # words
    "invoice_closed": "(organization_id, id) WHERE open_amount = 0 AND status = 'issued'",
    "invoice_still_open": "(organization_id, id) WHERE open_amount > 0",
    "invoice_part_paid": "(organization_id, id) WHERE open_amount > 0 AND allocated_amount > 0",
    "invoice_disputed": "(organization_id, id) WHERE disputed_at IS NOT NULL",
    "invoice_credited": "(organization_id, id) WHERE credited_amount > 0",
    "invoice_written_off": "(organization_id, id) WHERE written_off_amount > 0",
    # what a client owes, and how long it took to pay
    "invoice_owed": "(organization_id, partner_id, currency, due_on) INCLUDE (open_amount, kind)"
    " WHERE open_amount > 0",
    "invoice_settled": "(organization_id, partner_id, settled_on) INCLUDE (issued_on)"
    " WHERE settled_on IS NOT NULL",
}


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0002_guards")]
    operations = [
        migrations.RunSQL(
            [f"CREATE INDEX {name} ON invoicing_invoice {what}" for name, what in INDEXES.items()],
            [f"DROP INDEX {name}" for name in INDEXES],
        )
    ]
