"""`guilder convert`: a paper from one format into another; needs no database."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from guilder.faces.cli import talk
from guilder.kernel.document import Document
from guilder.kernel.errors import Invalid, NotFound
from guilder.papers.exchange import leeway
from guilder.papers.exchange.check import completed, differences
from guilder.papers.exchange.formats.targets import TARGETS, target_of
from guilder.papers.exchange.reading import read
from guilder.papers.exchange.roundtrip import Difference, Written, written

PDF = ".pdf"
MOST_SHOWN = 20


class NotConvertible(Invalid):
    """The paper cannot be completed, or its figures contradict each other."""

    code = "exchange.not_convertible"


@click.command("convert")
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("to", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--to", "name", required=True, type=click.Choice(tuple(TARGETS)), help="The format.")
@click.option("--strict", is_flag=True, help="Write nothing where something would be lost.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(
    context: click.Context, *, source: Path, to: Path, name: str, strict: bool, as_json: bool
) -> None:
    """Convert the e-invoice SOURCE (any that is read, a hybrid PDF, CSV or JSON) into the file TO.

    A Factur-X profile becomes a PDF with the e-invoice inside where TO ends with .pdf. What the
    format has no place for is named. Exit code 0: written; 1: not; 3: written with losses.
    """
    try:
        document = document_in(source)
        made = written(document, name)
    except (Invalid, NotFound) as error:
        refuse(context, source, error, as_json=as_json)
        return
    is_kept = strict and made.losses
    if not is_kept:
        to.write_bytes(hybrid(document, made) if to.suffix.lower() == PDF else made.data)
    if as_json:
        talk.result(told(source, to, made))
    else:
        tell(to, made, is_written=not is_kept)
    context.exit(talk.FAILED if is_kept else talk.PARTLY if made.losses else talk.DONE)


def document_in(source: Path) -> Document:
    """The paper in a file, with its sums; NotConvertible where it states others.

    Raises the errors of the readers too.
    """
    reading = leeway.settled(read(source.read_bytes(), str(source)))
    document, problems = completed(reading)
    if document is None or reading.problems:
        raise NotConvertible(problems=[*reading.problems, *problems])
    document, _ = leeway.as_stated(document, reading)
    if found := tuple(differences(reading, document)):
        raise NotConvertible(problems=found)
    return document


def hybrid(document: Document, made: Written) -> bytes:
    """The paper printed, with the e-invoice inside."""
    from guilder.papers.rendering.hybrid import Enclosure, enclose
    from guilder.papers.rendering.printing import render_pdf

    target = made.target
    if not target.profile:
        raise click.UsageError(f"{target.title} does not stand inside a PDF. Name the file .xml.")
    enclosure = Enclosure(xml=made.data, filename=target.attachment, profile=target.profile)
    return enclose(render_pdf(document), enclosure, at=datetime.now(UTC))


def refuse(context: click.Context, source: Path, error: Any, *, as_json: bool) -> None:
    """Say why nothing was written."""
    details = [problem.detail for problem in error.problems] or [error.detail]
    if as_json:
        talk.result({"file": str(source), "ok": False, "code": error.code, "problems": details})
    else:
        talk.failure(f"{source} cannot be converted.")
        for detail in details[:MOST_SHOWN]:
            talk.detail(detail)
    context.exit(talk.FAILED)


def told(source: Path, to: Path, made: Written) -> dict[str, Any]:
    """What was done, for programs."""
    return {
        "file": str(source),
        "ok": True,
        "to": str(to),
        "format": made.target.name,
        "lossless": not made.losses,
        "differences": [
            {
                "change": one.change,
                "term": one.term,
                "place": one.place,
                "value": one.value,
                "read": one.read,
            }
            for one in made.differences
        ],
    }


def tell(to: Path, made: Written, *, is_written: bool) -> None:
    """What was done, for people."""
    title = target_of(made.target.name).title
    if not made.losses:
        talk.success(f"{to} is {title}; nothing is lost.")
        return
    count = len(made.losses)
    if is_written:
        talk.failure(f"{to} is {title}; {count:,} values have no place in it:")
    else:
        talk.failure(f"Nothing was written: {count:,} values have no place in {title}:")
    for one in made.losses[:MOST_SHOWN]:
        talk.detail(line_of(one))
    if count > MOST_SHOWN:
        talk.detail(f"and {count - MOST_SHOWN:,} more; --json tells all")


def line_of(one: Difference) -> str:
    """`BT-28 /seller/trading_name: Muster`, and what is read instead."""
    name = f"{one.term} {one.place}".strip()
    return f"{name}: {one.value}" + (f" → {one.read}" if one.read else "")
