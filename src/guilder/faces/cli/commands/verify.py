"""`guilder verify`: proves on live data everything that must always hold."""

from typing import Any

import click

from guilder.faces.cli import talk


@click.command("verify")
@click.option("--organization", metavar="NAME", default="", help="Only this one: a name or an id.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(context: click.Context, *, organization: str, as_json: bool) -> None:
    """Prove every invariant; name what breaks one, and the row. Exit code 1 when something does."""
    from guilder.faces.cli.whose import organization_of
    from guilder.office.backup import queries as backup

    chosen = organization_of(organization).id if organization else None
    found = []
    total = len(backup.invariants())
    with talk.progress("Proving", total, plain=context.obj.plain) as bar:
        for proof in backup.verify(organization_id=chosen, progress=bar.advance):
            found.append(proof)
            if not as_json:
                tell(proof)
    broken = [proof for proof in found if not proof.holds]
    if as_json:
        talk.result({"ok": not broken, "proofs": [as_object(proof) for proof in found]})
    elif broken:
        names = ", ".join(proof.invariant for proof in broken)
        talk.failure(f"{len(broken)} of {len(found)} invariants are broken: {names}.")
    else:
        talk.success(f"All {len(found)} invariants hold.")
    context.exit(talk.FAILED if broken else talk.DONE)


def tell(proof: Any) -> None:
    """One proof for people: the result, and each breach."""
    click.echo(
        f"{'✓' if proof.holds else '✗'} {proof.invariant:<7} {proof.title}  ({proof.checked:,})"
    )
    for breach in proof.breaches:
        click.echo(f"    {breach.organization_id or ''} {breach.row_id or ''} {breach.fault}")


def as_object(proof: Any) -> dict[str, Any]:
    """One proof as a plain object."""
    return {
        "invariant": proof.invariant,
        "title": proof.title,
        "ok": proof.holds,
        "checked": proof.checked,
        "seconds": str(proof.seconds),
        "breaches": [
            {
                "organization": str(breach.organization_id or "") or None,
                "row": str(breach.row_id or "") or None,
                "fault": breach.fault,
            }
            for breach in proof.breaches
        ],
    }
