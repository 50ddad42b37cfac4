"""A report as a file to keep."""

from typing import cast

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _

from guilder.faces.web import formats
from guilder.faces.web.reports.words import written
from guilder.faces.web.shell import Visit
from guilder.office.reports import operations as writing
from guilder.office.reports.schemas import Table

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def as_file(table: Table, kind: str, visit: Visit, *, name: str) -> HttpResponse:
    """The table as CSV, XLSX or PDF, named after the report and the day."""
    if kind == "csv":
        answer = StreamingHttpResponse(writing.write_csv(table), content_type=TYPES[kind])
    elif kind == "xlsx":
        answer = HttpResponse(writing.write_xlsx(table), content_type=TYPES[kind])
    else:
        answer = HttpResponse(as_pdf(table, visit), content_type=TYPES[kind])
    return saved_as(answer, f"{name}-{visit.today.isoformat()}.{kind}")


def as_pdf(table: Table, visit: Visit) -> bytes:
    """The table in the reader's own writing."""
    locale = formats.reader()
    return writing.write_pdf(
        table,
        written=written,
        organization=visit.organization.name,
        made=_("made on %(day)s") % {"day": formats.day(visit.today, locale)},
        page=_("Page {n} of {m}"),
        language=translation.get_language() or "en",
        at=visit.now,
    )


def saved_as(answer: HttpResponseBase, name: str) -> HttpResponse:
    """The answer as a download; what streams passes for an answer everywhere."""
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return cast("HttpResponse", answer)
