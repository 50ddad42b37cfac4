"""The whole program as people run it: `guilder up` in a home of its own, its API and its commands."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.runtime.conftest import CLEAN
from tests.uncounted import uncounted

READY_WITHIN = 180
PROGRAM = [sys.executable, "-m", "guilder.faces.cli.main"]
UNLIMITED = {f"GUILDER_THROTTLE_{one}": "off" for one in ("ANON", "USER", "LOGIN")}


@dataclass(slots=True)
class Answer:
    """What the API said."""

    status: int
    data: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.data) if self.data else None


@dataclass(slots=True)
class House:
    """A running `guilder up`."""

    home: Path
    port: int
    process: "subprocess.Popen[str]"
    environment: dict[str, str]
    token: str = field(default="", repr=False)

    def ask(
        self, method: str, path: str, body: Any = None, *, timeout: float = 60, **headers: str
    ) -> Answer:
        """One request on a connection of its own; OSError or HTTPException when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        told = {"Content-Type": "application/json", **headers}
        if self.token:
            told["Authorization"] = f"Bearer {self.token}"
        try:
            connection.request(
                method, f"/api/v1/{path}", None if body is None else json.dumps(body), told
            )
            answer = connection.getresponse()
            return Answer(answer.status, answer.read())
        finally:
            connection.close()

    def ok(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The JSON of an answer that must be good."""
        answer = self.ask(method, path, body, **headers)
        assert answer.status < 400, f"{method} {path}: {answer.status} {answer.data[:600]!r}"
        return answer.json

    def sign_in(self) -> None:
        """As the demo's user."""
        words = {"email": "demo@guilder.example", "password": "guilder-demo"}
        self.token = self.ok("POST", "auth/login/", words)["access"]

    def command(self, *words: str, code: int = 0) -> "subprocess.CompletedProcess[str]":
        """A command beside the running program."""
        done = subprocess.run(
            [*PROGRAM, "--data", str(self.home), *words],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd="/",
            timeout=600,
            check=False,
        )
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def children(self) -> dict[str, int]:
        """The supervisor's children: pids by the module that they run."""
        found = {}
        for entry in Path("/proc").iterdir():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                words = (entry / "cmdline").read_text().split("\0")
            except (OSError, ValueError, IndexError):
                continue
            if parent == self.process.pid:
                name = next((one for one in words if one.startswith("guilder.")), "postgres")
                found[name.rpartition(".")[2]] = int(entry.name)
        return found

    def await_ready(self, *, within: float = READY_WITHIN) -> None:
        """Until the program says that it is ready to serve."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            assert self.process.poll() is None, self.told()
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/health/ready/")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.1)
        raise AssertionError(f"not ready within {within} s: {self.told()}")

    def told(self) -> str:
        """The end of what the program has said."""
        return (self.home.parent / "talk.log").read_text()[-4000:]


@contextlib.contextmanager
def running(*words: str, **environment: str) -> Iterator[House]:
    """`guilder up` with the demo, in a copy of a made home; stopped and cleared away at the end."""
    from tests.stories.homes import copy_home

    folder = Path(tempfile.mkdtemp(prefix="guilder-story-"))
    with serving(copy_home(folder / "home", demo=True), *words, **environment) as house:
        yield house
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def serving(home: Path, *words: str, **environment: str) -> Iterator[House]:
    """`guilder up` in `home`, with nothing in it or with what is there; stopped at the end."""
    told = {**uncounted(CLEAN), **UNLIMITED, **environment}
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with (home.parent / "talk.log").open("w") as log:
        process = subprocess.Popen(
            [*PROGRAM, "up", "--port", str(port), "--data", str(home), *words],
            env=told,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd="/",
        )
        house = House(home, port, process, told)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("Guilder is ready at "), line + house.told()
            yield house
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(READY_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()


def is_full_size() -> bool:
    """Whether `make prove` asks for the full size."""
    return bool(os.environ.get("GUILDER_PROVE"))
