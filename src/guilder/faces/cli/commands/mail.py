"""`guilder mail`: what is on its way, what failed, and trying again."""

from typing import Any

import click

from guilder.faces.cli import talk
from guilder.faces.cli.commands.invoice import (
    each,
    json_option,
    mail_shape,
    organization_option,
)

STATES = ("queued", "sending", "sent", "held", "failed", "returned")
STUCK = ("held", "failed", "returned")


@click.group("mail")
def command() -> None:
    """Look after mail: list it, and try again what did not arrive."""


@command.command("list")
@click.option("--state", "states", type=click.Choice(STATES), multiple=True, help="Only these.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@organization_option
@json_option
def list_(*, states: tuple[str, ...], limit: int, organization: str, as_json: bool) -> None:
    """Print mails, the newest first."""
    from guilder.faces.cli.papers import Desk
    from guilder.office.dispatch import queries as mails

    rows = mails.list_mails(by=Desk.of(organization).by, states=states, limit=limit)
    if as_json:
        talk.result([mail_shape(mail) for mail in rows])
        return
    for mail in rows:
        click.echo(f"{mail.id}  {mail.state:<9} {mail.to:<32} {mail.subject}")
        if mail.problem:
            click.echo(f"  {mail.problem}")


@command.command("retry")
@click.argument("ids", nargs=-1, type=click.UUID)
@click.option("--all", "everything", is_flag=True, help="All that is held, failed or returned.")
@organization_option
@json_option
@click.pass_context
def retry(
    context: click.Context,
    *,
    ids: tuple[Any, ...],
    everything: bool,
    organization: str,
    as_json: bool,
) -> None:
    """Try mails again that are held, failed or came back. A running worker sends them."""
    from guilder.faces.cli.papers import Desk
    from guilder.office.dispatch import operations as dispatch
    from guilder.office.dispatch import queries as mails

    if bool(ids) == everything:
        raise click.UsageError("Name mails by their ids, or say --all.")
    desk = Desk.of(organization)
    if everything:
        ids = tuple(mail.id for mail in mails.list_mails(by=desk.by, states=STUCK, limit=10_000))
        if not ids:
            talk.success("Nothing is held, failed or returned.")
    known = {str(mail_id): mail_id for mail_id in ids}

    def one(name: str) -> Any:
        mail = dispatch.retry_mail(known[name], by=desk.by, at=desk.now)
        talk.success(f"“{mail.subject}” will be sent to {mail.to}.")
        return mail_shape(mail)

    context.exit(each(tuple(known), one, as_json=as_json))
