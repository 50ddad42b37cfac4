"""A list as data: columns, filters, views and acts; what every list is drawn and exported from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from django.utils.functional import Promise

from guilder.faces.web.shell import Visit
from guilder.kernel.money import Money

if TYPE_CHECKING:
    from guilder.faces.web.lists.filters import Filter
    from guilder.faces.web.lists.state import State

Words = str | Promise
Place = tuple[Any, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `sort` names the order that its head gives; `slot` is its place in the two-line
    row of a phone (1 to 4, 0 for none); `fixed` ones are always there, and first."""

    key: str
    label: Words
    sort: str = ""
    end: bool = False
    slot: int = 0
    shown: bool = True
    fixed: bool = False
    money: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltIn:
    """A view that every organization has; its query narrows and sorts."""

    key: str
    label: Words
    query: Mapping[str, str] = field(default_factory=dict)
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a row. `kind` says how it is drawn (lists.cells), `plain` is
    what an export writes instead of the words; of money None, that it writes nothing."""

    kind: str
    text: Words = ""
    url: str = ""
    tone: str = ""
    note: Words = ""
    late: bool = False
    money: Money | None = None
    many: Sequence[Money] = ()
    day: date | None = None
    plain: Any = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a row's menu; `key` is the single key that does it while the row has focus."""

    label: Words
    url: str
    icon: str
    key: str = ""
    sheet: bool = False
    download: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: cells by column key, what its menu holds, and what it is called."""

    id: UUID
    url: str
    name: str
    cells: Mapping[str, Cell]
    menu: Sequence[Entry] = ()
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """What a column sums up to, one amount for each currency."""

    label: Words
    amounts: Sequence[Money]


@dataclass(frozen=True, slots=True)
class Figures:
    """How many rows a list has in all and their sums; `whole` is false where there are more than
    were looked at."""

    count: int
    sums: Sequence[Sum] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that an act left out, and why."""

    label: str
    url: str
    problem: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an act on many came to. `undo` is the address that takes it back; a `file` is
    (bytes, name, media type)."""

    text: str = ""
    failures: Sequence[Failure] = ()
    undo: str = ""
    file: tuple[bytes, str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What can be done to all that are selected. A final one asks `question` first."""

    key: str
    label: Words
    icon: str
    permission: str = ""
    run: Callable[[Sequence[UUID], Visit], Outcome]
    question: Callable[[int], str] | None = None
    consequence: Words = ""
    danger: bool = False
    main: bool = True
    most: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """What a list says that never had a row: what such a thing is, and how to begin."""

    icon: str
    title: Words
    text: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One list. `nouns` tells a count ("16 invoices"), given as (number, its words)."""

    kind: str
    route: str
    title: Words
    label: Words
    caption: Words
    hint: Words
    nouns: Callable[[int, str], str]
    none_match: Words
    columns: Sequence[Column]
    views: Sequence[BuiltIn]
    sort: str
    empty: Empty
    filters: Sequence["Filter"] = ()
    acts: Sequence[Act] = ()
    create: tuple[Words, str, str] | None = None  # label, route, permission
    load: tuple[str, str] | None = None  # route of the import page, permission
    shown_sum: Words = ""  # of the sums, the one that the bulk bar tells
    counts_to: int = 10_000  # the tabs count so far
    told: bool = False  # whatever changes its rows is an event of the organization

    @property
    def sorts(self) -> frozenset[str]:
        """The orders that its heads give."""
        return frozenset(column.sort for column in self.columns if column.sort) | {
            self.sort.removeprefix("-")
        }


class Source(Protocol):
    """What a list's room gives the machine."""

    @property
    def table(self) -> Table:
        """What the list is."""
        ...

    def rows(
        self, state: "State", visit: Visit, *, sort: str, limit: int, after: Place | None
    ) -> Sequence[Any]:
        """Records in the order `sort`, those beyond `after`."""
        ...

    def key(self, record: Any, sort: str) -> Place:
        """(sort value, id) of a record."""
        ...

    def draw(self, records: Sequence[Any], state: "State", visit: Visit) -> list[Row]:
        """Records as rows with the state's columns."""
        ...

    def counts(self, states: Sequence["State"], visit: Visit, *, cap: int) -> list[int]:
        """How many each of some states finds, at most cap + 1."""
        ...

    def figures(self, state: "State", visit: Visit, *, cap: int | None) -> Figures:
        """Count and sums of what a state finds, looking at most at `cap` rows (None: at all)."""
        ...

    def chosen(self, state: "State", visit: Visit, *, limit: int) -> list[UUID]:
        """The ids of what a state finds."""
        ...
