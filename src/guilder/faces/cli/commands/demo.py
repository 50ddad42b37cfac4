"""`guilder demo`: an invented firm to look around in."""

from datetime import UTC, datetime

import click

from guilder.faces.cli import talk


@click.command("demo")
@click.option("--reset", is_flag=True, help="Delete the demo organization and make it anew.")
@click.option("--delete", is_flag=True, help="Delete the demo organization.")
@click.option("--yes", is_flag=True, help="Do not ask before deleting.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(context: click.Context, *, reset: bool, delete: bool, yes: bool, as_json: bool) -> None:
    """Make the demo organization: fourteen months of an invented firm, dated from today."""
    from guilder.office.demo import operations as demo
    from guilder.office.demo import queries

    there = queries.demo_organization()
    if there and (reset or delete):
        if not yes:
            click.confirm(
                "Delete the demo organization with everything in it?", abort=True, err=True
            )
        demo.delete_demo()
        there = None
    if delete:
        talk.success("There is no demo organization.")
        return
    if there is None:
        with talk.progress("Making the demo", demo.steps(), plain=context.obj.plain) as bar:
            there = demo.make_demo(at=datetime.now(UTC), progress=bar.advance)
        talk.success("The demo is made.")
    else:
        talk.success("The demo is there already; --reset makes it anew.")
    talk.detail("Sign in as demo@guilder.example with the password guilder-demo.")
    if as_json:
        talk.result({"organization": str(there), "email": "demo@guilder.example"})
