"""Filters as people set them: statuses, days, amounts, a client; each with its words for a chip."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from guilder.faces.web import days, formats, typed
from guilder.faces.web.lists.table import Words
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import NotFound
from guilder.registers.parties import queries as parties

if TYPE_CHECKING:
    from guilder.faces.web.lists.state import State

Range = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Filter(ABC):
    """One thing that narrows a list; `params` are its parts of the address."""

    name: str
    label: Words

    @property
    def params(self) -> tuple[str, ...]:
        """The names of its parts of the address."""
        return (self.name,)

    @abstractmethod
    def words(self, state: "State", visit: Visit) -> str:
        """What its chip says; nothing where it narrows nothing."""

    @abstractmethod
    def control(self, state: "State", visit: Visit) -> dict[str, Any]:
        """What the panel of filters shows for it."""

    @abstractmethod
    def read(self, state: "State", visit: Visit) -> Any:
        """What it narrows to, as its list understands it."""

    def tidy(self, given: dict[str, str], visit: Visit) -> None:
        """Put its parts of an address into the one form that means the same tomorrow."""
        del given, visit


@dataclass(frozen=True, slots=True)
class Choices(Filter):
    """Any of several."""

    options: Callable[[Visit], Sequence[tuple[str, Words]]]

    def read(self, state: "State", visit: Visit) -> tuple[str, ...]:
        """The chosen ones; unknown ones are passed over."""
        asked = state.value(self.name)
        if not asked:
            return ()
        known = self.known(state, visit)
        return tuple(one for one in asked.split(",") if one in known)

    def known(self, state: "State", visit: Visit) -> dict[str, Words]:
        """What can be chosen, asked for once however many views are counted."""
        if self.name not in state.options:
            state.options[self.name] = dict(self.options(visit))
        return state.options[self.name]

    def words(self, state: "State", visit: Visit) -> str:
        chosen = self.read(state, visit)
        labels = self.known(state, visit) if chosen else {}
        return ", ".join(str(labels[one]) for one in chosen)

    def control(self, state: "State", visit: Visit) -> dict[str, Any]:
        chosen = self.read(state, visit)
        return {
            "kind": "choices",
            "options": [
                {"value": code, "label": label, "on": code in chosen}
                for code, label in self.known(state, visit).items()
            ],
        }


@dataclass(frozen=True, slots=True)
class Days(Filter):
    """A preset such as this month, or from one day to another."""

    presets: tuple[str, ...]

    @property
    def params(self) -> tuple[str, ...]:
        return (self.name, f"{self.name}_from", f"{self.name}_to")

    def read(self, state: "State", visit: Visit) -> Range:
        """First and last day; None is open."""
        preset = state.value(self.name)
        if preset in self.presets:
            return PRESETS[preset][1](visit.today)
        return day(state.value(f"{self.name}_from")), day(state.value(f"{self.name}_to"))

    def tidy(self, given: dict[str, str], visit: Visit) -> None:
        for name in (f"{self.name}_from", f"{self.name}_to"):
            if given.get(self.name):
                given.pop(name, None)
            elif given.get(name):
                found = days.read(given[name], today=visit.today, language=language())
                given[name] = found.isoformat() if found else ""

    def words(self, state: "State", visit: Visit) -> str:
        preset = state.value(self.name)
        if preset in self.presets:
            return str(PRESETS[preset][0])
        locale = formats.reader()
        first, last = (formats.day(one, locale) if one else "" for one in self.read(state, visit))
        if first and last:
            return _("%(first)s – %(last)s") % {"first": first, "last": last}
        if first:
            return _("from %(day)s") % {"day": first}
        return _("until %(day)s") % {"day": last} if last else ""

    def control(self, state: "State", visit: Visit) -> dict[str, Any]:
        preset = state.value(self.name)
        first, last = (None, None) if preset in self.presets else self.read(state, visit)
        return {
            "kind": "days",
            "preset": preset,
            "options": [
                {"value": one, "label": PRESETS[one][0], "on": one == preset}
                for one in self.presets
            ],
            "from": first,
            "to": last,
        }


@dataclass(frozen=True, slots=True)
class Amounts(Filter):
    """From one amount to another, in each document's own currency."""

    @property
    def params(self) -> tuple[str, ...]:
        return (f"{self.name}_min", f"{self.name}_max")

    def read(self, state: "State", visit: Visit) -> tuple[Decimal | None, Decimal | None]:
        """Least and most; None is open."""
        del visit
        return amount(state.value(f"{self.name}_min")), amount(state.value(f"{self.name}_max"))

    def words(self, state: "State", visit: Visit) -> str:
        locale = formats.reader()
        least, most = (
            "" if one is None else formats.number(one, locale) for one in self.read(state, visit)
        )
        if least and most:
            return _("%(first)s – %(last)s") % {"first": least, "last": most}
        if least:
            return _("from %(amount)s") % {"amount": least}
        return _("up to %(amount)s") % {"amount": most} if most else ""

    def control(self, state: "State", visit: Visit) -> dict[str, Any]:
        del visit
        return {
            "kind": "amounts",
            "min": state.value(f"{self.name}_min"),
            "max": state.value(f"{self.name}_max"),
        }


