"""What the line under a long list says, kept while nothing has happened since."""

from collections.abc import Hashable, Sequence

from guilder.faces.web.kept import kept, unchanged
from guilder.faces.web.lists.state import State
from guilder.faces.web.lists.table import Figures, Source
from guilder.faces.web.shell import Visit

SHOWN_ONLY = ("sort", "cols", "density", "cursor")  # of an address: says nothing of which rows


def figures_of(source: Source, state: State, visit: Visit) -> Figures:
    """Count and sums of all rows as they are now. Raises django.db's OperationalError where
    adding up takes too long."""
    return kept(
        ("all", *rows_of(source, state)), visit, lambda: source.figures(state, visit, cap=None)
    )


def around(
    source: Source, state: State, counting: Sequence[State], visit: Visit, *, cap: int | None
) -> tuple[list[int], Figures]:
    """What tabs and foot tell of a page's rows: how many each of some states finds, and count and
    sums of what this one finds, looking at most at `cap` rows."""

    def made() -> tuple[list[int], Figures]:
        counts = source.counts(counting, visit, cap=source.table.counts_to)
        return counts, source.figures(state, visit, cap=cap)

    keep = kept if source.table.told else unchanged
    return keep(("around", cap, *rows_of(source, state)), visit, made)


def rows_of(source: Source, state: State) -> tuple[Hashable, ...]:
    """Which rows a state finds, as a key."""
    rows = {name: value for name, value in state.whole_query().items() if name not in SHOWN_ONLY}
    views = tuple(view.key for view in state.views if view.counted)
    return (source.table.kind, state.view.key, views, tuple(sorted(rows.items())))
