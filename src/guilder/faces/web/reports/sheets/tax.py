"""The tax of a period, and sales to businesses elsewhere in the Union."""

from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.faces.web import choices
from guilder.faces.web.reports.asked import Asked
from guilder.faces.web.reports.words import rate_words, span_words
from guilder.faces.web.shell import Visit
from guilder.kernel.money import Money
from guilder.office.reports import queries
from guilder.office.reports import schemas as calc
from guilder.office.reports.queries import TaxLine
from guilder.office.reports.schemas import Cell, Column, Section, Table, cells
from guilder.registers.tax import queries as taxes


def tax(visit: Visit, asked: Asked) -> Table:
    """Taxable amount and tax by category and rate, in the base currency."""
    base = visit.organization.base_currency
    found = queries.tax_lines(by=visit.by, span=asked.span, base=base)
    earlier: dict[tuple[str, object], TaxLine] = {}
    if asked.compared:
        lines = queries.tax_lines(by=visit.by, span=asked.compared, base=base)
        earlier = {(one.category, one.rate): one for one in lines}
    codes = codes_of(visit) if visit.by.may("tax.view") else {}
    rows = [
        cells(
            line_words(one),
            codes.get((one.category, one.rate), ""),
            Cell(one.invoice_count + one.credit_count, url_of(one, asked)),
            Money(one.invoiced, base),
            Money(one.credited, base),
            Cell(Money(one.taxable, base), url_of(one, asked)),
            Money(one.tax, base),
            *compared(one.tax, earlier.get((one.category, one.rate)), base, asked),
        )
        for one in found
    ]
    then = sum(one.tax for one in earlier.values())
    owed = sum(one.tax for one in found)
    total = cells(
        _("Total"),
        None,
        None,
        Money(sum(one.invoiced for one in found), base),
        Money(sum(one.credited for one in found), base),
        Money(sum(one.taxable for one in found), base),
        Money(owed, base),
        *([Money(then, base), calc.change(owed, then)] if asked.compared else []),
    )
    return Table(
        title=_("Tax on sales"),
        period=span_words(asked.span),
        columns=columns(asked, base),
        sections=(Section(rows, total=total),) if rows else (),
        notes=(
            _("By issue date, deposits included when issued; other currencies at the rate of each"
              " document. Each document is rounded as it was printed."),
        ),
    )  # fmt: skip


def columns(asked: Asked, base: str) -> tuple[Column, ...]:
    """Heads; the currency stands in them once."""
    then = span_words(asked.compared) if asked.compared else ""
    return (
        Column(_("Rate and category")),
        Column(_("Codes")),
        Column(_("Documents"), "count"),
        Column(_("Invoiced, %(currency)s") % {"currency": base}, "figure"),
        Column(_("Credit notes"), "figure"),
        Column(_("Taxable"), "figure"),
        Column(_("Tax"), "figure"),
        *([Column(then, "figure"), Column(_("Change"), "change")] if asked.compared else []),
    )


def compared(now: int, then: TaxLine | None, base: str, asked: Asked) -> tuple[Cell, ...]:
    """The tax before, and the change."""
    if not asked.compared:
        return ()
    before = then.tax if then else 0
    return cells(Money(before, base), calc.change(now, before))


def line_words(one: TaxLine) -> str:
    """`19% Taxed`, `Reverse charge`."""
    word = str(choices.CATEGORIES.get(one.category, one.category))
    return f"{rate_words(one.rate)} {word}" if one.rate else word


def codes_of(visit: Visit) -> dict[tuple[str, object], str]:
    """The organization's own codes of each category and rate."""
    found: dict[tuple[str, object], list[str]] = {}
    for code in taxes.list_tax_codes(visit.by.organization_id):
        for rate in {one.percent for one in code.rates.all()} or {None}:
            for key in {(code.category, rate), (code.category, rate or 0)}:
                found.setdefault(key, []).append(code.code)
    return {key: ", ".join(dict.fromkeys(names)) for key, names in found.items()}


def url_of(one: TaxLine, asked: Asked) -> str:
    """The documents behind a line."""
    rate = "" if one.rate is None else f"{one.rate.normalize():f}"
    return asked.behind("tax", category=one.category, rate=rate)


def taxed_documents(visit: Visit, asked: Asked) -> Table:
    """The documents behind a line of the tax."""
    base = visit.organization.base_currency
    papers = queries.taxed_documents(
        by=visit.by,
        span=asked.span,
        base=base,
        category=asked.filters.get("category", ""),
        rate=asked.rate(),
    )
    rows = [
        (
            Cell(one.number, reverse("web:invoice", args=[one.id])),
            *cells(
                str(choices.KINDS.get(one.kind, one.kind)),
                one.partner_name,
                one.day,
                Money(one.taxable, one.currency),
                Money(one.base_taxable, base),
                Money(one.base_tax, base),
            ),
        )
        for one in papers
    ]
    total = cells(
        _("Total"),
        None,
        None,
        None,
        None,
        Money(sum(one.base_taxable for one in papers), base),
        Money(sum(one.base_tax for one in papers), base),
    )
    return Table(
        title=_("Documents behind the tax"),
        period=span_words(asked.span),
        columns=(
            Column(_("Number")),
            Column(_("Kind")),
            Column(_("Client")),
            Column(_("Issued"), "day"),
            Column(_("Taxable, as issued"), "money"),
            Column(_("Taxable, %(currency)s") % {"currency": base}, "figure"),
            Column(_("Tax, %(currency)s") % {"currency": base}, "figure"),
        ),
        sections=(Section(rows, total=total),),
    )


def union(visit: Visit, asked: Asked) -> Table:
    """The recapitulative statement (EC sales list)."""
    base = visit.organization.base_currency
    found = queries.union_sales(
        by=visit.by, span=asked.span, base=base, country=visit.organization.country
    )
    rows = [
        cells(
            one.vat_id[:2],
            one.vat_id,
            Cell(one.partner_name, reverse("web:client", args=[one.partner_id])),
            Money(one.goods, base),
            Money(one.services, base),
            Money(one.goods + one.services, base),
        )
        for one in found
    ]
    goods, services = sum(one.goods for one in found), sum(one.services for one in found)
    total = cells(
        _("Total"),
        None,
        None,
        Money(goods, base),
        Money(services, base),
        Money(goods + services, base),
    )
    return Table(
        title=_("EC sales list"),
        period=span_words(asked.span),
        columns=(
            Column(_("Country")),
            Column(_("VAT ID")),
            Column(_("Client")),
            Column(_("Goods, %(currency)s") % {"currency": base}, "figure"),
            Column(_("Services"), "figure"),
            Column(_("Total"), "figure"),
        ),
        sections=(Section(rows, total=total),) if rows else (),
        notes=(
            _("Intra-Community supplies and reverse charge to VAT IDs of other member states."),
        ),
    )
