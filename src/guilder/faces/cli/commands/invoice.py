"""`guilder invoice`: list, show, issue, send and print invoices and their kin."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from guilder.faces.cli import talk
from guilder.kernel.errors import GuilderError

organization_option = click.option(
    "--organization", metavar="NAME", default="", help="Which organization: a name or an id."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
WORDS = (
    "draft",
    "pending_approval",
    "issued",
    "sent",
    "viewed",
    "partially_paid",
    "paid",
    "overdue",
    "disputed",
    "credited",
    "written_off",
)
KINDS = ("invoice", "credit_note", "debit_note", "deposit", "pro_forma")


@click.group("invoice")
def command() -> None:
    """List, show, issue, send and print invoices, credit notes and their kin."""


@command.command("list")
@click.option("--status", "words", type=click.Choice(WORDS), multiple=True, help="Only these.")
@click.option("--kind", "kinds", type=click.Choice(KINDS), multiple=True, help="Only these.")
@click.option("-q", "--search", default="", help="Number or client.")
@click.option("--sort", default="-created_at", show_default=True, help="“-” turns it round.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@organization_option
@json_option
def list_(
    *,
    words: tuple[str, ...],
    kinds: tuple[str, ...],
    search: str,
    sort: str,
    limit: int,
    organization: str,
    as_json: bool,
) -> None:
    """Print invoices, the newest first."""
    from guilder.books.invoicing import queries as invoicing
    from guilder.books.invoicing import schemas
    from guilder.faces.cli.papers import Desk

    desk = Desk.of(organization)
    narrowed = invoicing.InvoiceFilter(today=desk.today, words=words, kinds=kinds, q=search)
    rows = invoicing.list_invoices(narrowed, by=desk.by, sort=sort, limit=limit)
    if as_json:
        talk.result([plain(schemas.invoice_head_out(row, on=desk.today)) for row in rows])
        return
    for row in rows:
        name = row.number or row.draft_reference
        due = f"{row.money(row.payable_amount)} {row.currency}"
        word = row.word(on=desk.today).replace("_", " ")
        click.echo(f"{name:<18} {word:<15} {due:>18}  {row.partner_name}")


@command.command("show")
@click.argument("name")
@organization_option
@json_option
def show(*, name: str, organization: str, as_json: bool) -> None:
    """Print one invoice; NAME is its number, its draft reference or its id."""
    from guilder.books.invoicing import schemas
    from guilder.faces.cli.papers import Desk
    from guilder.office.dispatch import queries as mails

    desk = Desk.of(organization)
    record = desk.invoice(name)
    shape = plain(schemas.invoice_out(record, on=desk.today))
    if as_json:
        talk.result(shape)
        return
    click.echo(f"{called(record)}  {record.word(on=desk.today).replace('_', ' ')}")
    click.echo(f"{record.partner_name}, {record.kind.replace('_', ' ')}")
    if record.issued_on:
        click.echo(f"issued {record.issued_on}, due {record.due_on or 'at once'}")
    for line in shape["lines"]:
        text = line["name"] or line["description"]
        click.echo(f"  {line['quantity']:>8} {line['unit']:<4} {text:<40} {line['net']:>14}")
    for label in ("net", "tax", "gross", "due"):
        click.echo(f"  {label:<53} {shape['totals'][label]:>14} {record.currency}")
    for mail in mails.list_mails(by=desk.by, invoice_id=record.id):
        click.echo(f"mail to {mail.to}: {mail.state} {mail.problem}".rstrip())


@command.command("issue")
@click.argument("names", nargs=-1, required=True)
@click.option("--on", metavar="DATE", help="The issue date as YYYY-MM-DD (else today).")
@organization_option
@json_option
@click.pass_context
def issue(
    context: click.Context,
    *,
    names: tuple[str, ...],
    on: str | None,
    organization: str,
    as_json: bool,
) -> None:
    """Give drafts their numbers; they can no longer be changed after that."""
    from guilder.books.invoicing import operations as books
    from guilder.books.invoicing import schemas
    from guilder.faces.cli.papers import Desk
    from guilder.kernel.wire import Wire
    from guilder.office.dispatch import operations as dispatch

    wire = Wire({"on": on})
    day = wire.day("on")
    wire.done()
    desk = Desk.of(organization)

    def one(name: str) -> Any:
        draft = desk.invoice(name).id
        dispatch.require_einvoice(draft, by=desk.by, at=desk.now, on=day, today=desk.today)
        record = books.issue_invoice(draft, by=desk.by, at=desk.now, on=day)
        talk.success(f"{name} is issued as {record.number}.")
        return plain(schemas.invoice_out(record, on=desk.today))

    context.exit(each(names, one, as_json=as_json))


@command.command("send")
@click.argument("names", nargs=-1, required=True)
@click.option("--to", multiple=True, metavar="ADDRESS", help="To whom, instead of the client.")
@click.option("--message", default="", help="A few words of your own.")
@click.option("--now", "at_once", is_flag=True, help="Talk to the mail server now, and wait.")
@organization_option
@json_option
@click.pass_context
def send(
    context: click.Context,
    *,
    names: tuple[str, ...],
    to: tuple[str, ...],
    message: str,
    at_once: bool,
    organization: str,
    as_json: bool,
) -> None:
    """Mail issued invoices to their clients, with the PDF. A running worker sends them.

    Exit code 0: all of them; 3: some; 1: none.
    """
    from guilder.faces.cli.papers import Desk
    from guilder.kernel.errors import Unavailable
    from guilder.office.dispatch import operations as dispatch
    from guilder.office.dispatch import queries as mails

    desk = Desk.of(organization)

    def one(name: str) -> Any:
        record = desk.invoice(name)
        mail = dispatch.send_paper(record.id, by=desk.by, at=desk.now, to=to, message=message)
        if at_once:
            dispatch.deliver_mail(mail.id, by=desk.by, at=desk.now)
            mail = mails.get_mail(mail.id, by=desk.by)
            if mail.state not in {"sent", "held"}:
                raise Unavailable(mail.problem or f"The mail is {mail.state}.")
        verb = {"sent": "is sent", "held": "is kept in the outbox"}.get(mail.state, "will be sent")
        talk.success(f"{called(record)} {verb} to {mail.to}.")
        return mail_shape(mail)

    context.exit(each(names, one, as_json=as_json))


@command.command("pdf")
@click.argument("name")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Where to (“-” is standard output); else a file here that is called as the invoice is.",
)
@organization_option
@json_option
def pdf(*, name: str, output: Path | None, organization: str, as_json: bool) -> None:
    """Write the PDF of an invoice, or of a draft."""
    from guilder.faces.cli.papers import Desk
    from guilder.office.dispatch import operations as dispatch

    desk = Desk.of(organization)
    printed = dispatch.print_paper(desk.invoice(name).id, by=desk.by, at=desk.now)
    if output is not None and str(output) == "-":
        click.echo(printed.pdf, nl=False)
        return
    place = output or Path(printed.filename)
    if place.is_dir():
        place /= printed.filename
    place.write_bytes(printed.pdf)
    talk.success(f"{place} ({len(printed.pdf):,} bytes)")
    if as_json:
        talk.result({"file": str(place), "bytes": len(printed.pdf)})


def each(names: tuple[str, ...], act: Callable[[str], Any], *, as_json: bool) -> int:
    """Do it to each, telling what does not work; gives the exit code."""
    good = bad = 0
    for name in names:
        try:
            shape = act(name)
        except GuilderError as error:
            bad += 1
            talk.failure(error.detail if len(names) == 1 else f"{name}: {error.detail}")
            for problem in error.problems:
                if problem.detail != error.detail:
                    talk.detail(f"{problem.pointer}: {problem.detail}")
            if as_json:
                talk.result({"name": name, "code": error.code, "detail": error.detail})
        else:
            good += 1
            if as_json:
                talk.result(shape)
    return talk.code_of(good=good, bad=bad)


def called(record: Any) -> str:
    """What people call it."""
    return record.number or record.draft_reference


def plain(shape: Any) -> Any:
    """A public shape as plain JSON values."""
    return msgspec.to_builtins(shape)


def mail_shape(mail: Any) -> dict[str, Any]:
    """A mail as a plain object."""
    return {
        "id": str(mail.id),
        "invoice": str(mail.invoice_id) if mail.invoice_id else None,
        "quote": str(mail.quote_id) if mail.quote_id else None,
        "to": mail.to,
        "subject": mail.subject,
        "state": mail.state,
        "attempts": mail.attempts,
        "problem": mail.problem,
        "queued_at": mail.queued_at.isoformat(),
        "next_attempt_at": mail.next_attempt_at.isoformat() if mail.next_attempt_at else None,
        "sent_at": mail.sent_at.isoformat() if mail.sent_at else None,
    }
