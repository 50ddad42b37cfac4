"""How a client can pay what is open: one offer for each method that the document allows.

A gateway becomes one more function in METHODS; the page shows the first offer as its button.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from guilder.faces.web import formats
from guilder.kernel.document import CreditTransfer, Document, PaymentMeans
from guilder.kernel.identifiers import InvalidIban, format_iban, iban
from guilder.kernel.money import Money
from guilder.papers.rendering import operations as rendering

TRANSFERS = ("", "1", "30", "31", "42", "58")  # UNTDID 4461: unspecified and credit transfers
DIRECT_DEBITS = ("49", "59")


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing to enter at the bank: as it is read, and as it is copied."""

    label: str
    text: str
    copied: str
    isolated: bool = False  # written left to right in every language
    is_figure: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to pay: the words of its button and what it shows when pressed."""

    code: str
    button: str
    details: list[Detail] = field(default_factory=list)
    picture: str = ""  # the SVG of a code to scan
    picture_text: str = ""


Method = Callable[[Document, Money, formats.Locale], Offer | None]


def offers(document: Document, amount: Money, locale: formats.Locale) -> list[Offer]:
    """Every way to pay `amount` of a document, the best first; none where nothing is open."""
    if amount.minor <= 0:
        return []
    found = (method(document, amount, locale) for method in METHODS)
    return [offer for offer in found if offer is not None]


def bank_transfer(document: Document, amount: Money, locale: formats.Locale) -> Offer | None:
    """To the account that the document names; the code to scan where it is euro to an IBAN."""
    for means in document.payment:
        if means.code in TRANSFERS and means.transfers:
            return transfer_offer(means, means.transfers[0], document, amount, locale)
    return None


def transfer_offer(
    means: PaymentMeans,
    transfer: CreditTransfer,
    document: Document,
    amount: Money,
    locale: formats.Locale,
) -> Offer:
    """The offer of one account."""
    holder = transfer.account_name or (document.payee or document.seller).name
    reference = means.remittance or document.number
    picture = rendering.payment_code(
        holder=holder,
        account=transfer.account,
        bank=transfer.bank,
        amount=amount,
        reference=reference,
    )
    return Offer(
        code="bank_transfer",
        button=_("Pay %(amount)s by bank transfer") % {"amount": formats.money(amount, locale)},
        details=transfer_details(transfer, holder, reference, amount, locale),
        picture=picture,
        picture_text=_("Code for your banking app: %(amount)s to %(holder)s")
        % {"amount": formats.money(amount, locale), "holder": holder},
    )


def transfer_details(
    transfer: CreditTransfer, holder: str, reference: str, amount: Money, locale: formats.Locale
) -> list[Detail]:
    """What is entered at the bank, in the order of its form."""
    found = [Detail(_("Account holder"), holder, holder), *account_details(transfer)]
    shown, plain = formats.money(amount, locale), f"{amount.amount:f}"
    found.append(Detail(_("Amount"), shown, plain, isolated=True, is_figure=True))
    if reference:
        found.append(Detail(_("Reference"), reference, reference, isolated=True))
    return found


def account_details(transfer: CreditTransfer) -> list[Detail]:
    """The account: an IBAN in groups of four with its BIC, or a number with its bank."""
    bank = transfer.bank
    try:
        plain = iban(transfer.account)
    except InvalidIban:
        found = [Detail(_("Account"), transfer.account, transfer.account, isolated=True)]
        return [*found, Detail(_("Bank"), bank, bank)] if bank else found
    found = [Detail(_("IBAN"), format_iban(plain), plain, isolated=True, is_figure=True)]
    return [*found, Detail(_("BIC"), bank, bank, isolated=True)] if bank else found


def collected_from(document: Document) -> str | None:
    """The account that a direct debit takes it from ("" where none is named), else None."""
    for means in document.payment:
        if means.direct_debit is not None or means.code in DIRECT_DEBITS:
            return means.direct_debit.account if means.direct_debit else ""
    return None


METHODS: tuple[Method, ...] = (bank_transfer,)
