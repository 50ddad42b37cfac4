"""Making and changing series, and the one statement that gives numbers."""

from datetime import date
from typing import Any
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.canonical import GENESIS
from guilder.kernel.errors import Conflict, Invalid, Stale
from guilder.kernel.wire import Wire
from guilder.registers.numbering import calc, queries
from guilder.registers.numbering.events import SeriesChanged
from guilder.registers.numbering.models import Counter, Series
from guilder.registers.numbering.queries import SeriesChoice

DEFAULTS = (
    ("invoice", "INV", "INV-{year}-{counter:05d}"),
    ("credit_note", "CN", "CN-{year}-{counter:05d}"),
    ("debit_note", "DN", "DN-{year}-{counter:05d}"),
    ("deposit", "DEP", "DEP-{year}-{counter:05d}"),
    ("pro_forma", "PF", "PF-{year}-{counter:05d}"),
    ("quote", "Q", "Q-{year}-{counter:05d}"),
)
FIELDS = ("kind", "code", "pattern", "period", "start_at", "branch", "is_default", "is_active")

# Moves the counter and the head of the chain, and says what came of it. It stands first in the last
# statement before commit, so the counter's row lock is held for that statement alone; everything
# that must be true with the number hangs on `numbered` in the same statement. An issue date before
# the last one of the series gives no row, and then nothing is written at all.
NUMBERED = """
numbered AS (
  INSERT INTO numbering_counter AS c
    (organization_id, id, series_id, period, last_value, last_issued_on, chain_hash, previous_hash)
  SELECT %(organization)s, %(counter_id)s, %(series_id)s, %(period)s, %(start_at)s, %(issued_on)s,
    numbering_link(%(genesis)s, %(series_code)s,
      numbering_text(%(prefix)s, %(start_at)s, %(digits)s, %(suffix)s),
      %(issued_on)s, %(content_hash)s), %(genesis)s
  WHERE NOT EXISTS (SELECT FROM numbering_counter WHERE organization_id = %(organization)s
    AND series_id = %(series_id)s AND last_issued_on > %(issued_on)s)
  ON CONFLICT (organization_id, series_id, period) DO UPDATE SET
    last_value = c.last_value + 1, last_issued_on = EXCLUDED.last_issued_on,
    previous_hash = c.chain_hash,
    chain_hash = numbering_link(c.chain_hash, %(series_code)s,
      numbering_text(%(prefix)s, c.last_value + 1, %(digits)s, %(suffix)s),
      %(issued_on)s, %(content_hash)s)
  WHERE c.last_issued_on <= EXCLUDED.last_issued_on
  RETURNING last_value AS sequence, previous_hash, chain_hash,
    numbering_text(%(prefix)s, last_value, %(digits)s, %(suffix)s) AS number
)"""
SECTIONS = {
    "uuid": ("organization", "counter_id", "series_id"),
    "text": ("period", "series_code", "prefix", "suffix"),
    "bigint": ("start_at",),
    "integer": ("digits",),
    "date": ("issued_on",),
    "bytea": ("genesis", "content_hash"),
}


def typed(sql: str, types: dict[str, tuple[str, ...]]) -> str:
    """`sql` with a cast on each named parameter, so that a prepared statement knows its types."""
    for kind, names in types.items():
        for name in names:
            sql = sql.replace(f"%({name})s", f"%({name})s::{kind}")
    return sql


NUMBERED = typed(NUMBERED, SECTIONS)


class IssuedBeforeLast(Conflict):
    """The issue date lies before the last one of the series."""

    code = "numbering.issued_before_last"


class SeriesCodeTaken(Conflict):
    """Another series has that code."""

    code = "numbering.code_taken"


class SeriesInUse(Conflict):
    """The series has given numbers; what they rest on stays."""

    code = "numbering.series_in_use"


