"""A process that is too slow: others took its requests over."""

from collections.abc import Generator
from contextlib import contextmanager

import pytest

from guilder.foundation.edges import along, idempotency


@contextmanager
def lost_leases() -> Generator[None]:
    """The key of every request is given back right after it was claimed."""
    settle = along.settle

    def lost(pending):
        claim = settle(pending)
        idempotency.release(claim)
        return claim

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(along, "settle", lost)
        yield
