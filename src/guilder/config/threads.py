"""Threads that keep their database connections: of those that rest, the one that worked last works.

The standard library's pool lets them take turns, each with a connection whose server process must
be woken from further away; and it makes a future, a condition and a lock for each piece of work.
"""

import atexit
import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

Work = Callable[[], None]

log = logging.getLogger("guilder.web")


class Closed(RuntimeError):
    """Work came after the end."""


class Threads(Executor):
    """At most `limit` threads, each begun when work comes and no other one rests."""

    def __init__(self, limit: int, *, name: str) -> None:
        self.limit, self.name = limit, name
        self.lock = threading.Lock()
        self.all: list[Hand] = []
        self.resting: list[Hand] = []
        self.waiting: deque[Work] = deque()
        self.is_closed = False

    def do(self, work: Work) -> None:
        """Have `work`, which raises nothing, done by one of them. Raises Closed."""
        with self.lock:
            if self.is_closed:
                raise Closed(f"No more work for {self.name}.")
            if self.resting:
                hand = self.resting.pop()
            elif len(self.all) < self.limit:
                hand = self._another()
            else:
                self.waiting.append(work)
                return
        hand.take(work)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As Executor's, for what asks for a future."""
        future: Future[Any] = Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        self.do(work)
        return future

    def next_for(self, hand: "Hand") -> bool:
        """Give `hand` what waits longest, or let it rest; whether it has something to do."""
        with self.lock:
            if self.waiting:
                hand.work = self.waiting.popleft()
                return True
            hand.work = None
            if not self.is_closed:
                self.resting.append(hand)
                return False
        hand.bell.release()  # it is to end
        return False

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Take nothing more; what waits is still done."""
        with self.lock:
            self.is_closed = True
            resting, self.resting = self.resting, []
        atexit.unregister(self.shutdown)
        for hand in resting:
            hand.bell.release()
        for hand in self.all if wait else ():
            hand.thread.join()

    def _another(self) -> "Hand":
        if not self.all:
            atexit.register(self.shutdown)  # servers that tell nothing of their end wait as well
        hand = Hand(self, f"{self.name}_{len(self.all)}")
        self.all.append(hand)
        return hand


class Hand:
    """One thread: it takes work when its bell is rung, and ends when there is none then."""

    def __init__(self, threads: Threads, name: str) -> None:
        self.threads = threads
        self.work: Work | None = None
        self.bell = threading.Lock()
        self.bell.acquire()
        self.thread = threading.Thread(target=self.run, name=name, daemon=True)
        self.thread.start()

    def take(self, work: Work) -> None:
        """Begin with `work`."""
        self.work = work
        self.bell.release()

    def run(self) -> None:
        """Work until the end."""
        while True:
            self.bell.acquire()
            if self.work is None:
                return
            self.carry_out(self.work)
            while self.threads.next_for(self):
                self.carry_out(self.work)

    def carry_out(self, work: Work) -> None:
        """Do it; a fault in it does not end the thread."""
        try:
            work()
        except Exception:
            log.exception("Work of %s failed", self.thread.name)
