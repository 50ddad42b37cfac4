"""Files too large to wait for: queued, made by a worker, found in the inbox."""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import translation

from guilder.faces.web.lists import exporting
from guilder.faces.web.lists.state import State, state_from
from guilder.faces.web.lists.table import Row, Source
from guilder.faces.web.shell import Visit
from guilder.foundation.files import operations as files
from guilder.foundation.identity import queries as identity
from guilder.foundation.jobs.queue import NO_RETRY, enqueue, task
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import GuilderError
from guilder.office.desk import operations as desk
from guilder.office.desk import queries as desks
from guilder.office.dispatch import operations as dispatch

SOURCES: dict[str, Source] = {}  # kind of list → what it is made of; filled by its addresses
TOLD = 500  # rows between two words on how far it is


class Stopped(Exception):
    """The person asked the job to stop."""


def begin_export(visit: Visit, state: State, *, kind: str) -> None:
    """Queue a list's export as CSV or XLSX for this person."""
    query = QueryDict(mutable=True)
    query.update(state.whole_query())
    begin(
        visit,
        "export",
        title=str(state.table.title),
        list=state.table.kind,
        query=query.urlencode(safe=",:"),
        format=kind,
        ids=[str(one) for one in state.ids],
        without=[str(one) for one in state.without],
        language=translation.get_language() or "en",
    )


def begin_zip(visit: Visit, ids: Sequence[UUID]) -> None:
    """Queue the PDFs of many documents as one ZIP for this person."""
    begin(visit, "zip", title="PDF", ids=[str(one) for one in ids])


def begin(visit: Visit, kind: str, **facts: Any) -> None:
    """Note the job at the person's desk and queue it: both or none."""
    by = visit.by
    with transaction(by.organization_id):
        total = len(facts["ids"]) if kind == "zip" else 0
        progress = desk.start_progress(by=by, kind=kind, at=visit.now, total=total, data=facts)
        enqueue(
            make_file,
            organization_id=by.organization_id,
            progress_id=progress.id,
            user_id=by.user_id,
        )


@task(name="web.file", retry=NO_RETRY)
def make_file(organization_id: UUID, progress_id: UUID, user_id: UUID) -> None:
    """Make what a person's job asks for; done before is done."""
    by = identity.actor_for(user_id, organization_id, source="job")
    visit = Visit(by, identity.get_organization(organization_id), [], "", datetime.now(UTC))
    progress = desks.get_progress(progress_id, by=by)
    if progress.is_over:
        return
    try:
        data, name, media = MAKERS[progress.kind](progress_id, progress.data, visit)
    except Stopped:
        desk.end_progress(progress_id, by=by, at=datetime.now(UTC), is_cancelled=True)
        return
    except GuilderError as error:
        desk.end_progress(progress_id, by=by, at=datetime.now(UTC), problem=error.detail)
        return
    stored = files.store(data, by=by, filename=name, media_type=media.partition(";")[0])
    desk.end_progress(progress_id, by=by, at=datetime.now(UTC), file_id=stored.id)


def exported(progress_id: UUID, facts: dict[str, Any], visit: Visit) -> tuple[bytes, str, str]:
    """A list's rows as a file."""
    import_module("guilder.faces.web.urls")  # so that every list has said what it is made of
    source = SOURCES[facts["list"]]
    with translation.override(facts["language"]):
        state = state_from(QueryDict(facts["query"]), source.table, visit)
        state = state.only(map(UUID, facts["ids"]), without=map(UUID, facts["without"]))
        rows = counted(exporting.all_rows(source, state, visit), progress_id, visit)
        kind = facts["format"]
        name = exporting.filename(state, visit, kind)
        if kind == "csv":
            text = "".join(exporting.csv_lines(rows, state.columns))
            return text.encode(), name, exporting.MEDIA[kind]
        data = exporting.xlsx_bytes(rows, state.columns, title=str(source.table.title))
        return data, name, exporting.MEDIA[kind]


def counted(rows: Iterator[Row], progress_id: UUID, visit: Visit) -> Iterator[Row]:
    """The rows, telling now and then how far it is. Raises Stopped."""
    since = 0
    for row in rows:
        yield row
        since += 1
        if since == TOLD:
            advance(progress_id, visit, done=since)
            since = 0
    advance(progress_id, visit, done=since)


def advance(progress_id: UUID, visit: Visit, **more: Any) -> None:
    """Note how far it is. Raises Stopped where the person asked for that."""
    if not desk.advance(progress_id, by=visit.by, at=datetime.now(UTC), **more):
        raise Stopped


def zipped(progress_id: UUID, facts: dict[str, Any], visit: Visit) -> tuple[bytes, str, str]:
    """The PDFs of some documents; one that cannot be set is left out and told of."""

    def tell(label: str, problem: str) -> None:
        failures = [{"label": label, "problem": problem}] if problem else []
        advance(progress_id, visit, done=1, failures=failures)

    data, _left_out = zip_of([UUID(one) for one in facts["ids"]], visit, tell=tell)
    return data, f"documents-{visit.today.isoformat()}.zip", "application/zip"


def untold(label: str, problem: str) -> None:
    """Nobody waits to be told."""
    del label, problem


def zip_of(
    ids: Sequence[UUID], visit: Visit, *, tell: Callable[[str, str], None] = untold
) -> tuple[bytes, list[tuple[UUID, str]]]:
    """The bytes of a ZIP, and (id, why) of what is not in it."""
    out, left_out, names = io.BytesIO(), [], set[str]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for invoice_id in ids:
            try:
                printed = dispatch.print_paper(invoice_id, by=visit.by, at=visit.now)
            except GuilderError as error:
                left_out.append((invoice_id, error.detail))
                tell(str(invoice_id), error.detail)
                continue
            name = printed.filename
            if name in names:
                name = f"{name.removesuffix('.pdf')}-{str(invoice_id)[-8:]}.pdf"
            names.add(name)
            archive.writestr(name, printed.pdf)
            tell(name, "")
    return out.getvalue(), left_out


MAKERS = {"export": exported, "zip": zipped}
