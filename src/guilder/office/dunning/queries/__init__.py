"""Reading what is due, what was sent, what rests, and by which rates."""

from guilder.office.dunning.proofs import PROOFS
from guilder.office.dunning.queries.coming import next_step_of
from guilder.office.dunning.queries.disputes import (
    DisputeRecord,
    NoSuchDispute,
    get_dispute,
    list_disputes,
    open_dispute_of,
)
from guilder.office.dunning.queries.due import (
    Due,
    due_count,
    list_due,
    organizations_with_ladders,
)
from guilder.office.dunning.queries.holds import (
    HoldRecord,
    NoSuchHold,
    get_hold,
    list_holds,
)
from guilder.office.dunning.queries.ladders import (
    LadderRecord,
    NoSuchLadder,
    StepRecord,
    TermsRecord,
    get_ladder,
    list_ladders,
    steps_for,
    terms_of,
)
from guilder.office.dunning.queries.rates import (
    KnownRate,
    NoSuchRate,
    get_rate,
    known_rates,
    typed_rates,
)
from guilder.office.dunning.queries.reminders import STATES as REMINDER_STATES
from guilder.office.dunning.queries.reminders import (
    HandoverRecord,
    NoSuchHandover,
    NoSuchReminder,
    RemindedRecord,
    ReminderRecord,
    get_handover,
    get_reminder,
    handover_of_invoice,
    list_handovers,
    list_reminders,
    reached_of,
    reminder_count,
)

__all__ = (
    "REMINDER_STATES",
    "DisputeRecord",
    "Due",
    "HandoverRecord",
    "HoldRecord",
    "KnownRate",
    "LadderRecord",
    "NoSuchDispute",
    "NoSuchHandover",
    "NoSuchHold",
    "NoSuchLadder",
    "NoSuchRate",
    "NoSuchReminder",
    "RemindedRecord",
    "ReminderRecord",
    "StepRecord",
    "TermsRecord",
    "due_count",
    "get_dispute",
    "get_handover",
    "get_hold",
    "get_ladder",
    "get_rate",
    "get_reminder",
    "handover_of_invoice",
    "known_rates",
    "list_disputes",
    "list_due",
    "list_handovers",
    "list_holds",
    "list_ladders",
    "list_reminders",
    "next_step_of",
    "open_dispute_of",
    "organizations_with_ladders",
    "proofs",
    "reached_of",
    "reminder_count",
    "steps_for",
    "terms_of",
    "typed_rates",
)


def proofs() -> tuple[tuple[str, str, str], ...]:
    """(invariant, what holds, SQL that gives the rows breaking it)."""
    return PROOFS
