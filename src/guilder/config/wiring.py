"""Who listens to what: the one page that says so."""

from guilder.books.bills import events as bills
from guilder.books.charging import events as charging
from guilder.books.charging import listeners as asking
from guilder.books.charging import operations as charges
from guilder.books.charging import tasks as collecting
from guilder.books.invoicing import events as invoicing
from guilder.books.invoicing import requirements as before_issue
from guilder.books.ledger import events as ledger
from guilder.books.payments import events as payments
from guilder.books.payments import operations as paying
from guilder.books.sepa import events as sepa
from guilder.books.sepa import listeners as ordered
from guilder.books.sepa import queries as orders
from guilder.books.sepa import tasks as ordering
from guilder.books.workflow import events as approving
from guilder.faces.rest import tasks as answering
from guilder.faces.web.lists import jobs as filing
from guilder.faces.web.reports import tasks as packing
from guilder.faces.web.session import tasks as letters
from guilder.faces.web.settings import tasks as giving
from guilder.flows.banking import events as banking
from guilder.flows.banking import queries as statements
from guilder.flows.banking import tasks as looking
from guilder.flows.billing import events as billing
from guilder.flows.billing import tasks as repeating
from guilder.flows.intake import events as intake
from guilder.flows.intake import tasks as taking
from guilder.foundation.events import bus
from guilder.foundation.events import events as told
from guilder.foundation.events import tasks as telling
from guilder.foundation.identity import events as identity
from guilder.foundation.identity import tasks as tidying
from guilder.office.calls import tasks as remembering
from guilder.office.channels import events as channel
from guilder.office.channels import listeners as channels
from guilder.office.channels import tasks as carrying
from guilder.office.demo import events as demo
from guilder.office.demo import listeners as showing
from guilder.office.demo import tasks as making
from guilder.office.desk import events as desk
from guilder.office.desk import listeners as inbox
from guilder.office.desk import tasks as waiting
from guilder.office.dispatch import events as mail
from guilder.office.dispatch import listeners as dispatch
from guilder.office.dispatch import tasks as mailing
from guilder.office.dunning import events as dunning
from guilder.office.dunning import listeners as dunned
from guilder.office.dunning import tasks as reminding
from guilder.office.search import listeners as search
from guilder.office.search import tasks as indexing
from guilder.office.verifactu import events as verifactu
from guilder.office.verifactu import listeners as recording
from guilder.office.verifactu import operations as records
from guilder.office.verifactu import tasks as entering
from guilder.office.webhooks import events as webhook
from guilder.office.webhooks import listeners as webhooks
from guilder.office.webhooks import tasks as calling
from guilder.registers.catalogue import events as catalogue
from guilder.registers.currencies import events as currencies
from guilder.registers.numbering import events as numbering
from guilder.registers.parties import events as parties
from guilder.registers.tax import events as tax

# Rooms whose tasks and loops a worker runs; importing them makes them known.
AT_WORK = (
    telling,
    tidying,
    mailing,
    carrying,
    making,
    waiting,
    packing,
    giving,
    indexing,
    repeating,
    reminding,
    collecting,
    ordering,
    filing,
    answering,
    looking,
    taking,
    calling,
    remembering,
    letters,
    entering,
)

