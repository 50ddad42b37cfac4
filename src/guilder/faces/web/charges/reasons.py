"""Why a payer's bank or service wanted money back, in words: each service has codes of its own."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# docs.stripe.com/api/disputes/object, developer.paypal.com/docs/api/customer-disputes/v1
FRAUD = _("The holder did not order it")
DUPLICATE = _("Charged twice")
NO_CREDIT = _("A credit that was promised did not come")
NOT_RECEIVED = _("Goods or service were not received")
NOT_AS_SAID = _("Goods or service were not as described")
CANCELLED = _("A subscription that was cancelled")
WRONG_AMOUNT = _("The amount is wrong")
NOT_ALLOWED = _("There was no right to debit the account")
NO_FUNDS = _("The account had too little money")
WRONG_ACCOUNT = _("The account was wrong")
BANK = _("The bank could not carry it out")
UNKNOWN = _("The holder does not recognise it")
OTHER = _("Another reason")

REASONS: dict[str, str | Promise] = {
    "fraudulent": FRAUD,
    "unauthorised": FRAUD,
    "fraud": FRAUD,
    "unrecognized": UNKNOWN,
    "duplicate": DUPLICATE,
    "duplicate_transaction": DUPLICATE,
    "payment_by_other_means": DUPLICATE,
    "credit_not_processed": NO_CREDIT,
    "product_not_received": NOT_RECEIVED,
    "merchandise_or_service_not_received": NOT_RECEIVED,
    "product_unacceptable": NOT_AS_SAID,
    "merchandise_or_service_not_as_described": NOT_AS_SAID,
    "subscription_canceled": CANCELLED,
    "canceled_recurring_billing": CANCELLED,
    "incorrect_amount": WRONG_AMOUNT,
    "debit_not_authorized": NOT_ALLOWED,
    "insufficient_funds": NO_FUNDS,
    "incorrect_account_details": WRONG_ACCOUNT,
    "bank_cannot_process": BANK,
    "check_returned": BANK,
    "problem_with_remittance": BANK,
    "customer_initiated": UNKNOWN,
    "noncompliant": OTHER,
    "general": OTHER,
    "other": OTHER,
}


def reason_words(code: str) -> str:
    """A service's reason in words; what is not known stands as the service said it."""
    known = REASONS.get(code.strip().lower().replace(" ", "_").replace("-", "_"))
    return str(known) if known else code.replace("_", " ")
