"""Rules about the paper as a whole: dates, periods, references, payment, delivery."""

from __future__ import annotations

from guilder.kernel.document import Document
from guilder.papers.exchange.rules import lists
from guilder.papers.exchange.rules.checks.parties import is_empty
from guilder.papers.exchange.rules.checks.table import Check, Places, where

TRANSFERS = frozenset({"30", "58"})  # UNTDID 4461: transfer, SEPA transfer
LONGEST_CARD = 10  # BR-51: digits of a card number that may be shown


def has_lines(document: Document) -> Places:
    """BR-16."""
    return where(not document.lines, "/lines")


def tax_point(document: Document) -> Places:
    """BR-CO-03."""
    both = document.tax_point_on is not None and bool(document.tax_point_code)
    return where(both, "/tax_point_code")


def period_order(document: Document) -> Places:
    """BR-29."""
    period = document.period
    if period is not None and period.start_on and period.end_on:
        yield from where(period.end_on < period.start_on, "/period/end_on")


def media_types(document: Document) -> Places:
    """BR-CL-24."""
    for index, one in enumerate(document.attachments):
        wrong = one.content is not None and not lists.knows("BR-CL-24", one.media_type)
        yield from where(wrong, f"/attachments/{index}/media_type")


def preceding(document: Document) -> Places:
    """BR-55."""
    for index, one in enumerate(document.preceding):
        yield from where(not one.number, f"/preceding/{index}/number")


def delivery_country(document: Document) -> Places:
    """BR-57."""
    address = document.delivery.address if document.delivery else None
    wrong = address is not None and not is_empty(address) and not address.country
    return where(wrong, "/delivery/address/country")


def location_scheme(document: Document) -> Places:
    """BR-CL-26."""
    found = document.delivery.location if document.delivery else None
    wrong = bool(found and found.scheme and not lists.knows("BR-CL-26", found.scheme))
    return where(wrong, "/delivery/location")


def means_code(document: Document) -> Places:
    """BR-49."""
    for index, one in enumerate(document.payment):
        yield from where(not one.code, f"/payment/{index}/code")


def means_list(document: Document) -> Places:
    """BR-CL-16."""
    for index, one in enumerate(document.payment):
        wrong = bool(one.code) and not lists.knows("BR-CL-16", one.code)
        yield from where(wrong, f"/payment/{index}/code")


def account(document: Document) -> Places:
    """BR-50."""
    for index, means in enumerate(document.payment):
        for place, one in enumerate(means.transfers):
            yield from where(not one.account, f"/payment/{index}/transfers/{place}/account")


def account_for_transfer(document: Document) -> Places:
    """BR-61."""
    for index, means in enumerate(document.payment):
        wrong = means.code in TRANSFERS and not means.transfers
        yield from where(wrong, f"/payment/{index}/transfers")


def card_number(document: Document) -> Places:
    """BR-51."""
    for index, means in enumerate(document.payment):
        number = means.card.number if means.card else ""
        yield from where(len(number.strip()) > LONGEST_CARD, f"/payment/{index}/card/number")


def type_code(document: Document) -> Places:
    """BR-CL-01."""
    code = document.type_code
    return where(bool(code) and not lists.knows("BR-CL-01", code), "/type_code")


def currency(document: Document) -> Places:
    """BR-CL-04."""
    return where(not lists.knows("BR-CL-04", document.currency), "/currency")


def tax_currency(document: Document) -> Places:
    """BR-CL-05."""
    code = document.tax_currency
    return where(bool(code) and not lists.knows("BR-CL-05", code), "/tax_currency")


def tax_point_code(document: Document) -> Places:
    """BR-CL-06."""
    code = document.tax_point_code
    return where(bool(code) and not lists.knows("BR-CL-06", code), "/tax_point_code")


def object_scheme(document: Document) -> Places:
    """BR-CL-07."""
    found = document.invoiced_object
    wrong = bool(found and found.scheme and not lists.knows("BR-CL-07", found.scheme))
    return where(wrong, "/invoiced_object")


def note_subjects(document: Document) -> Places:
    """BR-CL-08."""
    for index, note in enumerate(document.notes):
        wrong = bool(note.subject) and not lists.knows("BR-CL-08", note.subject)
        yield from where(wrong, f"/notes/{index}/subject")


def tax_total(document: Document) -> Places:
    """BR-53."""
    totals = document.totals
    wrong = (
        totals is not None
        and bool(document.tax_currency)
        and document.tax_currency != document.currency
        and document.tax_rate_to_tax_currency is None
        and totals.tax.minor != 0
        and totals.tax_in_tax_currency is None
    )
    return where(wrong, "/tax_rate_to_tax_currency")


CHECKS: tuple[tuple[str, Check], ...] = (
    ("BR-16", has_lines),
    ("BR-CO-03", tax_point),
    ("BR-29", period_order),
    ("BR-CL-24", media_types),
    ("BR-55", preceding),
    ("BR-57", delivery_country),
    ("BR-CL-26", location_scheme),
    ("BR-49", means_code),
    ("BR-CL-16", means_list),
    ("BR-50", account),
    ("BR-61", account_for_transfer),
    ("BR-51", card_number),
    ("BR-CL-01", type_code),
    ("BR-CL-04", currency),
    ("BR-CL-05", tax_currency),
    ("BR-CL-06", tax_point_code),
    ("BR-CL-07", object_scheme),
    ("BR-CL-08", note_subjects),
    ("BR-53", tax_total),
)
