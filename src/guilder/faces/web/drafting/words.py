"""What the editor shows of a desk: sums, rows, checks, preview, as finished values."""

from collections.abc import Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.books.invoicing import queries
from guilder.faces.web import formats
from guilder.faces.web.drafting import (
    cards,
    checks,
    einvoice,
    figures,
    numbers,
    periods,
    previews,
    values,
)
from guilder.faces.web.drafting.desk import (
    Desk,
    Drawn,
    draw,
    rate_words,
)
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.kernel.currencies import minor_digits
from guilder.kernel.document import Document, Line
from guilder.kernel.money import Money
from guilder.registers.tax import queries as taxes

QUIET = frozenset(("S", "Z", "O"))  # categories whose reason is not shown unasked


def words_of(request: HttpRequest, visit: Visit, desk: Desk) -> dict[str, Any]:
    """Sums, due date, client, amounts of the lines, checks and preview of what is typed."""
    with visit.reading():
        drawn = draw(desk, visit)
        codes = taxes.list_tax_codes(visit.by.organization_id)
        client = cards.card_of(desk, visit)
        deposits = deposits_of(desk, visit)
        missing = checks.missing_of(desk, drawn, visit)
        echeck = einvoice.panel_of(desk, drawn.document)
    # Outside the transaction: setting a page takes its time.
    asked = request.POST.get("preview") or request.GET.get("preview", "")
    page = request.POST.get("page", "")
    preview = previews.preview_of(
        drawn.document,
        view=asked,
        page=int(page) if page.isdigit() else 1,
        desk=desk,
        visit=visit,
    )
    tax_pairs = cards.tax_pairs(codes, on=visit.today)
    if any(row["tax"] == values.AS_IT_IS for row in desk.rows):
        tax_pairs = [*tax_pairs, (values.AS_IT_IS, _("as imported"))]
    document = drawn.document
    currency = desk.currency(visit)
    return {
        "lines": rows_of(desk, drawn),
        "taxes": tax_pairs,
        "units": cards.unit_pairs(row["unit"] for row in desk.rows),
        "client": client,
        "figures": SimpleNamespace(
            rows=figures.totals_of(document)
            if document
            else [figures.row(_("Total"), Money.zero(currency), total=True)],
            due_text=due_words(document, desk),
            rate_text=rate_words(desk, visit, document),
            currency=currency,
            prepaid=document.totals.prepaid.minor if document and document.totals else 0,
            rounding=document.rounding.value if document else "group",
            is_opaque=is_opaque(desk),
            problems=missing,
            is_begun=bool(desk.typed or desk.client or desk.given["client_name"]),
        ),
        "echeck": echeck,
        "preview": preview,
        "deposits": deposits,
        "today": visit.today,
    }


def is_opaque(desk: Desk) -> bool:
    """Whether something is in the sums that no field shows, so that the script cannot reckon it."""
    old = desk.old
    levels = [whole for name in ("allowances", "charges") if (whole := old.get(name))]
    lines = old.get("lines", [])
    return (
        any(not values.is_simple_discount(values.whole_levels(one)) for one in levels)
        or any(
            line.get("charges")
            or line.get("base_quantity")
            or not values.is_simple_discount(values.whole_levels(line.get("allowances") or []))
            for line in lines
        )
        or bool(old.get("withholdings") or old.get("rounding_amount") or old.get("cash_rounding"))
    )


def due_words(document: Document | None, desk: Desk) -> str:
    """When it falls due, and in which parts."""
    if document is None or desk.shelf.kind:
        return ""
    if document.instalments:
        count = len(document.instalments)
        words = ngettext(
            "%(n)s part, the last on %(day)s", "%(n)s parts, the last on %(day)s", count
        )
        return words % {"n": count, "day": periods.shown(document.instalments[-1].due_on)}
    return figures.due_text(document.due_on)


def deposits_of(desk: Desk, visit: Visit) -> list[SimpleNamespace]:
    """The client's deposits that this invoice may take off."""
    if desk.shelf.kind or desk.client is None or desk.given["kind"] not in ("", "invoice"):
        return []
    found = queries.deposits_for(
        desk.client.id,
        by=visit.by,
        currency=desk.currency(visit),
        draft_id=desk.record.id if desk.record else None,
    )
    chosen = desk.deducts
    return [
        SimpleNamespace(
            id=str(one.id),
            number=one.number,
            on=one.issued_on,
            amount=one.gross,
            chosen=str(one.id) in chosen if chosen is not None else one.is_taken,
        )
        for one in found
    ]


def rows_of(desk: Desk, drawn: Drawn) -> list[SimpleNamespace]:
    """The rows as the grid draws them."""
    places = {row["key"]: index for index, row in enumerate(drawn.sound)}
    document = drawn.document
    reasons = drawn.sketch.reasons if drawn.sketch else ()
    shown = []
    for row in desk.rows:
        index = places.get(row["key"])
        line = document.lines[index] if document is not None and index is not None else None
        reason = reasons[index] if index is not None and index < len(reasons) else ""
        shown.append(drawn_row(row, line, reason, desk))
    return shown


def drawn_row(
    row: Mapping[str, str], line: Line | None, reason: str, desk: Desk
) -> SimpleNamespace:
    """One row with its amount, and its tax as the rules found it."""
    tax = line.tax if line else None
    rate = f"{(tax.rate or Decimal(0)).normalize():f}" if tax else ""
    label = f"{numbers.shown(rate)}%" if tax else ""
    extras = row["discount"] or row["period"] or row["note"]
    return SimpleNamespace(
        **row,
        amount=line.net if line else None,
        errors=desk.errors.get(row["key"], {}),
        rate=rate,
        category=tax.category if tax else "",
        inclusive=bool(line and line.price.tax_inclusive),
        price=f"{line.price.amount:f}" if line and not row["unit_price"] else "",
        auto=label,
        reason=said(reason),
        is_loud=bool(tax and tax.category not in QUIET and reason),
        has_extras=bool(extras),
    )


def marks_of(currency: str) -> SimpleNamespace:
    """How the script writes numbers and amounts."""
    locale = formats.reader()
    zero = Money.zero(currency)
    whole, bare = formats.money(zero, locale), formats.bare_money(zero, locale)
    return SimpleNamespace(
        decimal=numbers.decimal_mark(),
        group=numbers.group_mark(),
        places=minor_digits(currency),
        money=whole.replace(bare, "{}"),
    )
