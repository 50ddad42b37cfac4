"""`guilder search`: make the index of an organization anew, or say what it lacks."""

import click

from guilder.faces.cli import talk
from guilder.faces.cli.commands.invoice import json_option, organization_option


@click.group("search")
def command() -> None:
    """Look after the search: try it, or make its index anew."""


@command.command("rebuild")
@organization_option
@json_option
def rebuild(*, organization: str, as_json: bool) -> None:
    """Read every document, client, payment and item anew. Others may go on working."""
    from guilder.faces.cli.whose import organization_of
    from guilder.office.search import operations as search

    count = search.rebuild(organization_of(organization).id)
    if as_json:
        talk.result({"indexed": count})
        return
    talk.success(f"{count} things can be found.")


@command.command("check")
@organization_option
@json_option
@click.pass_context
def check(context: click.Context, *, organization: str, as_json: bool) -> None:
    """Say what the index lacks or knows too much of; exit 1 where it does."""
    from guilder.faces.cli.whose import organization_of
    from guilder.office.search import queries as search

    found = search.strays(organization_of(organization).id)
    if as_json:
        talk.result({name: [str(one) for one in ids] for name, ids in found.items()})
    elif found:
        for name, ids in found.items():
            click.echo(f"{name}: {len(ids)}, the first {ids[0]}")
    else:
        talk.success("The index holds everything and nothing else.")
    context.exit(1 if found else 0)
