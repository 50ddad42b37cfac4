"""What rooms above want of a document before it is issued; `config/wiring.py` says who wants it."""

from collections.abc import Callable

from guilder.kernel.actor import Actor
from guilder.kernel.document import Document

Requirement = Callable[[Document, Actor], None]
_wanted: list[Requirement] = []


def want(requirement: Requirement) -> None:
    """Ask `requirement` before each issue; it raises an Invalid where something is missing."""
    if requirement not in _wanted:
        _wanted.append(requirement)


def require(document: Document, *, by: Actor) -> None:
    """Ask everybody who wants something of a complete document that has no number yet."""
    for requirement in _wanted:
        requirement(document, by)
