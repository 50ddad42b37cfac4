"""Rules of XRechnung and Peppol beyond EN 16931."""

from __future__ import annotations

import re
from collections.abc import Callable

from guilder.kernel import identifiers
from guilder.kernel.document import Document, Party, PaymentMeans
from guilder.papers.exchange.rules.checks.parties import is_empty
from guilder.papers.exchange.rules.checks.table import Check, Places, where

TRANSFERS, CARDS, DEBITS, SEPA, SEPA_DEBIT = (
    frozenset({"30", "58"}),
    frozenset({"48", "54", "55"}),
    frozenset({"59"}),
    "58",
    "59",
)
EXPECTED_TYPES = frozenset({"326", "380", "384", "389", "381", "875", "876", "877"})  # BR-DE-17
MAIL = re.compile(r"[^@\s]+@([^@.\s]|[^@.\s][^@\s]*[^@.\s])")
CORRECTED = "384"
Read = Callable[[Document], object]


def needed(pointer: str, read: Read) -> Check:
    """A check that something is given."""

    def check(document: Document) -> Places:
        return where(not read(document), pointer)

    return check


def reachable(party: Party) -> bool:
    """Whether an electronic address of `party` is known."""
    return bool(party.endpoint or party.contact.email)


def seller_contact(document: Document) -> Places:
    """BR-DE-2."""
    contact = document.seller.contact
    return where(not (contact.name or contact.phone or contact.email), "/seller/contact")


def contact_field(field: str) -> Check:
    """BR-DE-5, 6, 7: where there is a contact at all."""

    def check(document: Document) -> Places:
        contact = document.seller.contact
        some = contact.name or contact.phone or contact.email
        return where(bool(some) and not getattr(contact, field), f"/seller/contact/{field}")

    return check


def phone_digits(document: Document) -> Places:
    """BR-DE-27."""
    phone = document.seller.contact.phone
    digits = sum(sign.isdigit() for sign in phone)
    return where(bool(phone) and digits < 3, "/seller/contact/phone")


def mail_form(document: Document) -> Places:
    """BR-DE-28."""
    mail = document.seller.contact.email
    return where(bool(mail) and not MAIL.fullmatch(mail), "/seller/contact/email")


def delivery_field(field: str) -> Check:
    """BR-DE-10, 11."""

    def check(document: Document) -> Places:
        address = document.delivery.address if document.delivery else None
        some = address is not None and not is_empty(address)
        return where(some and not getattr(address, field), f"/delivery/address/{field}")

    return check


def type_code(document: Document) -> Places:
    """BR-DE-17."""
    code = document.type_code
    return where(bool(code) and code not in EXPECTED_TYPES, "/type_code")


def corrected(document: Document) -> Places:
    """BR-DE-26."""
    wrong = document.type_code == CORRECTED and not document.preceding
    return where(wrong, "/preceding")


def file_names(document: Document) -> Places:
    """BR-DE-22."""
    names = [one.filename for one in document.attachments if one.content is not None]
    return where(len(names) != len(set(names)), "/attachments")


def on_means(field: str, wrong: Callable[[PaymentMeans], bool]) -> Check:
    """A check that looks at each means of payment by itself."""

    def check(document: Document) -> Places:
        for index, means in enumerate(document.payment):
            yield from where(wrong(means), f"/payment/{index}/{field}")

    return check


def is_iban(text: str) -> bool:
    """Whether `text` is an IBAN."""
    try:
        identifiers.iban(text)
    except identifiers.InvalidIban:
        return False
    return True


def _no_iban(means: PaymentMeans) -> bool:
    return means.code == SEPA and any(not is_iban(one.account) for one in means.transfers)


def _no_debtor_iban(means: PaymentMeans) -> bool:
    debit = means.direct_debit
    return means.code == SEPA_DEBIT and bool(debit and debit.account and not is_iban(debit.account))


def _no_transfer(means: PaymentMeans) -> bool:
    return means.code in TRANSFERS and not means.transfers


def _beside_transfer(means: PaymentMeans) -> bool:
    return means.code in TRANSFERS and bool(means.card or means.direct_debit)


def _no_card(means: PaymentMeans) -> bool:
    return means.code in CARDS and means.card is None


def _beside_card(means: PaymentMeans) -> bool:
    return means.code in CARDS and bool(means.transfers or means.direct_debit)


def _no_debit(means: PaymentMeans) -> bool:
    return means.code in DEBITS and means.direct_debit is None


def _beside_debit(means: PaymentMeans) -> bool:
    return means.code in DEBITS and bool(means.transfers or means.card)


def _no_creditor(means: PaymentMeans) -> bool:
    return means.direct_debit is not None and not means.direct_debit.creditor


def _no_debtor(means: PaymentMeans) -> bool:
    return means.direct_debit is not None and not means.direct_debit.account


def _no_mandate(means: PaymentMeans) -> bool:
    debit = means.direct_debit
    return means.code in {"49", "59"} and not (debit and debit.mandate)


