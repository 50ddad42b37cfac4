"""What can be done with recurring invoices: kept, paused, passed over, invoiced."""

from guilder.flows.billing.operations.invoicing import invoice_due, invoice_next
from guilder.flows.billing.operations.keeping import (
    InvalidRecurring,
    Running,
    end_recurring,
    pause_recurring,
    repeat_invoice,
    resume_recurring,
    save_recurring,
)

__all__ = (
    "InvalidRecurring",
    "Running",
    "end_recurring",
    "invoice_due",
    "invoice_next",
    "pause_recurring",
    "repeat_invoice",
    "resume_recurring",
    "save_recurring",
)
