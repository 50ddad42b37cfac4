"""What workers do again and again: tell events, and seal the audit trail (it knows no jobs)."""

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import operations
from guilder.foundation.jobs.queue import loop


@loop(every=0.2)
def drain() -> int:
    """Tell what waits; gives how many events were dealt with."""
    return operations.tell_waiting()


@loop(every=5)
def seal_audit() -> int:
    """Seal the audit entries written since the last time; gives how many."""
    return audit.seal_waiting()
