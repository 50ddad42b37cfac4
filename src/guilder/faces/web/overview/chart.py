"""The chart of what was invoiced and collected, as finished coordinates for an SVG."""

from collections.abc import Sequence
from decimal import Decimal
from types import SimpleNamespace

from babel.dates import format_date
from babel.numbers import format_compact_decimal
from django.utils.translation import gettext as _

from guilder.faces.web import formats
from guilder.faces.web.overview.calc import Bucket, scale
from guilder.kernel.money import Money

WIDTH, LEFT, TOP, BASE, LABEL = 740, 42, 12, 188, 206
HEIGHT = 214
ROUND = Decimal("2.5")


def drawn(columns: Sequence[Bucket], currency: str, *, daily: bool) -> SimpleNamespace | None:
    """Everything that the template prints; None when there is nothing to show."""
    highest = max((max(one.invoiced, one.collected + one.expected) for one in columns), default=0)
    if highest <= 0:
        return None
    step, steps = scale(-(-highest // minor(currency)))
    top = step * steps * minor(currency)
    width = Decimal(WIDTH - LEFT) / len(columns)
    bar = min(Decimal(15), (width - 4) / Decimal("2.2")).quantize(Decimal("0.1"))
    return SimpleNamespace(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        base=BASE,
        label_y=LABEL,
        grid=[grid_line(n, steps, step) for n in range(steps + 1)],
        columns=[
            column(one, index, width=width, bar=bar, top=top, currency=currency, daily=daily)
            for index, one in enumerate(columns)
        ],
        has_expected=any(one.expected for one in columns),
    )


def minor(currency: str) -> int:
    """How many minor units make one."""
    return Money.of("1", currency).minor


def grid_line(n: int, steps: int, step: int) -> SimpleNamespace:
    """A line of the grid with its figure: 30k."""
    y = BASE - Decimal(BASE - TOP) * n / steps
    locale = formats.reader()
    figure = format_compact_decimal(step * n, locale=locale, fraction_digits=fraction(step * n))
    if locale.language == "en":
        figure = figure.lower()  # 30k, as everywhere in figures
    return SimpleNamespace(y=f"{y:.1f}", text_y=f"{y + 4:.1f}", text=figure, is_base=n == 0)


def fraction(value: int) -> int:
    """One decimal where a round figure needs it: 1.5K."""
    for size in (10**9, 10**6, 10**3):
        if value >= size:
            return 1 if value % size else 0
    return 0


def column(
    one: Bucket, index: int, *, width: Decimal, bar: Decimal, top: int, currency: str, daily: bool
) -> SimpleNamespace:
    """One column: bars, label, and its figures in words."""
    start = LEFT + width * index
    middle = start + width / 2
    gap = Decimal(1) if daily else Decimal(3)
    left, right = middle - bar - gap / 2, middle + gap / 2
    height = lambda amount: Decimal(BASE - TOP) * max(amount, 0) / top  # noqa: E731
    tall = height(one.collected)
    return SimpleNamespace(
        x=f"{start:.1f}",
        width=f"{width:.1f}",
        middle=f"{middle:.1f}",
        label=label_of(one, daily=daily),
        is_now=one.is_now,
        words=words_of(one, currency, daily=daily),
        billed=rounded(left, bar, Decimal(BASE), height(one.invoiced)),
        got=rounded(right, bar, Decimal(BASE), tall),
        soon=rounded(right, bar, BASE - tall - (1 if tall else 0), height(one.expected)),
        tip=tip_of(one, currency, middle),
    )


def rounded(x: Decimal, width: Decimal, base: Decimal, height: Decimal) -> str:
    """The path of a bar that stands on `base`, its upper corners round; empty without height."""
    if height < Decimal("0.5"):
        return ""
    corner = min(ROUND, height, width / 2)
    rise, flat = height - corner, width - 2 * corner
    return (
        f"M{x:.1f} {base:.1f}v-{rise:.1f}q0 -{corner:.1f} {corner:.1f} -{corner:.1f}h{flat:.1f}"
        f"q{corner:.1f} 0 {corner:.1f} {corner:.1f}v{rise:.1f}z"
    )


def tip_of(one: Bucket, currency: str, middle: Decimal) -> SimpleNamespace:
    """What stands over a column while it is pointed at or has focus."""
    locale = formats.reader()
    lines = [
        (_("Invoiced"), formats.money(Money(one.invoiced, currency), locale)),
        (_("Collected"), formats.money(Money(one.collected, currency), locale)),
    ]
    if one.expected:
        lines.append((_("Expected"), formats.money(Money(one.expected, currency), locale)))
    width = 28 + 6 * max(len(name) + len(text) for name, text in lines)
    x = max(Decimal(LEFT), min(middle - Decimal(width) / 2, Decimal(WIDTH - width)))
    return SimpleNamespace(
        x=f"{x:.1f}",
        width=width,
        height=12 + 17 * len(lines),
        lines=[
            SimpleNamespace(
                name=name,
                text=text,
                y=f"{18 + 17 * n}",
                x=f"{x + 10:.1f}",
                end=f"{x + width - 10:.1f}",
            )
            for n, (name, text) in enumerate(lines)
        ],
    )


def label_of(one: Bucket, *, daily: bool) -> str:
    """Under a column: Nov, or 20; of many days only some."""
    if not daily:
        return format_date(one.start, "LLL", locale=formats.reader()).rstrip(".")
    return str(one.start.day) if one.start.day == 1 or one.start.day % 5 == 0 else ""


def name_of(one: Bucket, *, daily: bool) -> str:
    """A column's whole name: November 2026, or 20 Nov 2026."""
    locale = formats.reader()
    if daily:
        return formats.day(one.start, locale)
    return format_date(one.start, "LLLL y", locale=locale)


def words_of(one: Bucket, currency: str, *, daily: bool) -> str:
    """A column in words."""
    locale = formats.reader()
    facts = {
        "when": name_of(one, daily=daily),
        "invoiced": formats.money(Money(one.invoiced, currency), locale),
        "collected": formats.money(Money(one.collected, currency), locale),
        "expected": formats.money(Money(one.expected, currency), locale),
    }
    if one.expected:
        return (
            _("%(when)s: %(invoiced)s invoiced, %(collected)s collected, %(expected)s expected")
            % facts
        )
    return _("%(when)s: %(invoiced)s invoiced, %(collected)s collected") % facts


def table_of(columns: Sequence[Bucket], currency: str, *, daily: bool) -> list[SimpleNamespace]:
    """The same as rows."""
    return [
        SimpleNamespace(
            name=name_of(one, daily=daily),
            invoiced=Money(one.invoiced, currency),
            collected=Money(one.collected, currency),
            expected=Money(one.expected, currency) if one.expected else None,
        )
        for one in columns
    ]
