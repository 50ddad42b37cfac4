"""What a paper says about paying: accounts, terms, instalments and the code to scan. Pure."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from stdnum import iban

from guilder.kernel.document import CreditTransfer, DirectDebit, Document, Kind, PaymentMeans
from guilder.kernel.money import Money
from guilder.kernel.totals import early_discount
from guilder.papers.rendering import codes
from guilder.papers.rendering.wording import Wording

TO_BE_PAID = (Kind.INVOICE, Kind.DEBIT_NOTE, Kind.DEPOSIT, Kind.PRO_FORMA)
TRANSFERS = ("", "1", "30", "31", "42", "58")  # UNTDID 4461: unspecified and credit transfers


@dataclass(frozen=True, slots=True)
class Account:
    """Where to pay: who holds it, its number as printed, and the number itself."""

    holder: str
    number: str
    is_iban: bool
    bank: str = ""


@dataclass(slots=True)
class Payment:
    """The payment part of the data for a template."""

    rows: list[list[str]] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    instalments: list[list[str]] = field(default_factory=list)
    code: str = ""
    code_alt: str = ""


def payment_of(document: Document, wording: Wording, *, with_code: bool) -> dict[str, Any] | None:
    """Rows, terms, instalments and payment code, or None where there is nothing to say."""
    payment = Payment()
    to_be_paid = document.kind in TO_BE_PAID and amount_to_pay(document).minor > 0
    if to_be_paid:
        for means in document.payment:
            _add_means(payment, means, document, wording)
        if with_code:
            _add_code(payment, document, wording)
    payment.terms += _terms(document, wording, to_be_paid=to_be_paid)
    payment.instalments = [
        [wording.day(part.due_on), wording.money(part.amount)] for part in document.instalments
    ]
    if not (payment.rows or payment.terms or payment.instalments):
        return None
    return {
        "rows": payment.rows,
        "terms": payment.terms,
        "instalments": payment.instalments,
        "code": payment.code,
        "code_alt": payment.code_alt,
    }


def amount_to_pay(document: Document) -> Money:
    """What the buyer is to send: BT-115, less what he withholds for the state."""
    totals = document.totals
    if totals is None:
        raise ValueError("Complete the document with totals.calculate first.")
    return totals.due if totals.receivable is None else totals.receivable


def reference_of(document: Document, means: PaymentMeans) -> str:
    """What to quote with the payment: the given remittance text, else the paper's number."""
    return means.remittance or document.number


def payment_code(document: Document) -> str:
    """The text-free SVG of a code to scan (codes.payment_code), or "" where none can be made.

    It is made for the first instalment where there are several, and never for a pro forma.
    """
    found = _code_parts(document)
    if found is None:
        return ""
    account, amount, reference = found
    return codes.payment_code(
        holder=account.holder,
        account=account.number,
        bank=account.bank,
        amount=amount,
        reference=reference,
    )


def account_of(transfer: CreditTransfer, document: Document) -> Account:
    """The account as it is printed: an IBAN in groups of four."""
    holder = transfer.account_name or (document.payee or document.seller).name
    if iban.is_valid(transfer.account):
        return Account(holder, iban.format(transfer.account), True, transfer.bank.strip().upper())
    return Account(holder, transfer.account, False, transfer.bank)


def _code_parts(document: Document) -> tuple[Account, Money, str] | None:
    if document.kind is Kind.PRO_FORMA:  # it announces an amount, it does not ask for it
        return None
    parts = document.instalments
    amount = parts[0].amount if parts else amount_to_pay(document)
    for means in document.payment:
        if means.code not in TRANSFERS:
            continue
        for transfer in means.transfers:
            account = account_of(transfer, document)
            is_upi = amount.currency == codes.UPI_CURRENCY and codes.is_virtual_address(
                account.number
            )
            if (account.is_iban or is_upi) and account.holder and document.number:
                return account, amount, reference_of(document, means)
    return None


def _add_code(payment: Payment, document: Document, wording: Wording) -> None:
    found = _code_parts(document)
    payment.code = payment_code(document)
    if found is not None and payment.code:
        account, amount, reference = found
        payment.code_alt = wording.say(
            "scan_alt" if account.is_iban else "scan_upi_alt",
            amount=wording.money(amount),
            holder=account.holder,
            account=account.number,
            reference=reference,
        )


def _account_label(account: Account) -> str:
    if account.is_iban:
        return "iban"
    return "upi" if codes.is_virtual_address(account.number) else "account"


def _add_means(payment: Payment, means: PaymentMeans, document: Document, wording: Wording) -> None:
    rows = payment.rows
    if means.text:
        rows.append([wording.say("means"), means.text])
    for transfer in means.transfers:
        account = account_of(transfer, document)
        rows.append([wording.say("holder"), account.holder])
        rows.append([wording.say(_account_label(account)), account.number])
        if account.bank:
            label = "bic" if codes.BIC.fullmatch(account.bank) else "bank"
            rows.append([wording.say(label), account.bank])
    if means.card is not None:
        rows.append([wording.say("card"), f"{means.card.number} {means.card.holder}".strip()])
    debit = means.direct_debit
    if debit is not None:
        payment.terms.append(_debited(debit, document, wording))
        for label, value in (
            ("mandate", debit.mandate),
            ("creditor", debit.creditor),
            ("your_account", _grouped(debit.account)),
        ):
            if value:
                rows.append([wording.say(label), value])
    reference = reference_of(document, means)
    if means.transfers and reference:
        rows.append([wording.say("reference"), reference])


def _debited(debit: DirectDebit, document: Document, wording: Wording) -> str:
    """That the amount is collected: when, and from which account."""
    if document.due_on is None or not debit.account:
        return wording.say("direct_debit")
    return wording.say(
        "direct_debit_on",
        amount=wording.money(amount_to_pay(document)),
        day=wording.day(document.due_on),
        account=_grouped(debit.account),
    )


def _grouped(account: str) -> str:
    """An IBAN in groups of four, anything else as it is."""
    return iban.format(account) if iban.is_valid(account) else account


def _terms(document: Document, wording: Wording, *, to_be_paid: bool) -> list[str]:
    said = [line for line in document.payment_terms.splitlines() if line.strip()]
    if not to_be_paid or document.totals is None:
        return said
    due = amount_to_pay(document)
    for discount in document.early_discounts:
        left = wording.money(due - early_discount(document.totals.gross, discount))
        percent = wording.percent(discount.percent)
        if document.issued_on is None:
            days = str(discount.days)
            label = wording.say("early_discount_days", days=days, percent=percent, amount=left)
        else:
            last_day = wording.day(document.issued_on + timedelta(days=discount.days))
            label = wording.say("early_discount", date=last_day, percent=percent, amount=left)
        said.append(label)
    return said
