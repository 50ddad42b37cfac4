"""The sums of a paper in words and amounts, as pages show them."""

from datetime import date
from types import SimpleNamespace

from babel.dates import format_skeleton
from django.utils.translation import gettext as _

from guilder.faces.web import formats
from guilder.kernel.document import Allowance, Document, TaxBreakdown, Totals
from guilder.kernel.money import Money


def row(
    label: str, amount: Money, *, hint: str = "", total: bool = False, code: str = ""
) -> SimpleNamespace:
    """One line of the sums; `code` is the name by which the editor's script knows it."""
    return SimpleNamespace(label=label, amount=amount, hint=hint, total=total, code=code)


def totals_of(document: Document) -> list[SimpleNamespace]:
    """Subtotal, discount, taxes, total, and what is paid already."""
    totals = document.totals
    if totals is None:
        return [row(_("Total"), Money.zero(document.currency), total=True, code="gross")]
    rows = [row(_("Subtotal"), totals.line_net, code="subtotal")]
    if totals.allowances:
        label = level_label(document.allowances, _("Discount"))
        rows.append(row(label, -totals.allowances, code="discount"))
    if totals.charges:
        label = level_label(document.charges, _("Charges"))
        rows.append(row(label, totals.charges, code="charges"))
    rows += [tax_row(one, several=len(document.taxes) > 1) for one in document.taxes]
    if not totals.prepaid and not totals.rounding and totals.withheld is None:
        return [*rows, row(_("Total"), totals.gross, total=True, code="gross")]
    return [*rows, *down_to_due(totals)]


def tax_row(one: TaxBreakdown, *, several: bool) -> SimpleNamespace:
    """VAT 19%, with what it stands on where there are several."""
    locale = formats.reader()
    rate = one.rate or 0
    label = _("VAT %(rate)s%%") % {"rate": formats.number(rate, locale)}
    code = f"tax-{one.category}-{formats.number(rate, formats.locale_of('en'))}"
    if several:
        hint = formats.money(one.taxable, locale)
        return row(_("%(tax)s on") % {"tax": label}, one.tax, hint=hint, code=code)
    return row(label, one.tax, code=code)


def down_to_due(totals: Totals) -> list[SimpleNamespace]:
    """From the total with tax to what is to be paid."""
    rows = [row(_("Total with tax"), totals.gross, code="gross")]
    if totals.prepaid:
        rows.append(row(_("Paid already"), -totals.prepaid, code="prepaid"))
    if totals.rounding:
        rows.append(row(_("Rounding"), totals.rounding, code="rounding"))
    if totals.withheld is not None and totals.receivable is not None:
        rows.append(row(_("Withheld"), -totals.withheld, code="withheld"))
        return [*rows, row(_("To pay"), totals.receivable, total=True, code="due")]
    return [*rows, row(_("To pay"), totals.due, total=True, code="due")]


def level_label(levels: tuple[Allowance, ...], word: str) -> str:
    """Discount or charges, with the one percentage or reason that all of them have."""
    percents = {one.percent for one in levels}
    if len(percents) == 1 and (percent := percents.pop()) is not None:
        shown = formats.number(percent, formats.reader())
        return _("%(word)s %(percent)s%%") % {"word": word, "percent": shown}
    reasons = {one.reason for one in levels}
    return (reasons.pop() if len(reasons) == 1 else "") or word


def due_text(due_on: date | None) -> str:
    """Due Sun 20 Dec."""
    if due_on is None:
        return ""
    locale = formats.reader()
    if locale.language == "en":
        return _("Due %(day)s") % {"day": f"{due_on:%a} {due_on.day} {due_on:%b}"}
    return _("Due %(day)s") % {"day": format_skeleton("MMMEd", due_on, locale=locale)}
