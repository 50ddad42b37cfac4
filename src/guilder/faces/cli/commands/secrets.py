"""`guilder secrets`: the master key that secrets in the database are sealed under."""

import click

from guilder.faces.cli import talk
from guilder.faces.cli.commands.invoice import json_option


@click.group("secrets")
def command() -> None:
    """Look after the master key, under which passwords of mail servers and the like are sealed."""


@command.command("rotate")
@click.option("--only-rewrap", is_flag=True, help="Make no key: GUILDER_MASTER_KEY has a new one.")
@json_option
@click.pass_context
def rotate(context: click.Context, *, only_rewrap: bool, as_json: bool) -> None:
    """Make a new master key and move every secret under it. Others may go on working.

    Exit code 1 where a secret's key is gone: it has to be entered anew.
    """
    from guilder.foundation.edges import rotation, secrets

    try:
        key, done = ("", rotation.rewrap_all()) if only_rewrap else rotation.rotate()
    except secrets.BadMasterKey as error:
        raise click.ClickException(
            f"{error} Then run: guilder secrets rotate --only-rewrap"
        ) from None
    if as_json:
        talk.result({"key": key, "moved": done.moved, "lost": done.lost})
    else:
        talk.success(f"{done.moved} secrets are sealed under the first master key.")
        for table, count in done.lost.items():
            talk.failure(f"{count} in {table} cannot be opened; enter them anew.")
    context.exit(1 if done.lost else 0)