# Event → those who hear it. What stands in none of these is in the feed only.
HEARD = (
    (mail.MailQueued, dispatch.on_mail_queued),
    (mail.MailFailed, inbox.on_mail_trouble),
    (mail.MailReturned, inbox.on_mail_trouble),
    (mail.MailSent, inbox.on_mail_sent),
    (mail.MailSent, channels.on_mail_sent),
    (mail.MailFailed, channels.on_mail_trouble),
    (mail.MailReturned, channels.on_mail_trouble),
    (channel.TransmissionQueued, channels.on_queued),
    (channel.TransmissionReceived, channels.on_received),
    (channel.TransmissionFailed, inbox.on_transmission),
    (channel.TransmissionAnswered, inbox.on_transmission),
    (channel.TransmissionRefused, inbox.on_transmission),
    (channel.TransmissionQueued, inbox.on_transmission_again),
    (channel.TransmissionSent, inbox.on_transmission_again),
    (invoicing.QuoteAccepted, inbox.on_quote_answered),
    (invoicing.QuoteDeclined, inbox.on_quote_answered),
    (invoicing.InvoiceQuestioned, inbox.on_question),
    (invoicing.QuoteQuestioned, inbox.on_question),
    (invoicing.InvoiceQuestioned, dispatch.on_invoice_questioned),
    (invoicing.QuoteQuestioned, dispatch.on_quote_questioned),
    (invoicing.QuoteAnswered, dispatch.on_quote_answered),
    (demo.DemoAsked, showing.on_demo_asked),
    (demo.DemoMade, inbox.on_demo_made),
    (demo.DemoMade, dispatch.on_demo_made),
    (demo.DemoMade, dunned.on_demo_made),
    (billing.RecurringInvoiced, channels.on_recurring_invoiced),
    (bills.BillBooked, channels.on_bill_booked),
    (bills.BillSettled, channels.on_bill_settled),
    (intake.DocumentRefused, channels.on_document_refused),
    (billing.RecurringFailed, inbox.on_recurring_failed),
    (billing.RecurringInvoiced, inbox.on_recurring_invoiced),
    (approving.ApprovalRequested, inbox.on_approval_requested),
    (approving.ApprovalGiven, inbox.on_approval_answered),
    (approving.ApprovalRefused, inbox.on_approval_answered),
    (approving.ApprovalWithdrawn, inbox.on_approval_withdrawn),
    (payments.PaymentRecorded, inbox.on_payment),
    (payments.PaymentAllocated, inbox.on_payment),
    (payments.AllocationReversed, inbox.on_payment),
    (payments.PaymentReversed, inbox.on_payment),
    (charging.ChargeStarted, asking.on_charge_started),
    (charging.MethodSetupStarted, asking.on_setup_started),
    (charging.GatewayCalled, asking.on_gateway_called),
    (payments.RefundPaid, asking.on_refund_paid),
    (charging.SavedMethodEnded, asking.on_method_ended),
    (payments.PaymentReversed, ordered.on_money_reversed),
    (payments.DisbursementReversed, ordered.on_money_reversed),
    (payments.RefundReversed, ordered.on_money_reversed),
    (sepa.OrderRejected, inbox.on_order_refused),
    (sepa.OrderReturned, inbox.on_order_refused),
    (sepa.OrderNotBooked, inbox.on_order_refused),
    (sepa.BatchCreated, inbox.on_order_made),
    (sepa.BatchClosed, inbox.on_order_over),
    (sepa.BatchCancelled, inbox.on_order_over),
    (charging.ChargeSucceeded, dispatch.on_charge_succeeded),
    (charging.ChargebackOpened, inbox.on_chargeback),
    (charging.ChargebackAnswered, inbox.on_chargeback_over),
    (charging.ChargebackClosed, inbox.on_chargeback_over),
    (charging.ChargeFailed, inbox.on_charge_failed),
    (charging.GivingBackFailed, inbox.on_giving_back_failed),
    (charging.SavedMethodStillKept, inbox.on_method_kept),
    (payments.RefundRequested, inbox.on_refund_requested),
    (payments.RefundPaid, inbox.on_refund),
    (payments.RefundDeclined, inbox.on_refund),
    (payments.RefundReversed, inbox.on_refund),
    (invoicing.InvoiceCreated, search.on_invoice),
    (invoicing.InvoiceChanged, search.on_invoice),
    (invoicing.InvoiceDeleted, search.on_invoice),
    (invoicing.InvoiceIssued, search.on_invoice),
    (invoicing.InvoiceTakenOver, search.on_invoice),
    (invoicing.InvoiceIssued, recording.on_issued),
    (verifactu.BillingRecordWaiting, inbox.on_record_waiting),
    (told.EventParked, inbox.on_event_parked),
    (told.EventTakenUp, inbox.on_event_taken_up),
    (verifactu.BillingRecorded, inbox.on_recorded),
    (invoicing.QuoteCreated, search.on_quote),
    (invoicing.QuoteChanged, search.on_quote),
    (invoicing.QuoteDeleted, search.on_quote),
    (invoicing.QuoteSent, search.on_quote),
    (payments.PaymentRecorded, search.on_payment),
    (payments.PaymentReversed, search.on_payment),
    (parties.PartnerCreated, search.on_partner),
    (parties.PartnerChanged, search.on_partner),
    (parties.PartnerArchived, search.on_partner),
    (parties.PartnerDeleted, search.on_partner),
    (catalogue.ItemChanged, search.on_item),
    (catalogue.ItemDeleted, search.on_item),
    (dunning.ReminderMade, inbox.on_reminder_made),
    (dunning.ReminderPosted, inbox.on_reminder_posted),
    (dunning.ReminderFailed, inbox.on_reminder_failed),
    (webhook.ReplayAsked, webhooks.on_replay_asked),
    (webhook.EndpointDisabled, dispatch.on_webhook_disabled),
)

# Where events are defined: a worker must know each type that it may read.
SPOKEN = (
    told,
    identity,
    catalogue,
    currencies,
    numbering,
    parties,
    tax,
    ledger,
    approving,
    invoicing,
    bills,
    payments,
    charging,
    sepa,
    banking,
    billing,
    intake,
    mail,
    channel,
    dunning,
    verifactu,
    demo,
    desk,
    webhook,
)


def connect() -> None:
    """Subscribe every listener; webhooks hear of everything that is told to others. What a payment
    order asks the bank for is not taken from a saved method too."""
    for event, listener in HEARD:
        bus.subscribe(event, listener)
    charges.asks_elsewhere(orders.is_ordered)
    paying.held_elsewhere(orders.is_on_its_way)
    orders.accounts_are_told_by(statements.payer_accounts)
    before_issue.want(records.require_recordable)
    for module in SPOKEN:
        for event in vars(module).values():
            if isinstance(event, type) and is_told(event, module.__name__):
                bus.subscribe(event, webhooks.on_event)


def is_told(event: type, module: str) -> bool:
    """Whether a class is an event of that module which webhooks may tell."""
    return (
        event.__module__ == module and "type" in vars(event) and webhooks.is_public(event.type)  # type: ignore[attr-defined]
    )
