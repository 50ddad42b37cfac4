"""`guilder documents`: papers of suppliers from the mail server of the house."""

import sys
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import click

from guilder.faces.cli import talk

MOST = 48 << 20


@click.group("documents")
def command() -> None:
    """Take papers of suppliers in from a mail server."""


@command.command("mail")
@click.option("--organization", metavar="NAME", default="", help="Whose: a name or an id.")
@click.option("--sender", metavar="ADDRESS", default="", help="The envelope's sender.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a file.")
@click.pass_context
def mail(context: click.Context, *, organization: str, sender: str, as_json: bool) -> None:
    """Take in what is enclosed in one mail on standard input, as a mail server pipes it.

    Exit code 0: all of it; 3: some; 1: none.
    """
    context.obj.open()
    from guilder.faces.cli.whose import organization_of
    from guilder.flows.intake import operations as intake

    by = actor(organization_of(organization).id)
    data = sys.stdin.buffer.read(MOST + 1)
    found = intake.receive_mail(data, by=by, at=datetime.now(UTC), sender=sender)
    for one in found:
        tell(one, as_json=as_json)
    good = sum(one.error is None for one in found)
    context.exit(talk.code_of(good=good, bad=len(found) - good))


@command.command("lmtp")
@click.option("--listen", metavar="HOST:PORT", default="127.0.0.1:2424", show_default=True)
@click.option(
    "--organization", metavar="NAME", default="", help="Whose, where no address names one."
)
@click.pass_context
def lmtp(context: click.Context, *, listen: str, organization: str) -> None:
    """Listen for the mail server of the house by LMTP; addresses are bills+<organization id>@host.

    A mail is acknowledged when its papers are on disk.
    """
    context.obj.open()
    from guilder.faces.cli.lmtp import Server
    from guilder.faces.cli.whose import organization_of

    host, _, port = listen.rpartition(":")
    if not port.isdecimal():
        raise click.UsageError("Give --listen as HOST:PORT, such as 127.0.0.1:2424.")
    whose = organization_of(organization).id if organization else None
    with Server((host or "127.0.0.1", int(port)), deliver, organization=whose) as server:
        talk.success(f"Listening on {host}:{server.server_address[1]}. Stop with Ctrl-C.")
        server.serve_forever()


def deliver(organization_id: UUID, data: bytes, sender: str) -> str:
    """Take one mail in; "" or why not. Raises TryLater."""
    from django.db import close_old_connections, connections
    from django.db.utils import InterfaceError, OperationalError

    from guilder.faces.cli.lmtp import TryLater
    from guilder.flows.intake import operations as intake
    from guilder.foundation.identity import queries as identities
    from guilder.kernel.errors import GuilderError, NotFound, Unavailable

    close_old_connections()
    try:
        identities.get_organization(organization_id)
        found = intake.receive_mail(
            data, by=actor(organization_id), at=datetime.now(UTC), channel="lmtp", sender=sender
        )
    except NotFound:
        return "No organization has this address."
    except (Unavailable, OperationalError, InterfaceError) as error:
        raise TryLater(str(error)) from None
    except GuilderError as error:
        return error.detail
    finally:
        connections.close_all()
    if any(one.error is None for one in found):
        return ""
    return " ".join(one.error.detail for one in found if one.error is not None)


def actor(organization_id: UUID) -> Any:
    """Guilder itself in an organization."""
    from guilder.foundation.identity import operations as identity

    return identity.system_actor(organization_id, source="cli")


def tell(one: Any, *, as_json: bool) -> None:
    """What became of one file."""
    numbers = [row.number or row.filename for row in one.documents]
    if as_json:
        talk.result(
            {
                "file": one.name,
                "ok": one.error is None,
                "is_new": one.is_new,
                "documents": [str(row.id) for row in one.documents],
                "problem": one.error.detail if one.error is not None else None,
            }
        )
    elif one.error is not None:
        talk.failure(one.name)
        talk.detail(one.error.detail)
    else:
        click.echo(f"✓ {one.name}: {', '.join(numbers)}{'' if one.is_new else ' (known)'}")
