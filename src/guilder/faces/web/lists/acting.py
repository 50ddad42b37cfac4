"""One act on each of many: what is refused stops no other."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from guilder.faces.web.door import sentences
from guilder.kernel.errors import GuilderError

UNDO_LIFE = 60  # seconds for which an undo's address is good
MAILS = "web.many.undo"  # the salt of an address that takes mails back


def each(
    ids: Sequence[UUID], run: Callable[[UUID], Any]
) -> tuple[list[UUID], list[tuple[UUID, str]]]:
    """Run an act on each in their order: those that it was done to, and (id, why) of the others."""
    done, refused = [], []
    for one in ids:
        try:
            run(one)
        except GuilderError as error:
            refused.append((one, " ".join(sentences(error))))
        else:
            done.append(one)
    return done, refused
