"""The stage: a database that the browser tests have for themselves, since a worker runs on it.

Other tests leave events, jobs and mails that nobody deals with; a worker would see to all of them
first, and send what no test here has written.
"""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connections

from tests.acceptance import people
from tests.acceptance.house import House, running_house

NAMED = {"default": "DATABASE_URL", "owner": "GUILDER_OWNER_DATABASE_URL"}


@dataclass(slots=True)
class Stage:
    """A database with the house and the demo on it, each made when first asked for.

    `database` is its name, `addresses` those of the app's role and of the owner's.
    """

    database: str
    addresses: tuple[str, str]
    closing: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _house: House | None = None
    _demo: people.Firm | None = None

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """As long as this lasts, this process and those that it starts work here."""
        before = {name: os.environ[name] for name in NAMED.values()}
        was = connections.settings["default"]["NAME"]
        os.environ |= dict(zip(NAMED.values(), self.addresses, strict=True))
        turn(self.database)
        try:
            yield
        finally:
            os.environ |= before
            turn(was)

    def house(self) -> House:
        """The running program."""
        if self._house is None:
            self._house = self.closing.enter_context(running_house())
        return self._house

    def demo(self) -> people.Firm:
        """The demo organization, seen by a new admin of it."""
        if self._demo is None:
            self._demo = people.demo_firm()
        return self._demo


def turn(database: str) -> None:
    """Have Django use another database from the next statement on."""
    for alias in NAMED:
        connections.settings[alias]["NAME"] = database
    connections.close_all()
