"""One thread of a web process: it hears the database, reads what happened, and hands it to streams.

Workers notify the channel after an event is committed, once per telling. Where no worker runs, or
the connection was cut, a look each second at what waits to be told, and one each ten seconds at
everything, find the same events: nothing depends on a notification arriving.
"""

import asyncio
import logging
import os
import socket
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from django.db import DatabaseError, connections

from guilder.faces.web.live import reading
from guilder.faces.web.live.doors import Visitor, ended
from guilder.foundation.events import queries as events

log = logging.getLogger("guilder.live")

CHANNEL = "guilder_events"
NAME = "guilder live"
TICK = 0.2  # seconds between looks for new streams
GATHER = 0.03  # seconds in which notifications are gathered
LOOK_WAITING = 1.0
LOOK_EVERYWHERE = 10.0
LOOK_AT_SESSIONS = 10.0
FLOOD_PAUSE = 1.0
REST = 30.0  # seconds without streams until the connection is given back
WAITS = (0.2, 0.5, 1, 2, 3)
HELD = 200  # messages that a slow reader may be behind
DEAD_LINE = 15_000  # milliseconds until a silent connection counts as cut


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream. `after` is the sequence that its page knows; 0 is now."""

    visitor: Visitor
    after: int
    loop: asyncio.AbstractEventLoop
    queue: "asyncio.Queue[bytes | None]" = field(
        default_factory=lambda: asyncio.Queue(maxsize=HELD + 1)
    )
    reason: str = ""

    def hand(self, message: bytes) -> None:
        """In the loop's thread: the next thing to send; who is too far behind is cut."""
        if self.queue.qsize() >= HELD:
            self.cut("slow")
        elif not self.reason:
            self.queue.put_nowait(message)

    def cut(self, reason: str) -> None:
        """In the loop's thread: end the stream after what it has."""
        if not self.reason:
            self.reason = reason
            self.queue.put_nowait(None)


