"""A last statement that waits for the answer that is kept with it, and goes with COMMIT.

What only the statement will know (a number) stands in the answer as a word that nobody can guess;
the statement stores what it stands for beside the answer, and both are put together when read. So
the lock that the statement takes is held for the statement alone, and no journey goes between.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import msgspec


@dataclass(slots=True)
class Late:
    """Room for one last statement: the door gives it to a handler, which may `leave` one."""

    ctes: str = ""  # without WITH
    columns: str = ""
    source: str = ""  # what follows FROM; it has a row when the statement did its work
    values: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)  # SQL that gives a text → its stand-in
    around: Callable[[], AbstractContextManager[Any]] | None = None
    refusal: Callable[[], Exception] | None = None
    cursor: Any = None  # after it went

    def leave(
        self,
        *,
        ctes: str,
        columns: str,
        source: str,
        values: Mapping[str, Any],
        words: Mapping[str, str],
        around: Callable[[], AbstractContextManager[Any]],
        refusal: Callable[[], Exception],
    ) -> None:
        """Leave the statement `WITH ctes SELECT columns FROM source`, the last of the transaction.

        `columns` begin with those of `words`, in order. Its errors are raised inside `around`; no
        row means that nothing was written, for the reason that `refusal` gives.
        """
        self.ctes, self.columns, self.source, self.values = ctes, columns, source, values
        self.words, self.around, self.refusal = words, around, refusal

    @property
    def is_left(self) -> bool:
        """Whether a statement waits."""
        return bool(self.ctes)

    def told(self) -> dict[str, str]:
        """Stand-in → what it stands for, after COMMIT. Raises the refusal."""
        row = self.cursor.fetchone()
        if row is None:
            raise (
                self.refusal() if self.refusal else RuntimeError("The last statement did nothing.")
            )
        return dict(zip(self.words.values(), row, strict=False))


def stand_in() -> str:
    """A word of 64 hexadecimal digits that nobody can guess."""
    return os.urandom(32).hex()


def put_in(body: bytes, words: Mapping[str, str]) -> bytes:
    """`body`, JSON, with each stand-in replaced by what it stands for."""
    for word, text in words.items():
        body = body.replace(word.encode(), msgspec.json.encode(text)[1:-1])
    return body