def issue_in_series(
    series: SeriesChoice,
    *,
    organization_id: UUID,
    on: date,
    content_hash: bytes,
    writes: str,
    result: str,
    parameters: dict[str, Any],
) -> tuple[Any, ...]:
    """Give the next number and run `writes` with it: the last statement before commit.

    `writes` are further CTEs over `numbered` (sequence, number, previous_hash, chain_hash);
    `result` is the SELECT list over them. Raises IssuedBeforeLast, with nothing written.
    """
    values = series_values(
        series, organization_id=organization_id, on=on, content_hash=content_hash
    )
    row = (
        cursor()
        .execute(
            f"WITH {NUMBERED}, {writes} SELECT {result}", {**parameters, **values}, prepare=True
        )
        .fetchone()
    )
    if row is None:
        raise issued_before_last(organization_id, series)
    return row


def series_values(
    series: SeriesChoice, *, organization_id: UUID, on: date, content_hash: bytes
) -> dict[str, Any]:
    """What NUMBERED binds."""
    shape = series.shape_on(on)
    return {
        "organization": organization_id,
        "counter_id": uuid7(),
        "series_id": series.id,
        "series_code": series.code,
        "period": series.period_on(on),
        "start_at": series.start_at,
        "issued_on": on,
        "prefix": shape.prefix,
        "digits": shape.digits,
        "suffix": shape.suffix,
        "genesis": GENESIS,
        "content_hash": content_hash,
    }


def issued_before_last(organization_id: UUID, series: SeriesChoice) -> IssuedBeforeLast:
    """The refusal, naming the last issue date of the series."""
    last = (
        Counter.objects.of(organization_id)
        .filter(series_id=series.id)
        .order_by("-last_issued_on")
        .values_list("last_issued_on", flat=True)
        .first()
    )
    return IssuedBeforeLast(
        f"The last number of series {series.code} was issued on {last}. "
        "Choose that day or a later one, so that numbers and dates run together."
    )


def lock_counter(organization_id: UUID, series: SeriesChoice, *, on: date) -> tuple[int, bytes]:
    """Lock the counter for a bulk run: (last value, head of the chain). Raises IssuedBeforeLast.

    The caller writes the documents and then `move_counter`, all before its commit.
    """
    values = {
        "organization": organization_id,
        "counter_id": uuid7(),
        "series": series.id,
        "period": series.period_on(on),
        "before_first": series.start_at - 1,
        "on": on,
        "genesis": GENESIS,
    }
    run = cursor().execute
    run(
        "INSERT INTO numbering_counter (organization_id, id, series_id, period, last_value,"
        " last_issued_on, chain_hash, previous_hash) VALUES (%(organization)s, %(counter_id)s,"
        " %(series)s, %(period)s, %(before_first)s, %(on)s, %(genesis)s, %(genesis)s)"
        " ON CONFLICT (organization_id, series_id, period) DO NOTHING",
        values,
    )
    row = run(
        "SELECT last_value, chain_hash FROM numbering_counter WHERE organization_id ="
        " %(organization)s AND series_id = %(series)s AND period = %(period)s FOR UPDATE",
        values,
    ).fetchone()
    later = run(
        "SELECT 1 FROM numbering_counter WHERE organization_id = %(organization)s"
        " AND series_id = %(series)s AND last_issued_on > %(on)s LIMIT 1",
        values,
    ).fetchone()
    if later or row is None:
        raise issued_before_last(organization_id, series)
    return row


def move_counter(
    organization_id: UUID,
    series: SeriesChoice,
    *,
    on: date,
    last_value: int,
    chain_hash: bytes,
    previous_hash: bytes,
) -> None:
    """Put the counter that `lock_counter` locked where the bulk run ends."""
    cursor().execute(
        "UPDATE numbering_counter SET last_value = %s, last_issued_on = %s, chain_hash = %s,"
        " previous_hash = %s WHERE organization_id = %s AND series_id = %s AND period = %s",
        [
            last_value,
            on,
            chain_hash,
            previous_hash,
            organization_id,
            series.id,
            series.period_on(on),
        ],
    )