@dataclass(frozen=True, slots=True)
class Client(Filter):
    """One client, sought by name."""

    side: str = "customer"

    def read(self, state: "State", visit: Visit) -> UUID | None:
        """The client's id."""
        del visit
        return identity(state.value(self.name))

    def words(self, state: "State", visit: Visit) -> str:
        chosen = self.read(state, visit)
        if chosen is None:
            return ""
        try:
            return parties.get_partner(visit.by.organization_id, chosen, side=self.side).name
        except NotFound:
            return _("Unknown")

    def control(self, state: "State", visit: Visit) -> dict[str, Any]:
        chosen = self.read(state, visit)
        return {
            "kind": "client",
            "value": str(chosen) if chosen else "",
            "text": self.words(state, visit) if chosen else "",
        }


def language() -> str:
    """The reader's language."""
    return get_language() or "en"


def day(text: str) -> date | None:
    """An ISO day, None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def identity(text: str) -> UUID | None:
    """An id, None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def amount(text: str) -> Decimal | None:
    """An amount as people type it, None for anything else."""
    try:
        found = Decimal(typed.number(text[:20]))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < 10**15 else None


# Presets of days


def month_of(today: date, *, back: int = 0) -> Range:
    """A whole month, so many before today's."""
    first = first_of(today.year, today.month - back)
    return first, first_of(first.year, first.month + 1) - timedelta(days=1)


def quarter_of(today: date, *, back: int = 0) -> Range:
    """A whole quarter, so many before today's."""
    first = first_of(today.year, (today.month - 1) // 3 * 3 + 1 - 3 * back)
    return first, first_of(first.year, first.month + 3) - timedelta(days=1)


def year_of(today: date, *, back: int = 0) -> Range:
    """A whole year, so many before today's."""
    return date(today.year - back, 1, 1), date(today.year - back, 12, 31)


def first_of(year: int, month: int) -> date:
    """The first day of a month; months beyond a year's ends are those of its neighbours."""
    years, index = divmod(month - 1, 12)
    return date(year + years, index + 1, 1)


PRESETS: dict[str, tuple[Words, Callable[[date], Range]]] = {
    "today": (gettext_lazy("Today"), lambda today: (today, today)),
    "last_7": (
        gettext_lazy("Last 7 days"),
        lambda today: (today - timedelta(days=6), today),
    ),
    "last_30": (
        gettext_lazy("Last 30 days"),
        lambda today: (today - timedelta(days=29), today),
    ),
    "this_month": (gettext_lazy("This month"), month_of),
    "last_month": (gettext_lazy("Last month"), lambda today: month_of(today, back=1)),
    "this_quarter": (gettext_lazy("This quarter"), quarter_of),
    "last_quarter": (gettext_lazy("Last quarter"), lambda today: quarter_of(today, back=1)),
    "this_year": (gettext_lazy("This year"), year_of),
    "last_year": (gettext_lazy("Last year"), lambda today: year_of(today, back=1)),
    "next_7": (gettext_lazy("Next 7 days"), lambda today: (today, today + timedelta(days=6))),
    "next_30": (gettext_lazy("Next 30 days"), lambda today: (today, today + timedelta(days=29))),
    "past": (gettext_lazy("Before today"), lambda today: (None, today - timedelta(days=1))),
}
PAST = ("today", "last_7", "last_30", "this_month", "last_month", "this_quarter", "last_quarter",
        "this_year", "last_year")  # fmt: skip
AHEAD = ("past", "today", "next_7", "next_30", "this_month", "last_month", "this_quarter")