def line_starts(document: Document) -> Places:
    """PEPPOL-EN16931-R110."""
    start = document.period.start_on if document.period else None
    for index, line in enumerate(document.lines):
        own = line.period.start_on if line.period else None
        wrong = start is not None and own is not None and own < start
        yield from where(wrong, f"/lines/{index}/period/start_on")


def line_ends(document: Document) -> Places:
    """PEPPOL-EN16931-R111."""
    end = document.period.end_on if document.period else None
    for index, line in enumerate(document.lines):
        own = line.period.end_on if line.period else None
        wrong = end is not None and own is not None and own > end
        yield from where(wrong, f"/lines/{index}/period/end_on")


def base_quantity(document: Document) -> Places:
    """PEPPOL-EN16931-R121."""
    for index, line in enumerate(document.lines):
        base = line.price.base_quantity
        yield from where(base is not None and base <= 0, f"/lines/{index}/price/base_quantity")


def base_unit(document: Document) -> Places:
    """PEPPOL-EN16931-R130."""
    for index, line in enumerate(document.lines):
        unit = line.price.base_unit
        wrong = line.price.base_quantity is not None and bool(unit) and unit != line.unit
        yield from where(wrong, f"/lines/{index}/price/base_unit")


def one_note(document: Document) -> Places:
    """PEPPOL-EN16931-R002."""
    german = {document.seller.address.country, document.buyer.address.country} == {"DE"}
    return where(len(document.notes) > 1 and not german, "/notes/1")


# What XRechnung and Peppol both demand.
SHARED: tuple[tuple[str, Check], ...] = (
    ("PEPPOL-EN16931-R061", on_means("direct_debit/mandate", _no_mandate)),
    ("PEPPOL-EN16931-R110", line_starts),
    ("PEPPOL-EN16931-R111", line_ends),
    ("PEPPOL-EN16931-R121", base_quantity),
    ("PEPPOL-EN16931-R130", base_unit),
)
XRECHNUNG: tuple[tuple[str, Check], ...] = (
    # XRechnung takes the contact's mail address where no other electronic address is known.
    ("PEPPOL-EN16931-R010", needed("/buyer/endpoint", lambda one: reachable(one.buyer))),
    ("PEPPOL-EN16931-R020", needed("/seller/endpoint", lambda one: reachable(one.seller))),
    ("BR-DE-1", needed("/payment", lambda one: one.payment)),
    ("BR-DE-2", seller_contact),
    ("BR-DE-3", needed("/seller/address/city", lambda one: one.seller.address.city)),
    ("BR-DE-4", needed("/seller/address/postal_code", lambda one: one.seller.address.postal_code)),
    ("BR-DE-5", contact_field("name")),
    ("BR-DE-6", contact_field("phone")),
    ("BR-DE-7", contact_field("email")),
    ("BR-DE-8", needed("/buyer/address/city", lambda one: one.buyer.address.city)),
    ("BR-DE-9", needed("/buyer/address/postal_code", lambda one: one.buyer.address.postal_code)),
    ("BR-DE-10", delivery_field("city")),
    ("BR-DE-11", delivery_field("postal_code")),
    ("BR-DE-15", needed("/buyer_reference", lambda one: one.buyer_reference)),
    ("BR-DE-17", type_code),
    ("BR-DE-19", on_means("transfers", _no_iban)),
    ("BR-DE-20", on_means("direct_debit/account", _no_debtor_iban)),
    ("BR-DE-22", file_names),
    ("BR-DE-23-a", on_means("transfers", _no_transfer)),
    ("BR-DE-23-b", on_means("code", _beside_transfer)),
    ("BR-DE-24-a", on_means("card", _no_card)),
    ("BR-DE-24-b", on_means("code", _beside_card)),
    ("BR-DE-25-a", on_means("direct_debit", _no_debit)),
    ("BR-DE-25-b", on_means("code", _beside_debit)),
    ("BR-DE-26", corrected),
    ("BR-DE-27", phone_digits),
    ("BR-DE-28", mail_form),
    ("BR-DE-30", on_means("direct_debit/creditor", _no_creditor)),
    ("BR-DE-31", on_means("direct_debit/account", _no_debtor)),
)
PEPPOL: tuple[tuple[str, Check], ...] = (
    ("PEPPOL-EN16931-R010", needed("/buyer/endpoint", lambda one: one.buyer.endpoint)),
    ("PEPPOL-EN16931-R020", needed("/seller/endpoint", lambda one: one.seller.endpoint)),
    ("PEPPOL-EN16931-R002", one_note),
    (
        "PEPPOL-EN16931-R003",
        needed("/buyer_reference", lambda one: one.buyer_reference or one.order_reference),
    ),
)
# Rules that only warn: what breaks them may still go out.
WARNINGS = frozenset(
    {"BR-DE-17", "BR-DE-19", "BR-DE-20", "BR-DE-26", "BR-DE-27", "BR-DE-28", "BR-51"}
)