def set_up(*, by: Actor) -> None:
    """Give a new organization one default series for each kind of document."""
    by.require("series.edit")
    with transaction(by.organization_id):
        Series.objects.bulk_create(
            Series(
                organization_id=by.organization_id,
                kind=kind,
                code=code,
                pattern=pattern,
                period=Series.Period.YEAR,
                is_default=True,
            )
            for kind, code, pattern in DEFAULTS
        )
        audit.record(
            by=by,
            action="series.set_up",
            table="numbering_series",
            row_id=by.organization_id,
            before=None,
            after={"codes": [code for _, code, _ in DEFAULTS]},
        )


def create_series(*, by: Actor, data: dict[str, Any]) -> Series:
    """A new series from raw values; a new default takes the place of the old one.

    Raises Invalid with every fault, SeriesCodeTaken.
    """
    by.require("series.edit")
    values = read_series(data)
    with transaction(by.organization_id):
        rows = Series.objects.of(by.organization_id)
        if rows.filter(code=values["code"]).exists():
            raise SeriesCodeTaken(f"There is already a series “{values['code']}”.")
        if values["is_default"]:
            rows.filter(kind=values["kind"], branch=values["branch"], is_default=True).update(
                is_default=False
            )
        row = Series.objects.create(organization_id=by.organization_id, **values)
        note(row, by=by, action="series.create", before=None)
        return row


def update_series(
    series_id: UUID, *, by: Actor, data: dict[str, Any], version: int | None = None
) -> Series:
    """Change a series; code, kind, period and start stay once it has given a number.

    Raises NotFound, Stale, Invalid, SeriesInUse, SeriesCodeTaken.
    """
    by.require("series.edit")
    with transaction(by.organization_id):
        queries.get_series(by.organization_id, series_id)
        row = Series.objects.of(by.organization_id).lock().get(id=series_id)
        if version is not None and version != row.version:
            raise Stale("This series was changed in the meantime. Read it again.")
        before = audited(row)
        values = read_series({**before, **data})
        used = Counter.objects.of(by.organization_id).filter(series_id=row.id).exists()
        fixed = ("code", "kind", "period", "start_at")
        if used and any(values[name] != getattr(row, name) for name in fixed):
            raise SeriesInUse(
                "This series has given numbers: code, kind, period and start stay. "
                "Make a new series instead."
            )
        others = Series.objects.of(by.organization_id).exclude(id=row.id)
        if others.filter(code=values["code"]).exists():
            raise SeriesCodeTaken(f"There is already a series “{values['code']}”.")
        if values["is_default"]:
            others.filter(kind=values["kind"], branch=values["branch"], is_default=True).update(
                is_default=False
            )
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
        note(row, by=by, action="series.update", before=before)
        return row


def read_series(data: dict[str, Any]) -> dict[str, Any]:
    """The judged columns of a series; Invalid with every fault."""
    wire = Wire(data)
    wire.known(FIELDS)
    values: dict[str, Any] = {
        "kind": wire.choice("kind", Series.Kind.values, required=True),
        "code": wire.text("code", most=40, required=True),
        "pattern": wire.text("pattern", most=80, required=True),
        "period": wire.choice("period", Series.Period.values, default="none"),
        "start_at": wire.whole("start_at", default=1, most=10**15),
        "branch": wire.text("branch", most=40),
        "is_default": wire.flag("is_default"),
        "is_active": wire.flag("is_active", default=True),
    }
    problems = list(wire.problems)
    if values["pattern"]:
        problems += calc.pattern_problems(
            values["pattern"], period=values["period"], branch=values["branch"]
        )
    if problems:
        raise Invalid(problems=problems)
    return values


def audited(row: Series) -> dict[str, Any]:
    """What the audit trail keeps of a series."""
    return {name: getattr(row, name) for name in FIELDS}


def note(row: Series, *, by: Actor, action: str, before: dict[str, Any] | None) -> None:
    """Audit and tell."""
    audit.record(
        by=by,
        action=action,
        table="numbering_series",
        row_id=row.id,
        before=before,
        after=audited(row),
    )
    bus.publish(SeriesChanged(series_id=row.id, code=row.code), by=by)
