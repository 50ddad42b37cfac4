"""A mailbox that suppliers write to, emptied by IMAP: each mail is kept whole, then put aside."""

import email
import email.policy
import hashlib
import imaplib
import re
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from email.utils import parseaddr
from typing import Any

from guilder.kernel.errors import Problem
from guilder.papers.exchange.transports.base import (
    Arrival,
    Field,
    Place,
    Refused,
    Temporary,
    Transport,
    fault,
)
from guilder.papers.exchange.transports.sftp import reached

MEDIA = "message/rfc822"
PATIENCE = 30  # seconds for each answer
LONGEST = 600  # seconds for one look
MOST = 50  # mails of one look
LARGEST = 48 << 20  # bytes of a mail, as it travels
HEAD = 64 << 10  # bytes that are kept of a larger one
TAKEN = "$GuilderTaken"  # the flag of what was picked up, where it stays in its folder
INBOX = "INBOX"
TLS, STARTTLS = "tls", "starttls"
MOVE, FLAG = "move", "flag"
SIZE = re.compile(rb"RFC822\.SIZE (\d{1,19})")
END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class Mailbox(Transport):
    """Mails of one folder, by IMAP; a mailbox or a folder of its own is meant for it."""

    name = "imap"
    title = "Mailbox (IMAP)"
    sends = False
    collects = True
    fields = (
        Field(name="host", label="Server", is_required=True, is_target=True),
        Field(name="port", label="Port", kind="whole", default="993", is_target=True),
        Field(
            name="security",
            label="Encryption",
            kind="choice",
            default=TLS,
            choices=((TLS, "TLS"), (STARTTLS, "STARTTLS")),
            is_target=True,
        ),
        Field(name="user", label="User name", is_required=True, is_target=True),
        Field(name="password", label="Password", kind="secret", is_required=True),
        Field(
            name="folder",
            label="Folder to pick up from",
            hint="Every mail in it is taken. Use a mailbox or a folder of its own.",
            default=INBOX,
        ),
        Field(
            name="after",
            label="What was picked up",
            kind="choice",
            default=MOVE,
            choices=((MOVE, "is moved to the folder below"), (FLAG, "stays there, with a flag")),
        ),
        Field(name="folder_done", label="Folder for what was picked up", default="Guilder"),
    )

    def faults(self, settings: Mapping[str, Any]) -> Sequence[Problem]:
        """Where mails are moved, they go to another folder."""
        if settings.get("after") != MOVE:
            return ()
        done, folder = settings.get("folder_done"), settings.get("folder") or INBOX
        if not done:
            return (fault("folder_done", "required", "Enter a value."),)
        if done == folder:
            return (fault("folder_done", "same_folder", "Enter another folder than the first."),)
        return ()

    def collect(self, place: Place) -> Iterator[Arrival]:
        """Mails that were not picked up yet, the oldest first; one connection for all of them."""
        with signed_in(place) as box:
            waiting, mark = select(box, place), validity(box)
            with told():
                for uid in waiting[:MOST]:
                    arrival = fetched(box, uid, mark=f"{mark}:{uid}")
                    if arrival is not None:
                        OPEN[id(place)] = box
                        yield arrival
                        OPEN.pop(id(place), None)

    def keep(self, arrival: Arrival, place: Place) -> None:
        """Moved or flagged, as the settings say; by the connection of the look where it is open."""
        box = OPEN.get(id(place))
        if box is not None:
            with told():
                put_aside(box, arrival, place)
            return
        with signed_in(place) as fresh, told():
            select(fresh, place)
            if arrival.mark.partition(":")[0] == str(validity(fresh)):
                put_aside(fresh, arrival, place)

    def try_out(self, place: Place) -> str:
        """Sign in and look into the folder."""
        with signed_in(place) as box:
            count = len(select(box, place))
        return f"Signed in; mails that wait in the folder: {count}."


class Conversation(imaplib.IMAP4):
    """An IMAP conversation over a judged socket, encrypted before anything is said in it."""

    sock: socket.socket
    able: frozenset[str] = frozenset()

    def __init__(self, place: Place) -> None:
        self.place = place
        super().__init__(place.text("host"), int(place.text("port") or 993), timeout=PATIENCE)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = reached(self.place)
        plain.settimeout(timeout)
        if self.place.text("security") == STARTTLS:
            return plain
        context = ssl.create_default_context()
        return context.wrap_socket(plain, server_hostname=self.place.text("host"))

    def learn(self) -> None:
        """What the server can do for who is signed in: often more than it says before."""
        said = b" ".join(one for one in self.capability()[1] if one)
        self.able = frozenset(said.decode(errors="replace").upper().split())

    def read(self, size: int) -> bytes:
        """So much, and no more than a mail may have."""
        if size > LARGEST + HEAD:
            raise imaplib.IMAP4.abort("the server says more than was asked for")
        return super().read(size)


OPEN: dict[int, Conversation] = {}  # of the look that is under way at a place


@contextmanager
def signed_in(place: Place) -> Iterator[Conversation]:
    """The mailbox's server, signed in to. Raises Temporary, Refused."""
    with told("The server cannot be spoken with: {why}."):
        box = Conversation(place)
    # Timeouts of a socket begin anew with every byte; this one does not.
    end = threading.Timer(LONGEST, cut, args=(box.sock,))
    end.daemon = True
    end.start()
    try:
        with told("The server cannot be spoken with: {why}."):
            if place.text("security") == STARTTLS:
                box.starttls(ssl.create_default_context())
        with told("The server refuses this user name with this password."):
            box.login(place.text("user"), place.text("password"))
            box.learn()
        yield box
    finally:
        end.cancel()
        OPEN.pop(id(place), None)
        with suppress(imaplib.IMAP4.error, OSError):
            box.logout()


