"""Rows as markup. A page of them with eight cells each are most of a list's page, and by templates
they took most of its time; so these pieces, and these alone, are put together here."""

from collections.abc import Callable, Sequence
from datetime import date
from html import escape as escaped

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from guilder.faces.web import formats
from guilder.faces.web.lists.table import Cell, Column, Entry, Row
from guilder.faces.web.templatetags.lists import badge
from guilder.kernel.money import Money

NOTHING = "—"
FAINT = '<span class="muted">—</span>'


def escape(value: object) -> str:
    """A value as text of a page; Django's own way looks for words to be translated later first."""
    return escaped(str(value))


def rows_of(rows: Sequence[Row], columns: Sequence[Column], *, sprite: str) -> list[SafeString]:
    """Each row as a table row."""
    locale = formats.reader()
    select, more = _("Select %(name)s"), _("More actions for %(name)s")
    heads = [(column, opening(column)) for column in columns]
    made = []
    for row in rows:
        name = str(row.name)
        cells = "".join(
            f'{start}{escape(cell.tone)}">{KINDS.get(cell.kind, text)(cell, locale)}</td>'
            for (_column, start), cell in zip(
                heads, (row.cells[column.key] for column in columns), strict=True
            )
        )
        label = escape(select % {"name": name})
        acts = menu(row, escape(more % {"name": name}), escape(sprite)) if row.menu else ""
        made.append(
            mark_safe(  # noqa: S308 (every value in it is escaped here)
                f'<tr data-row id="row-{row.id}"><td class="tickcell">'
                f'<input type="checkbox" class="check" name="id" value="{row.id}" form="bulkless"'
                f' data-tick aria-label="{label}" /></td>{cells}'
                f'<td class="hide-s acts">{acts}</td></tr>'
            )
        )
    return made


def opening(column: Column) -> str:
    """The beginning of a column's cells, up to the cell's own tone."""
    place = f' data-s="{column.slot}"' if column.slot else ""
    names = f"{'r ' if column.end else ''}{'' if column.slot else 'hide-s '}"
    return f'<td{place} class="{names}'


def menu(row: Row, label: str, sprite: str) -> str:
    """What can be done with a row; what opens beside it has a button of its own."""
    quick = "".join(
        f'<a class="btn quiet icon sm quick" id="quick-{row.id}" href="{escape(one.url)}"'
        f' data-do="sheet" data-kind="beside" aria-label="{escape(one.label)}:'
        f' {escape(row.name)}" title="{escape(one.label)}">{icon(one.icon, sprite)}</a>'
        for one in row.menu
        if one.sheet
    )
    entries = "".join(entry(one, sprite) for one in row.menu)
    return (
        f'{quick}<button class="btn quiet icon sm" type="button" popovertarget="acts-{row.id}"'
        f' aria-label="{label}">{icon("more", sprite)}</button>'
        f'<div class="menu" id="acts-{row.id}" popover>{entries}</div>'
    )


def entry(one: Entry, sprite: str) -> str:
    """One line of the menu."""
    extra = " download" if one.download else ""
    extra += ' data-do="sheet" data-kind="beside"' if one.sheet else ""
    extra += f' data-row-key="{escape(one.key.lower())}"' if one.key else ""
    key = f'<kbd aria-hidden="true">{escape(one.key)}</kbd>' if one.key else ""
    shown = icon(one.icon, sprite)
    return f'<a href="{escape(one.url)}"{extra}>{shown}{escape(one.label)}{key}</a>'


def icon(name: str, sprite: str) -> str:
    """A drawing of the sprite."""
    return f'<svg class="i" aria-hidden="true"><use href="{sprite}#{escape(name)}"/></svg>'


# Cells


def amount(value: Money, locale: formats.Locale) -> str:
    """An amount that reads left to right in every language."""
    return f'<bdi class="num">{escape(formats.money(value, locale))}</bdi>'


def day(value: date | None, locale: formats.Locale) -> str:
    """A day, or that there is none."""
    return escape(formats.day(value, locale)) if value else NOTHING


def money_cell(cell: Cell, locale: formats.Locale) -> str:
    """One amount."""
    return FAINT if cell.money is None else amount(cell.money, locale)


def moneys_cell(cell: Cell, locale: formats.Locale) -> str:
    """Amounts of several currencies, side by side."""
    shown = [amount(one, locale) for one in cell.many]
    return '<span class="muted"> · </span>'.join(shown) or FAINT


def day_cell(cell: Cell, locale: formats.Locale) -> str:
    """A day, and what it means today."""
    shown = f'<span class="num">{day(cell.day, locale)}</span>'
    if not cell.note:
        return shown
    tone = "late" if cell.late else "muted"
    return f'{shown} <span class="text-12 ms-1.5 {tone}">{escape(cell.note)}</span>'


def link_cell(cell: Cell, locale: formats.Locale) -> str:
    """What leads to the row's own page."""
    del locale
    tone = "muted" if cell.tone == "muted" else "main"
    note = f'<span class="sr">, {escape(cell.note)}</span>' if cell.note else ""
    words = f"{escape(cell.text)}{note}"
    return f'<a class="{tone} clipped" href="{escape(cell.url)}" data-open>{words}</a>'


def linkday_cell(cell: Cell, locale: formats.Locale) -> str:
    """A day that leads to the row's own page."""
    shown = day(cell.day, locale)
    return f'<a class="main num" href="{escape(cell.url)}" data-open>{shown}</a>'


def badge_cell(cell: Cell, locale: formats.Locale) -> str:
    """A status."""
    del locale
    return badge(str(cell.text))


def mail_cell(cell: Cell, locale: formats.Locale) -> str:
    """A mail address."""
    del locale
    return f'<bdi class="clipped">{escape(cell.text or NOTHING)}</bdi>'


def number_cell(cell: Cell, locale: formats.Locale) -> str:
    """A figure with its words."""
    del locale
    return f'<span class="num">{escape(cell.text or NOTHING)}</span>'


def text(cell: Cell, locale: formats.Locale) -> str:
    """Words, and a status beside them."""
    del locale
    shown = f'<span class="clipped">{escape(cell.text or NOTHING)}</span>'
    return f"{shown} {badge(str(cell.note))}" if cell.note else shown


KINDS: dict[str, Callable[[Cell, formats.Locale], str]] = {
    "money": money_cell,
    "moneys": moneys_cell,
    "day": day_cell,
    "link": link_cell,
    "linkday": linkday_cell,
    "badge": badge_cell,
    "mail": mail_cell,
    "number": number_cell,
}
