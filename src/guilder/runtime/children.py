"""A child process that is started again when it ends, later each time."""

import contextlib
import logging
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from guilder.runtime import lifeline

log = logging.getLogger("guilder.runtime")

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 30.0  # seconds before it is started again
STEADY = 60.0  # seconds after which a child counts as well again


@dataclass(slots=True)
class Child:
    """One of the supervisor's processes, in a process group of its own.

    `grace` is the number of seconds that it gets to end; `pipe` the read end that tells it that
    the supervisor is gone.
    """

    name: str
    command: list[str]
    environment: Mapping[str, str]
    pipe: int
    grace: float = 20
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0
    start_at: float = field(default=0)

    def start(self) -> None:
        """Start it now."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            env={
                **self.environment,
                lifeline.VARIABLE: str(self.pipe),
                "GUILDER_SERVICE": self.name,
            },
            pass_fds=(self.pipe,),
            start_new_session=True,
        )

    def tend(self) -> None:
        """Notice that it ended, and start it again when its pause is over."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            if self.failures and now - self.started_at > STEADY:
                self.failures = 0
            return
        self._kill_group(signal.SIGKILL)  # nothing of it may hold the port
        self.process = None
        pause = min(FIRST_PAUSE * 2**self.failures, LONGEST_PAUSE)
        self.failures += 1
        self.start_at = now + pause
        log.warning("%s %s; starting it again in %g s", self.name, ending(code), pause)

    def stop(self) -> None:
        """End it politely, and by force when its grace is over."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(self.grace)
        except subprocess.TimeoutExpired:
            log.warning("%s did not end in %g s and was killed", self.name, self.grace)
        self._kill_group(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def _kill_group(self, order: signal.Signals) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, order)


def ending(code: int) -> str:
    """What an exit code says."""
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
