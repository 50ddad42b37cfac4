"""The twelve statuses of an invoice as the web face shows them: word, tint and glyph."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Status:
    """A word with its tint; the glyph's shape carries the meaning where colour does not."""

    label: str | Promise
    tone: str
    glyph: str


STATUSES = {
    "draft": Status(pgettext_lazy("status", "Draft"), "neutral", "dashed"),
    "pending_approval": Status(_("Pending approval"), "violet", "dots"),
    "scheduled": Status(_("Scheduled"), "neutral", "clock"),
    "issued": Status(_("Issued"), "blue", "ring"),
    "sent": Status(_("Sent"), "blue", "arrow"),
    "viewed": Status(_("Viewed"), "blue", "dot"),
    "partially_paid": Status(_("Partially paid"), "amber", "half"),
    "paid": Status(_("Paid"), "green", "check"),
    "overdue": Status(_("Overdue"), "red", "alert"),
    "disputed": Status(_("Disputed"), "red", "triangle"),
    "credited": Status(_("Credited"), "neutral", "slash"),
    "written_off": Status(_("Written off"), "neutral", "cross"),
    # deliveries and mails
    "queued": Status(_("Queued"), "neutral", "clock"),
    "delivered": Status(_("Delivered"), "green", "check"),
    "failed": Status(_("Failed"), "red", "alert"),
    "sending": Status(_("Being sent"), "neutral", "clock"),
    "rejected": Status(_("Rejected"), "red", "cross"),
    "received": Status(_("Received"), "blue", "dot"),
    "stopped": Status(_("Stopped"), "neutral", "slash"),
    "bounced": Status(_("Returned"), "red", "alert"),
    # payments
    "allocated": Status(_("Allocated"), "green", "check"),
    "partly_allocated": Status(_("Partly allocated"), "amber", "half"),
    "unallocated": Status(_("Unallocated"), "amber", "ring"),
    "reversed": Status(_("Reversed"), "neutral", "slash"),
    # refunds
    "refund_waiting": Status(_("Waiting"), "violet", "dots"),
    "refunded": Status(_("Given back"), "green", "check"),
    # charges through gateways, and chargebacks
    "charge_pending": Status(_("Pending"), "amber", "clock"),
    "charge_unknown": Status(_("Unknown"), "violet", "dots"),
    "chargeback_open": Status(_("Answer wanted"), "red", "alert"),
    "chargeback_review": Status(_("Under review"), "violet", "dots"),
    "chargeback_won": Status(_("Won"), "green", "check"),
    "chargeback_lost": Status(_("Lost"), "neutral", "cross"),
    # payment orders and mandates
    "order_waited": Status(_("Waits for a payment order"), "amber", "clock"),
    "order_ready": Status(_("Ready for the bank"), "blue", "ring"),
    "order_out": Status(_("With the bank"), "amber", "clock"),
    "order_booked": Status(_("Booked"), "green", "check"),
    "order_cancelled": Status(_("Cancelled"), "neutral", "slash"),
    "mandate_waiting": Status(_("Not signed"), "amber", "dots"),
    "mandate_active": Status(_("Active"), "green", "check"),
    "mandate_used": Status(_("Used"), "neutral", "check"),
    "mandate_expired": Status(_("Expired"), "neutral", "clock"),
    "mandate_ended": Status(_("Ended"), "neutral", "slash"),
    # recurring invoices
    "recurring_running": Status(_("Running"), "green", "dot"),
    "recurring_paused": Status(_("Paused"), "neutral", "clock"),
    "recurring_ended": Status(_("Ended"), "neutral", "slash"),
    "recurring_troubled": Status(_("In trouble"), "red", "alert"),
    # reminders, pauses and promises
    "reminder_to_post": Status(_("To post"), "amber", "half"),
    "reminder_posted": Status(_("Posted"), "green", "check"),
    "reminder_skipped": Status(_("Passed over"), "neutral", "slash"),
    "hold_rests": Status(_("Rests"), "neutral", "clock"),
    "hold_over": Status(pgettext_lazy("pause", "Over"), "neutral", "slash"),
    "promise_kept": Status(_("Kept"), "green", "check"),
    "promise_broken": Status(pgettext_lazy("promise", "Broken"), "red", "alert"),
    # quotes
    "accepted": Status(_("Accepted"), "green", "check"),
    "declined": Status(_("Declined"), "red", "cross"),
    "expired": Status(_("Expired"), "amber", "clock"),
    "invoiced": Status(_("Invoiced"), "neutral", "check"),
    # bills and documents of suppliers
    "booked": Status(_("Booked"), "blue", "ring"),
    "cancelled": Status(_("Cancelled"), "neutral", "cross"),
    "settled": Status(_("Settled"), "green", "check"),
    "document_read": Status(pgettext_lazy("document", "Read"), "blue", "dot"),
    "document_manual": Status(_("To be entered"), "amber", "half"),
    "document_billed": Status(_("Billed"), "green", "check"),
    "document_duplicate": Status(pgettext_lazy("document", "Duplicate"), "amber", "alert"),
    "document_refused": Status(_("Refused"), "neutral", "cross"),
    # masters
    "archived": Status(_("Archived"), "neutral", "slash"),
}


def status_of(code: str) -> Status:
    """The status named `code`; KeyError for a word that DESIGN section 4 does not know."""
    return STATUSES[code]
