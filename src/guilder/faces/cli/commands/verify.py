"""`guilder verify`: proves on live data everything that must always hold."""

from typing import Any
from uuid import UUID

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
    from guilder.office.verifactu import queries as verifactu

    chosen = organization_of(organization).id if organization else None
    found = []
    total = len(backup.invariants())
    with talk.progress("Proving", total, plain=context.obj.plain) as bar:
        for proof in backup.verify(organization_id=chosen, progress=bar.advance):
            found.append(proof)
            if not as_json:
                tell(proof)
    broken = [proof for proof in found if not proof.holds]
    waiting = verifactu.waiting_counts(chosen)
    if as_json:
        talk.result(
            {
                "ok": not broken,
                "proofs": [as_object(proof) for proof in found],
                "waiting": as_waiting(waiting),
            }
        )
    elif broken:
        names = ", ".join(proof.invariant for proof in broken)
        talk.failure(f"{len(broken)} of {len(found)} invariants are broken: {names}.")
    else:
        talk.success(f"All {len(found)} invariants hold.")
    if waiting and not as_json:
        tell_waiting(waiting)
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


def tell_waiting(waiting: dict[UUID, int]) -> None:
    """Documents whose Spanish billing record cannot be made yet: no breach, but for a person."""
    for organization_id, count in waiting.items():
        click.echo(
            f"! {organization_id}: {count:,} issued documents wait for their billing record;"
            " Settings → Tax office says why.",
            err=True,
        )


def as_waiting(waiting: dict[UUID, int]) -> list[dict[str, Any]]:
    """The same as plain objects."""
    return [{"organization": str(one), "billing_records": count} for one, count in waiting.items()]
