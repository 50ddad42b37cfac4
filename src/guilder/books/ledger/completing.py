"""Giving a chart that was set up earlier the accounts that the program learned to book to since."""

from collections.abc import Iterable

from guilder.books.ledger.charts import chart, generic
from guilder.books.ledger.charts.base import Line
from guilder.books.ledger.models import Account
from guilder.foundation.audit import operations as audit
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor


def complete_chart(roles: Iterable[str], *, by: Actor, country: str) -> None:
    """See to it that `roles` and their narrower ones have accounts; what is there stays.

    Called by rooms that book to roles which older charts lack. A code that is taken is counted up.
    """
    wanted = set(roles)
    with transaction(by.organization_id):
        rows = Account.objects.of(by.organization_id)
        held = set(rows.exclude(role="").values_list("role", flat=True))
        if wanted <= held:
            return
        taken = set(rows.lock().values_list("code", flat=True))
        lines = [*chart(country), *(one for one in generic.CHART if one.role in wanted)]
        for line in lines:
            if line.role.split(".")[0] not in wanted - held or line.role in held:
                continue
            made = Account.objects.create(
                organization_id=by.organization_id,
                **line._replace(code=free_code(line, taken))._asdict(),
            )
            held.add(line.role)
            taken.add(made.code)
            audit.record(
                by=by,
                action="account.create",
                table="ledger_account",
                row_id=made.id,
                before=None,
                after={"code": made.code, "name": made.name, "role": made.role},
            )


def free_code(line: Line, taken: set[str]) -> str:
    """The line's own code, else the next number that nobody has."""
    number = int(line.code)
    while str(number).rjust(len(line.code), "0") in taken:
        number += 1
    return str(number).rjust(len(line.code), "0")