class Hub:
    """The listeners of one process, and the thread that serves them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.listeners: dict[UUID, set[Listener]] = {}
        self.joining: deque[Listener] = deque()
        self.places: dict[UUID, reading.Place] = {}
        self.rested_until: dict[UUID, float] = {}
        self.thread: threading.Thread | None = None
        self.closed = False

    def join(self, listener: Listener) -> None:
        """From now on this stream hears; what its page missed comes first."""
        with self.lock:
            self.joining.append(listener)
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._run, name="live", daemon=True)
                self.thread.start()

    def leave(self, listener: Listener) -> None:
        """The stream has ended."""
        with self.lock:
            here = self.listeners.get(listener.visitor.by.organization_id)
            if here is not None:
                here.discard(listener)
                if not here:
                    del self.listeners[listener.visitor.by.organization_id]
            if listener in self.joining:
                self.joining.remove(listener)

    def everyone(self) -> list[Listener]:
        """All listeners of this process, those that are just joining included."""
        with self.lock:
            return [*(one for here in self.listeners.values() for one in here), *self.joining]

    def close(self) -> None:
        """End all streams: the process stops. From the loop's thread."""
        self.closed = True
        for listener in self.everyone():
            listener.cut("closing")

    def _run(self) -> None:
        """Follow along while there is anybody; through every cut of the connection."""
        failures = 0
        while not self.closed:
            try:
                if not self._follow():
                    return
                failures = 0
            except (psycopg.Error, DatabaseError, OSError) as error:
                log.warning("live updates pause", extra={"why": str(error)[:200]})
                connections["default"].close()
                time.sleep(WAITS[min(failures, len(WAITS) - 1)])
                failures += 1
            except Exception:
                log.exception("live updates stumbled")
                connections["default"].close()
                time.sleep(WAITS[-1])

    def _follow(self) -> bool:
        """Listen on one connection until it breaks; False when nobody is left."""
        raw = opened()
        looked = dict.fromkeys(("waiting", "everywhere", "sessions"), 0.0)
        looked["sessions"] = quiet_since = time.monotonic()
        while not self.closed:
            heard = notified(raw)
            now = time.monotonic()
            self._admit()
            here = set(self.listeners)
            if here or self.joining:
                quiet_since = now
            elif now - quiet_since > REST:
                return self._fall_asleep()
            if now - looked["everywhere"] >= LOOK_EVERYWHERE:
                looked["everywhere"] = now
                heard |= here
            if now - looked["waiting"] >= LOOK_WAITING and here:
                looked["waiting"] = now
                heard.update(events.organizations_waiting(here))
            if now - looked["sessions"] >= LOOK_AT_SESSIONS:
                looked["sessions"] = now
                self._look_at_sessions()
            self._read(heard & here)
        connections["default"].close()
        return False

    def _fall_asleep(self) -> bool:
        """Give the connection back; True when somebody joined in the last moment."""
        with self.lock:
            if self.joining:
                return True
            self.thread = None
        self.places.clear()
        connections["default"].close()
        return False

    def _admit(self) -> None:
        """Let in who waits: first what all are owed, then what the page of each has missed."""
        while True:
            with self.lock:
                listener = self.joining[0] if self.joining else None
            if listener is None:
                return
            organization_id = listener.visitor.by.organization_id
            if organization_id in self.listeners:
                self._read({organization_id})
            else:
                self.places[organization_id] = reading.begin(organization_id)
            greeting = self._greeting(listener)
            with self.lock:
                if listener not in self.joining:  # it left meanwhile
                    continue
                self.joining.remove(listener)
                self.listeners.setdefault(organization_id, set()).add(listener)
            deliver([(listener, greeting)])

    def _greeting(self, listener: Listener) -> bytes:
        """Where the stream begins, and what happened since its page was made."""
        by, place = listener.visitor.by, self.places[listener.visitor.by.organization_id]
        greeting = b"retry: 1000\n" + reading.framed({}, floor=place.floor, name="ready")
        if not listener.after:
            return greeting
        missed = reading.caught_up(by.organization_id, after=listener.after, now=time.time_ns())
        return greeting + reading.message(missed, by=by, floor=place.floor)

    def _read(self, organizations: Iterable[UUID]) -> None:
        """Read on in some organizations, and hand out what is new."""
        wanted = [one for one in organizations if self._is_due(one)]
        if not wanted:
            return
        floor = reading.horizon()
        for organization_id in wanted:
            place = self.places.get(organization_id)
            if place is None:
                place = self.places[organization_id] = reading.Place(floor)
            batch = reading.read_on(organization_id, place, floor=floor)
            if batch.is_flood:
                self.rested_until[organization_id] = time.monotonic() + FLOOD_PAUSE
            if batch:
                self._hand_out(organization_id, batch, place.floor)

    def _is_due(self, organization_id: UUID) -> bool:
        """Whether an organization may be read now: in a flood once a second is enough."""
        until = self.rested_until.get(organization_id)
        if until is None:
            return True
        if time.monotonic() < until:
            return False
        del self.rested_until[organization_id]
        return True

    def _hand_out(self, organization_id: UUID, batch: reading.Batch, floor: int) -> None:
        """To each listener what they may hear; alike for those who are alike."""
        with self.lock:
            here = list(self.listeners.get(organization_id, ()))
        made: dict[Any, bytes] = {}
        handed = []
        for listener in here:
            by = listener.visitor.by
            key = (by.role, by.standing, by.user_id)
            if key not in made:
                made[key] = reading.message(batch, by=by, floor=floor)
            if made[key]:
                handed.append((listener, made[key]))
        deliver(handed)

    def _look_at_sessions(self) -> None:
        """Cut who was signed out or put out; give the others the rights that they have now."""
        threading.Thread(target=self._check, name="live-sessions", daemon=True).start()

    def _check(self) -> None:
        listeners = self.everyone()
        try:
            gone, changed = ended([one.visitor for one in listeners]) if listeners else ([], {})
        except (psycopg.Error, DatabaseError, OSError) as error:
            log.warning("sessions not looked at", extra={"why": str(error)[:200]})
            return
        finally:
            connections["default"].close()
        out = set(gone)
        for listener in listeners:
            if listener.visitor in out:
                listener.loop.call_soon_threadsafe(listener.cut, "signed_out")
            elif listener.visitor in changed:
                listener.visitor = changed[listener.visitor]


def opened() -> Any:
    """A connection that listens, named so that an operator sees what it is."""
    connection = connections["default"]
    connection.close()
    connection.ensure_connection()
    raw: Any = connection.connection
    notice_death(raw)
    raw.execute(f"SET application_name = '{NAME}'")
    raw.execute(f"LISTEN {CHANNEL}")
    return raw


def notice_death(raw: Any) -> None:
    """Have the system tell of a line that is dead without a word (TCP only)."""
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    with socket.socket(fileno=os.dup(raw.fileno())) as line:
        if option is not None and line.family in {socket.AF_INET, socket.AF_INET6}:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 5)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 5)
            line.setsockopt(socket.IPPROTO_TCP, option, DEAD_LINE)


def notified(raw: Any) -> set[UUID]:
    """The organizations that were told of within a tick."""
    heard = {UUID(one.payload) for one in raw.notifies(timeout=TICK, stop_after=1)}
    if heard:
        heard |= {UUID(one.payload) for one in raw.notifies(timeout=GATHER)}
    return heard


def deliver(handed: list[tuple[Listener, bytes]]) -> None:
    """Give messages to their loops, each loop called once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Listener, bytes]]] = {}
    for listener, message in handed:
        by_loop.setdefault(listener.loop, []).append((listener, message))
    for loop, theirs in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(hand_all, theirs)


def hand_all(handed: list[tuple[Listener, bytes]]) -> None:
    """In the loop's thread: put every message into its queue."""
    for listener, message in handed:
        listener.hand(message)
