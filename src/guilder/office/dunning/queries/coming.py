"""Which letter comes next for one invoice."""

from datetime import date
from uuid import UUID

from guilder.kernel.actor import Actor
from guilder.office.dunning import calc
from guilder.office.dunning.calc import Step
from guilder.office.dunning.queries.ladders import steps_for
from guilder.office.dunning.queries.reminders import reached_of


def next_step_of(
    invoice_id: UUID, *, partner_id: UUID, due_on: date, by: Actor, on: date
) -> tuple[date, Step] | None:
    """The day and the step of the next letter as seen on the day `on`; None where none comes."""
    reached, rests_until = reached_of(invoice_id, by=by)
    return calc.next_step(
        steps_for(partner_id, by=by),
        due_on=due_on,
        reached=reached,
        rests_until=rests_until,
        on=on,
    )
