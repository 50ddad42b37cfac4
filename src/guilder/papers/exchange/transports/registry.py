"""Which transports there are: ours, and those of installed plug-ins."""

import logging
from functools import lru_cache
from importlib.metadata import entry_points

from guilder.kernel.errors import NotFound
from guilder.papers.exchange.transports.as4 import As4
from guilder.papers.exchange.transports.base import Transport
from guilder.papers.exchange.transports.folder import Folder
from guilder.papers.exchange.transports.http import Http
from guilder.papers.exchange.transports.mail import Mail
from guilder.papers.exchange.transports.mailbox import Mailbox
from guilder.papers.exchange.transports.sftp import Sftp

logger = logging.getLogger("guilder.transports")
GROUP = "guilder.transports"


class UnknownTransport(NotFound):
    """There is no transport of that name; its plug-in may have been taken away."""

    code = "transport.unknown"


@lru_cache(maxsize=1)
def transports() -> dict[str, Transport]:
    """Every transport by its name. A plug-in that cannot be loaded is told in the log."""
    found: dict[str, Transport] = {
        one.name: one for one in (Mail(), As4(), Sftp(), Http(), Folder(), Mailbox())
    }
    for point in entry_points(group=GROUP):
        try:
            made = point.load()()
        except Exception:
            logger.exception("the transport %s cannot be loaded", point.name)
            continue
        if isinstance(made, Transport) and made.name and made.name not in found:
            found[made.name] = made
    return found


def transport_of(name: str) -> Transport:
    """The transport called `name`. Raises UnknownTransport."""
    found = transports().get(name)
    if found is None:
        raise UnknownTransport(f"There is no way of sending called “{name}” in this installation.")
    return found
