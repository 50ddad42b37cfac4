"""The sums of a paper in words and amounts, as pages show them."""

from datetime import date
from types import SimpleNamespace

from django.utils.translation import gettext as _

from guilder.faces.web import formats
from guilder.faces.web.timeline import ENGLISH
from guilder.kernel.document import Document, Totals
from guilder.kernel.money import Money


def row(label: str, amount: Money, *, hint: str = "", total: bool = False) -> SimpleNamespace:
    """One line of the sums."""
    return SimpleNamespace(label=label, amount=amount, hint=hint, total=total)


def totals_of(document: Document) -> list[SimpleNamespace]:
    """Subtotal, discount, taxes, total, and what is paid already."""
    totals = document.totals
    if totals is None:
        return [row(_("Total"), Money.zero(document.currency), total=True)]
    rows = [row(_("Subtotal"), totals.line_net)]
    if totals.allowances:
        rows.append(row(discount_label(document), -totals.allowances))
    if totals.charges:
        rows.append(row(_("Charges"), totals.charges))
    several = len(document.taxes) > 1
    for one in document.taxes:
        rate = formats.number(one.rate or 0, ENGLISH)
        label = _("Tax %(rate)s%%") % {"rate": rate}
        hint = formats.money(one.taxable, ENGLISH)
        if several:
            rows.append(row(_("%(tax)s on") % {"tax": label}, one.tax, hint=hint))
        else:
            rows.append(row(label, one.tax))
    if not totals.prepaid and not totals.rounding and totals.withheld is None:
        return [*rows, row(_("Total"), totals.gross, total=True)]
    return [*rows, *down_to_due(totals)]


def down_to_due(totals: Totals) -> list[SimpleNamespace]:
    """From the total with tax to what is to be paid."""
    rows = [row(_("Total with tax"), totals.gross)]
    if totals.prepaid:
        rows.append(row(_("Paid already"), -totals.prepaid))
    if totals.rounding:
        rows.append(row(_("Rounding"), totals.rounding))
    if totals.withheld is not None and totals.receivable is not None:
        rows.append(row(_("Withheld"), -totals.withheld))
        return [*rows, row(_("To pay"), totals.receivable, total=True)]
    return [*rows, row(_("To pay"), totals.due, total=True)]


def discount_label(document: Document) -> str:
    """Discount, with its percentage where there is one."""
    percents = {one.percent for one in document.allowances}
    if len(percents) == 1 and (percent := percents.pop()) is not None:
        return _("Discount %(percent)s%%") % {"percent": formats.number(percent, ENGLISH)}
    return _("Discount")


def due_text(due_on: date | None) -> str:
    """Due Sun 20 Dec."""
    if due_on is None:
        return ""
    short = f"{due_on:%a} {due_on.day} {due_on:%b}"
    return _("Due %(day)s") % {"day": short}
