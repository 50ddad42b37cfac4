"""What can be done: ladders kept, clients reminded, reminders rested, disputes, handovers."""

from guilder.office.dunning.operations.composing import Letter, compose_letters
from guilder.office.dunning.operations.disputes import (
    AlreadyDisputed,
    AlreadySettled,
    open_dispute,
    set_disputed,
    settle_dispute,
)
from guilder.office.dunning.operations.forgiving import forgive_small
from guilder.office.dunning.operations.handing import (
    Gathered,
    NothingToHandOver,
    hand_over,
    hand_over_prepared,
    handover_file,
    prepare_handover,
)
from guilder.office.dunning.operations.holds import (
    AlreadyEnded,
    end_hold,
    pause_reminders,
    promise_payment,
)
from guilder.office.dunning.operations.ladders import (
    InUse,
    delete_ladder,
    recommended_ladder,
    save_ladder,
    set_terms,
)
from guilder.office.dunning.operations.printing import (
    NothingDue,
    letter_file,
    preview_letter,
    preview_mail,
)
from guilder.office.dunning.operations.rates import remove_rate, set_rate
from guilder.office.dunning.operations.sending import (
    AlreadyPosted,
    Moved,
    Prepared,
    mark_posted,
    prepare_letters,
    remind,
    remind_due,
    send_prepared,
    skip_step,
)
from guilder.office.dunning.operations.showing import furnish_demo

__all__ = (
    "AlreadyDisputed",
    "AlreadyEnded",
    "AlreadyPosted",
    "AlreadySettled",
    "Gathered",
    "InUse",
    "Letter",
    "Moved",
    "NothingDue",
    "NothingToHandOver",
    "Prepared",
    "compose_letters",
    "delete_ladder",
    "end_hold",
    "forgive_small",
    "furnish_demo",
    "hand_over",
    "hand_over_prepared",
    "handover_file",
    "letter_file",
    "mark_posted",
    "open_dispute",
    "pause_reminders",
    "prepare_handover",
    "prepare_letters",
    "preview_letter",
    "preview_mail",
    "promise_payment",
    "recommended_ladder",
    "remind",
    "remind_due",
    "remove_rate",
    "save_ladder",
    "send_prepared",
    "set_disputed",
    "set_rate",
    "set_terms",
    "settle_dispute",
    "skip_step",
)
