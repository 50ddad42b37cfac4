"""An LMTP server (RFC 2033) for the mail server of the house: each mail's papers are taken in.

It listens on this machine only, speaks no more than the protocol needs, and answers for each
recipient apart. A mail is acknowledged when its papers are on disk, and not before.
"""

import re
import socket
import socketserver
from collections.abc import Callable
from typing import cast
from uuid import UUID

# (recipient's organization, raw mail, envelope sender) → what became of it: "" or a refusal.
Deliver = Callable[[UUID, bytes, str], str]
LINE = 2_000  # bytes of a command (RFC 5321, 4.5.3.1.4 asks for 512)
MAIL = 48 << 20  # bytes
RECIPIENTS = 20
SECONDS = 120  # of silence
PATH = re.compile(rb"^(?:FROM|TO):\s*<([^<>\s]{0,254})>", re.IGNORECASE)
ADDRESS = re.compile(r"(?:^|[+.])([0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})@", re.IGNORECASE)


class TryLater(Exception):
    """The mail cannot be taken now; the mail server keeps it and comes again."""


class Server(socketserver.ThreadingTCPServer):
    """Listens, one thread for each conversation."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 16

    def __init__(
        self, place: tuple[str, int], deliver: Deliver, *, organization: UUID | None
    ) -> None:
        self.deliver = deliver
        self.organization = organization
        super().__init__(place, Conversation)

    def whose(self, recipient: str) -> UUID | None:
        """The organization of a recipient: its id stands in the address, such as
        bills+<id>@host; else the one that the server was started for."""
        found = ADDRESS.search(recipient)
        if found is None:
            return self.organization
        named = UUID(found[1])
        return named if self.organization in {None, named} else None


class Conversation(socketserver.StreamRequestHandler):
    """One conversation with the mail server."""

    timeout = SECONDS

    @property
    def desk(self) -> Server:
        """The server that took the call."""
        return cast("Server", self.server)

    def setup(self) -> None:
        super().setup()
        self.sender = ""
        self.wanted: list[UUID] = []

    def handle(self) -> None:
        """Greet, and answer one command after the other until the other side is done."""
        try:
            self.say("220 guilder LMTP")
            while line := self.rfile.readline(LINE + 1):
                if len(line) > LINE:
                    self.say("500 5.5.2 Line too long")
                    return
                word, _, rest = line.strip().partition(b" ")
                answer = getattr(self, f"on_{word.decode('ascii', 'replace').lower()}", None)
                if answer is None:
                    self.say("500 5.5.1 Unknown command")
                elif answer(rest.strip()):
                    return
        except (TimeoutError, ConnectionError, BrokenPipeError, socket.timeout):  # noqa: UP041
            return

    def say(self, *lines: str) -> None:
        """Answer."""
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())
        self.wfile.flush()

    def on_lhlo(self, _: bytes) -> None:
        """Who speaks, and what is understood."""
        self.forget()
        self.say("250-guilder", "250-8BITMIME", "250-ENHANCEDSTATUSCODES", f"250 SIZE {MAIL}")

    def on_mail(self, rest: bytes) -> None:
        """A mail begins."""
        found = PATH.match(rest)
        if found is None:
            self.say("501 5.5.4 MAIL FROM:<address>")
            return
        self.forget()
        self.sender = found[1].decode("utf-8", "replace")
        self.say("250 2.1.0 Ok")

    def on_rcpt(self, rest: bytes) -> None:
        """Whom it is for."""
        found = PATH.match(rest)
        whose = self.desk.whose(found[1].decode("utf-8", "replace")) if found else None
        if whose is None:
            self.say("550 5.1.1 No organization has this address")
        elif len(self.wanted) >= RECIPIENTS:
            self.say("452 4.5.3 Too many recipients")
        else:
            self.wanted.append(whose)
            self.say("250 2.1.5 Ok")

    def on_data(self, _: bytes) -> bool:
        """The mail itself; one answer for each recipient (RFC 2033, 4.2)."""
        if not self.wanted:
            self.say("503 5.5.1 No recipients")
            return False
        self.say("354 End with a line of a single dot")
        data = self.read_mail()
        if data is None:
            return True
        for whose in self.wanted:
            self.say(self.became_of(whose, data))
        self.forget()
        return False

    def became_of(self, whose: UUID, data: bytes) -> str:
        """Take a mail in for one recipient; the answer."""
        if len(data) > MAIL:
            return "552 5.3.4 The mail is too large"
        try:
            refusal = self.desk.deliver(whose, data, self.sender)
        except TryLater as error:
            return f"451 4.3.0 {one_line(str(error))}"
        return f"554 5.6.0 {one_line(refusal)}" if refusal else "250 2.0.0 Taken in"

    def read_mail(self) -> bytes | None:
        """The bytes up to the single dot, hardly more than MAIL; None where it breaks off."""
        parts: list[bytes] = []
        size = 0
        while line := self.rfile.readline(1 << 16):
            if line in {b".\r\n", b".\n"}:
                return b"".join(parts)
            if line.startswith(b"."):
                line = line[1:]  # RFC 5321, 4.5.2
            if size <= MAIL:
                parts.append(line)
                size += len(line)
        return None

    def on_rset(self, _: bytes) -> None:
        """Forget what was begun."""
        self.forget()
        self.say("250 2.0.0 Ok")

    def on_noop(self, _: bytes) -> None:
        """Still here."""
        self.say("250 2.0.0 Ok")

    def on_quit(self, _: bytes) -> bool:
        """The end."""
        self.say("221 2.0.0 Bye")
        return True

    def forget(self) -> None:
        """No mail is under way."""
        self.sender, self.wanted = "", []


def one_line(text: str) -> str:
    """A refusal as a reply takes it: one line of ASCII."""
    return " ".join(text.split()).encode("ascii", "replace").decode()[:400]
