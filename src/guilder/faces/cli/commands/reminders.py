"""`guilder reminders`: what is due today, and sending it."""

from typing import TYPE_CHECKING

import click

from guilder.faces.cli import talk
from guilder.faces.cli.commands.invoice import json_option, organization_option

if TYPE_CHECKING:
    from guilder.office.dunning.operations import Letter


@click.group("reminders")
def command() -> None:
    """Remind clients of what they owe: look first, then send."""


@command.command("preview")
@organization_option
@json_option
def preview(*, organization: str, as_json: bool) -> None:
    """Print the letters of today; nothing is sent."""
    from guilder.faces.cli.papers import Desk
    from guilder.office.dunning import operations

    desk = Desk.of(organization)
    letters = operations.compose_letters(by=desk.by, on=desk.today)
    if as_json:
        talk.result([shape(one) for one in letters])
        return
    for one in letters:
        numbers = ", ".join(row.number for row in one.rows)
        word = "waits" if one.waits else "goes out"
        amount = f"{one.total} {one.currency}"
        head = f"{word:<9} {one.level} {one.tone:<9} {amount:>16}"
        click.echo(f"{head}  {one.partner_name}: {numbers}")


@command.command("run")
@organization_option
@json_option
def run(*, organization: str, as_json: bool) -> None:
    """Send every letter of today that waits for nobody; nothing goes out twice."""
    from guilder.faces.cli.papers import Desk
    from guilder.office.dunning import operations

    desk = Desk.of(organization)
    sent = operations.remind_due(by=desk.by, on=desk.today, at=desk.now)
    if as_json:
        talk.result({"sent": sent})
        return
    click.echo(f"{sent} sent.")


def shape(letter: "Letter") -> dict[str, object]:
    """A letter as one JSON object."""
    return {
        "client": letter.partner_name,
        "level": letter.level,
        "tone": letter.tone,
        "channel": letter.channel,
        "waits": letter.waits,
        "pay_by_on": letter.pay_by_on.isoformat(),
        "currency": letter.currency,
        "open": str(letter.open),
        "interest": str(letter.interest),
        "total": str(letter.total),
        "invoices": [one.number for one in letter.rows],
    }
