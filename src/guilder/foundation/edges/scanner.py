"""A virus scanner beside us, where GUILDER_CLAMD names one: clamd, spoken to by INSTREAM."""

import os
import socket
import struct

from guilder.kernel.errors import Invalid, Problem, Unavailable

SECONDS = 30
PIECE = 64 * 1024
LONGEST_ANSWER = 4096


class Infected(Invalid):
    """The scanner knows what is in this file."""

    code = "uploads.infected"


class ScannerDown(Unavailable):
    """A scanner is named and does not answer: nothing is taken unseen."""

    code = "uploads.scanner_down"


def is_on() -> bool:
    """Whether a scanner is named."""
    return bool(os.environ.get("GUILDER_CLAMD"))


def scan(data: bytes) -> None:
    """Have the scanner look at `data`. Raises Infected, ScannerDown; without one nothing is done.

    The protocol is clamd's: `zINSTREAM`, pieces with their length before them, an empty piece.
    """
    if not is_on():
        return
    try:
        answer = asked(os.environ["GUILDER_CLAMD"], data)
    except (OSError, ValueError) as error:
        raise ScannerDown("The virus scanner does not answer. Try again in a moment.") from error
    if answer.endswith("FOUND"):
        name = answer.removeprefix("stream:").removesuffix("FOUND").strip()[:80]
        detail = f"This file carries “{name}”. It was not taken."
        raise Infected(detail, problems=[Problem("/file", Infected.code, detail)])
    if not answer.endswith("OK"):
        raise ScannerDown("The virus scanner could not look at this file. Send a smaller one.")


def asked(place: str, data: bytes) -> str:
    """What clamd at `unix:/path` or `host:port` says of `data`. Raises OSError, ValueError."""
    with connected(place) as line:
        line.settimeout(SECONDS)
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            line.sendall(struct.pack("!I", len(piece)) + piece)
        line.sendall(struct.pack("!I", 0))
        answer = b""
        while b"\0" not in answer and len(answer) < LONGEST_ANSWER:
            more = line.recv(LONGEST_ANSWER)
            if not more:
                break
            answer += more
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def connected(place: str) -> socket.socket:
    """A connection to the operator's own scanner. Raises OSError, ValueError."""
    if place.startswith("unix:"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        line.connect(place.removeprefix("unix:"))
        return line
    host, _, port = place.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), SECONDS)