def cut(sock: socket.socket) -> None:
    """End a conversation from outside."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


@contextmanager
def told(words: str = "The mailbox cannot be read: {why}.") -> Iterator[None]:
    """What goes wrong, in one sentence without what was said in secret. Raises Temporary."""
    try:
        yield
    except (imaplib.IMAP4.error, OSError, UnicodeError, ValueError) as error:
        why = CONTROL.sub(" ", str(error))[:200].strip(" .") or type(error).__name__
        raise Temporary(words.format(why=why)) from None


def select(box: Conversation, place: Place) -> list[int]:
    """Open the folder; the ids of what waits in it, the oldest first. Raises Temporary, Refused."""
    with told():
        answer, words = box.select(quoted(place.text("folder") or INBOX))
        if answer != "OK":
            raise Temporary(f"There is no folder {place.text('folder')}: {shown(words)}.")
        asked = ["UNDELETED"]
        if place.text("after") == FLAG:
            if not takes_flags(box):
                raise Refused("This server keeps no flags of ours. Choose to move mails instead.")
            asked += ["UNKEYWORD", TAKEN]
        answer, found = box.uid("SEARCH", *asked)
        if answer != "OK":
            raise Temporary(f"The server does not search: {shown(found)}.")
        words = (found[0] or b"").split() if found else []
        return sorted(int(one) for one in words)


def takes_flags(box: Conversation) -> bool:
    """Whether flags of one's own last in the open folder (RFC 3501, 7.1)."""
    said = box.response("PERMANENTFLAGS")[1]
    return any(one and (b"\\*" in one or TAKEN.encode() in one) for one in said)


def validity(box: Conversation) -> int:
    """The number under which the ids of the open folder hold; 0 where the server tells none."""
    value = box.response("UIDVALIDITY")[1]
    box.untagged_responses["UIDVALIDITY"] = value  # reading it takes it away
    return int(value[0]) if value and value[0] else 0


def fetched(box: Conversation, uid: int, *, mark: str) -> Arrival | None:
    """One mail as it lies there, unread as it was; of one that is too large its head. None where
    it is gone."""
    size = SIZE.search(b" ".join(all_of(box.uid("FETCH", str(uid), "(RFC822.SIZE)")[1])))
    if size is None:
        return None
    is_large = int(size[1]) > LARGEST
    part = f"(BODY.PEEK[]<0.{HEAD}>)" if is_large else "(BODY.PEEK[])"
    parts = box.uid("FETCH", str(uid), part)[1]
    data = next((one[1] for one in parts if isinstance(one, tuple)), None)
    if data is None:
        return None
    problem = f"This mail has {int(size[1]):,} bytes; {LARGEST:,} are taken." if is_large else ""
    head = headers_of(data)
    return Arrival(
        number=number_of(data, head.get("message-id", "")),
        filename="mail.eml",
        data=data,
        sender=parseaddr(head.get("from", ""))[1][:300],
        mark=mark,
        media_type=MEDIA,
        problem=problem,
    )


def headers_of(data: bytes) -> dict[str, str]:
    """The first header of each name, in lower case; what cannot be understood stands as it is."""
    head = END_OF_HEAD.split(data[:HEAD], maxsplit=1)[0] + b"\n\n"
    message = email.message_from_bytes(head, policy=email.policy.compat32)
    found: dict[str, str] = {}
    for name, value in message.items():
        found.setdefault(name.lower(), CONTROL.sub(" ", str(value)).strip())
    return found


def number_of(data: bytes, message_id: str) -> str:
    """By what a mail is known again: its Message-ID with what it says, however it travelled; of
    one without, all of it."""
    body = END_OF_HEAD.split(data, maxsplit=1)[-1] if message_id else data
    return hashlib.sha256(message_id.encode(errors="replace") + b"\0" + body).hexdigest()


def put_aside(box: Conversation, arrival: Arrival, place: Place) -> None:
    """Flag a mail, or move it. Raises Temporary."""
    uid = arrival.mark.rpartition(":")[2]
    if place.text("after") == FLAG:
        done(box.uid("STORE", uid, "+FLAGS.SILENT", f"({TAKEN})"))
        return
    target = quoted(place.text("folder_done"))
    box.create(target)  # where it is there already, the server says no
    if "MOVE" in box.able:
        done(box.uid("MOVE", uid, target))
        return
    done(box.uid("COPY", uid, target))
    done(box.uid("STORE", uid, "+FLAGS.SILENT", "(\\Deleted)"))
    if "UIDPLUS" in box.able:  # else it stays, marked as deleted, and is not taken again
        done(box.uid("EXPUNGE", uid))


def done(answer: tuple[str, list[Any]]) -> None:
    """Raises Temporary where the server said no."""
    if answer[0] != "OK":
        raise Temporary(f"The mail cannot be put aside: {shown(answer[1])}.")


def shown(words: list[Any]) -> str:
    """What a server said, for people."""
    text = b" ".join(all_of(words)).decode(errors="replace")
    return CONTROL.sub(" ", text)[:200].strip(" .")


def all_of(parts: list[Any]) -> list[bytes]:
    """The plain and the first parts of an answer."""
    return [one[0] if isinstance(one, tuple) else one for one in parts if one]


def quoted(name: str) -> str:
    """The name of a folder as IMAP writes it (RFC 3501, 5.1.3: modified UTF-7)."""
    told = "".join(
        one.replace("&", "&-") if one.isascii() else f"&{shifted(one)}-"
        for one in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", name)
    )
    return '"' + told.replace("\\", "\\\\").replace('"', '\\"') + '"'


def shifted(text: str) -> str:
    """Letters beyond ASCII, in the Base64 of folder names."""
    return b64encode(text.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
