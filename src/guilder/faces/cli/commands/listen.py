"""`guilder listen`: events as they happen, forwarded to a program under construction."""

from datetime import datetime
from itertools import islice
from typing import Any

import click

from guilder.faces.cli import talk


@click.command("listen")
@click.option("--to", metavar="URL", default="", help="Forward each event there, signed.")
@click.option("--types", metavar="A,B", default="", help="Only these, such as invoice.*,payment.*.")
@click.option("--server", metavar="URL", default="", help="Another installation, by its API.")
@click.option("--key", envvar="GUILDER_KEY", default="", help="An API key of that installation.")
@click.option("--secret", envvar="GUILDER_WEBHOOK_SECRET", default="", help="What to sign with.")
@click.option("--organization", metavar="NAME", default="", help="Whose events: a name or an id.")
@click.option("--count", type=click.IntRange(1), default=None, help="Stop after so many events.")
@click.option(
    "--every", type=click.IntRange(1, 3600), default=5, help="Seconds between looks there."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.pass_context
def command(
    context: click.Context,
    *,
    to: str,
    types: str,
    server: str,
    key: str,
    secret: str,
    organization: str,
    count: int | None,
    every: int,
    as_json: bool,
) -> None:
    """Show what happens as it happens, and forward it to a program on this machine."""
    if server and not key:
        raise click.UsageError("Give an API key with --key or GUILDER_KEY.")
    if not server:
        context.obj.open()
    else:
        context.obj.set_up()
    from guilder.faces.cli import listening
    from guilder.office.webhooks import operations as webhooks

    chosen = tuple(one.strip() for one in types.split(",") if one.strip())
    source = (
        listening.There(server, key, chosen, every)
        if server
        else listening.Here(actor(organization), chosen)
    )
    secret = listening.checked_secret(secret or webhooks.new_secret())
    if to:
        listening.allow(to)
        talk.detail(f"Each call is signed with {secret}")
    source.start()
    talk.success("Listening. Stop with Ctrl-C.")
    for heard in islice(listening.stream(source), count):
        handed = listening.hand(heard, to=to, secret=secret) if to else None
        (as_object if as_json else as_line)(heard, handed)


def actor(organization: str) -> Any:
    """Guilder itself in the organization that was named."""
    from guilder.faces.cli.whose import organization_of
    from guilder.foundation.identity import operations as identity

    return identity.system_actor(organization_of(organization).id, source="cli")


def as_line(heard: Any, handed: Any) -> None:
    """One event for people."""
    at = datetime.now().astimezone().strftime("%H:%M:%S")
    told = ""
    if handed is not None:
        told = f"  → {handed.status or handed.problem} ({handed.milliseconds} ms)"
    click.echo(f"{at}  {heard.type:<26} {heard.id}{told}")


def as_object(heard: Any, handed: Any) -> None:
    """One event for programs."""
    told: dict[str, Any] = {"event": str(heard.id), "type": heard.type, "body": heard.body}
    if handed is not None:
        told |= {
            "status": handed.status,
            "problem": handed.problem,
            "milliseconds": handed.milliseconds,
        }
    talk.result(told)
