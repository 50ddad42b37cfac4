"""`guilder up`: database, web and worker in one terminal, watched and stopped in order."""

import http.client
import importlib.util
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from guilder.config import safety
from guilder.kernel.errors import GuilderError, Unavailable
from guilder.runtime import environment, migration
from guilder.runtime.children import Child
from guilder.runtime.environment import Addresses
from guilder.runtime.postgres import Cluster, DatabaseFault, EmbeddedPostgres

log = logging.getLogger("guilder.runtime")

TICK = 0.1  # seconds between two looks at the children
WORKER_GRACE = 30  # seconds; a running job gets 25
READY_WITHIN = 90  # seconds
FAILURES_BEFORE_READY = 4
ANSWER_SECONDS = 3


class PortTaken(Unavailable):
    """Somebody else listens where we want to."""

    code = "runtime.port_taken"


class NotReady(Unavailable):
    """The web server does not get ready."""

    code = "runtime.not_ready"


class UnsafeRole(Unavailable):
    """The app's database role is not bound by row level security."""

    code = "runtime.unsafe_role"


@dataclass(frozen=True, slots=True)
class Options:
    """What `guilder up` was asked for."""

    home: Path
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = True


class Supervisor:
    """Starts everything, keeps it running until SIGINT or SIGTERM, stops it in order."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.stopping = threading.Event()
        self.children: list[Child] = []
        self.cluster: Cluster | None = None
        self.is_ready = False
        self.pipe, self.lifeline = os.pipe()  # children end when our end of it closes

    def run(self) -> int:
        """Returns the exit code; a refusal is one sentence on standard error."""
        for order in (signal.SIGINT, signal.SIGTERM):
            signal.signal(order, lambda *_: self.stopping.set())
        try:
            self._start()
            while not self.stopping.wait(TICK):
                self._tend()
        except GuilderError as error:
            if not self.stopping.is_set():  # else it only tells what our stop has cut short
                log.error("%s", error)
                return 1
        except Stopped:
            pass
        finally:
            self._stop()
        return 0

    def _start(self) -> None:
        host, port = self.options.host, self.options.port
        safety.require_safe(os.environ)
        check_port(host, port)
        addresses, self.cluster = environment.open_database(self.options.home)
        is_new = migration.bring_up_to_date(addresses)
        self._go_on()
        if is_new and self.options.demo:  # before anybody is told that it is ready
            self._make_demo()
        self.children = [
            self._child("web", "guilder.runtime.server", addresses, host, str(port)),
            self._child("worker", "guilder.runtime.worker", addresses),
        ]
        self.children[1].grace = WORKER_GRACE
        for child in self.children:
            child.start()
        check_role(addresses.app)
        self._await_ready()
        log.info("data are in %s; stop with Ctrl+C", self.options.home)
        sys.stdout.write(f"Guilder is ready at {url(host, port)}\n")
        sys.stdout.flush()
        self.is_ready = True

    def _child(self, name: str, module: str, addresses: Addresses, *words: str) -> Child:
        return Child(
            name=name,
            command=[sys.executable, "-m", module, *words],
            environment=self._environment(addresses.app, addresses.app),
            pipe=self.pipe,
        )

    def _environment(self, app: str, owner: str) -> dict[str, str]:
        """What a child gets: those that serve do not learn the owner's address."""
        return {
            **os.environ,
            "GUILDER_HOME": str(self.options.home),
            "DATABASE_URL": app,
            "GUILDER_OWNER_DATABASE_URL": owner,
        }

    def _await_ready(self) -> None:
        host, port = reachable(self.options.host), self.options.port
        end = time.monotonic() + READY_WITHIN
        while not answers(host, port, "/health/ready/"):
            self._go_on()
            self._tend()
            if time.monotonic() > end or any(
                child.name == "web" and child.failures >= FAILURES_BEFORE_READY
                for child in self.children
            ):
                raise NotReady("The web server does not get ready: see its messages above.")
            time.sleep(0.03)

    def _tend(self) -> None:
        for child in self.children:
            child.tend()
        if self.cluster is not None and not self.cluster.alive():
            self._revive(self.cluster)

    def _revive(self, gone: Cluster) -> None:
        """Start the embedded database again; it recovers from its log."""
        log.warning("the database is gone; starting it again")
        try:
            revived = EmbeddedPostgres(self.options.home).up()
        except DatabaseFault as error:
            log.error("%s", error)
            self.stopping.wait(5)
            return
        gone.let_go()
        self.cluster = revived

    def _make_demo(self) -> None:
        """Fill the new database with the demo organization, where this installation carries it."""
        if importlib.util.find_spec("guilder.faces.cli.commands.demo") is None:
            return
        log.info("making the demo organization")
        making = subprocess.Popen(
            [sys.executable, "-m", "guilder.faces.cli.main", "demo"],
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            env={**os.environ, "GUILDER_HOME": str(self.options.home)},
        )
        while making.poll() is None:  # a slow machine gets it too, and a stop is heard meanwhile
            if self.stopping.wait(0.05):
                making.terminate()
                making.wait()
                raise Stopped
        if making.returncode:
            log.warning("the demo data were not made; `guilder demo` tries again")

    def _go_on(self) -> None:
        if self.stopping.is_set():
            raise Stopped

    def _stop(self) -> None:
        for child in self.children:
            if not self.is_ready:  # nobody was served, so nothing is to be finished
                child.grace = 1
            child.stop()
        os.close(self.lifeline)
        os.close(self.pipe)
        if self.cluster is not None and not self.cluster.stop():
            log.info("another guilder process still uses the database, so it goes on running")


class Stopped(Exception):
    """We were told to stop while starting."""


def check_port(host: str, port: int) -> None:
    """Raise PortTaken with one sentence when `host`:`port` cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            return
        except PermissionError:
            raise PortTaken(
                f"Port {port} may only be used by root: choose one from 1024 on with --port."
            ) from None
        except socket.gaierror:
            raise PortTaken(
                f"{host} is no address of this machine: choose another with --host."
            ) from None
        except OSError as error:
            reason = error
    if answers(reachable(host), port, "/health/live/"):
        raise PortTaken(
            f"Guilder already runs at {url(host, port)}: use that one, or choose another --port."
        )
    raise PortTaken(
        f"Port {port} on {host} cannot be used ({reason.strerror}): stop the program that uses it, "
        "or choose another with --port."
    )


def check_role(address: str) -> None:
    """Raise UnsafeRole unless the app's role is bound by row level security."""
    from guilder.foundation.tenancy.roles import role_faults

    with migration.connect(address) as connection:
        if faults := role_faults(cast("Any", connection)):
            raise UnsafeRole(
                f"The app's database role {faults}, so the wall between organizations would not "
                "hold: give DATABASE_URL a role that owns nothing, and the owner's address to "
                "GUILDER_OWNER_DATABASE_URL."
            )


def answers(host: str, port: int, path: str) -> bool:
    """Whether GET `path` is answered with 200."""
    connection = http.client.HTTPConnection(host, port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def reachable(host: str) -> str:
    """The address at which we ourselves reach `host`: a wildcard is asked on loopback."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def url(host: str, port: int) -> str:
    """What a person types."""
    name = reachable(host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
