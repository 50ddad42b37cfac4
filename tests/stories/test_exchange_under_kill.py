"""Two installations exchange invoices and responses by AS4, SFTP, HTTP and mail, while one of them
is killed again and again: each document arrives once."""

import contextlib
import email
import email.policy
import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.papers.exchange.transports import far_sides
from tests.papers.exchange.transports.sftp_server import PASSWORD, USER, Running, sftp_server
from tests.stories.running import House, is_full_size, serving
from tests.stories.test_gapless_under_kill import kill

EACH, KILLS = int(os.environ.get("GUILDER_EXCHANGE_EACH") or 25), 5  # of four ways: 100 documents
WAYS = ("as4", "sftp", "http", "mail")
VICTIMS = ("worker", "server", "worker", "postgres", "worker")
WITHIN = 900
SECRET = far_sides.SECRET


@dataclass
class Gate:
    """A port known before the program behind it runs."""

    port: int
    behind: int = 0
    listener: Any = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def gate() -> Iterator[Gate]:
    """Hands every connection on to the port behind."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        made = Gate(listener.getsockname()[1], listener=listener)
        threading.Thread(target=hand_on, args=(made,), daemon=True).start()
        yield made
        listener.shutdown(socket.SHUT_RDWR)


def hand_on(gate: Gate) -> None:
    """Connection after connection."""
    while True:
        try:
            near, _where = gate.listener.accept()
        except OSError:
            return
        try:
            far = socket.create_connection(("127.0.0.1", gate.behind), timeout=10)
        except OSError:
            near.close()
            continue
        for one, other in ((near, far), (far, near)):
            threading.Thread(target=pour, args=(one, other), daemon=True).start()


def pour(one: socket.socket, other: socket.socket) -> None:
    """Bytes from one side to the other, until it ends."""
    with contextlib.suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_WR)


class Box:
    """An SMTP server's handler that keeps each mail under its Message-ID."""

    def __init__(self) -> None:
        self.mails: dict[str, list[str]] = {}

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        del server, session
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        names = [str(one.get_filename()) for one in mail.iter_attachments()]  # type: ignore[attr-defined]
        self.mails[str(mail["Message-ID"])] = names
        return "250 OK"


def eventually(found: Callable[[], Any], wanted: Any, *, within: float = WITHIN) -> Any:
    """Ask until it is so; a program that is just being started again has no answer."""
    end, last = time.monotonic() + within, None
    while time.monotonic() < end:
        with contextlib.suppress(OSError, AssertionError, ValueError):
            last = found()
            if last == wanted:
                return last
        time.sleep(1)
    raise AssertionError(f"{last} is not {wanted}")


def insist(house: House, method: str, path: str, body: Any = None, **head: str) -> Any:
    """The good answer of a program that may be away for a moment."""
    end = time.monotonic() + 180
    while True:
        try:
            answer = house.ask(method, path, body, timeout=30, **head)
            if answer.status < 500:
                assert answer.status < 400, f"{path}: {answer.status} {answer.data[:400]!r}"
                return answer.json
        except OSError:
            pass
        assert time.monotonic() < end, f"{path} was never answered"
        time.sleep(0.3)


def opened(house: House) -> None:
    """A key that nothing counts."""
    house.sign_in()
    key = {"name": "exchange", "role": "admin", "plan": "off"}
    house.token = house.ok("POST", "keys/", key)["secret"]


def channel(house: House, name: str, **settings: Any) -> dict[str, Any]:
    """A channel of one house."""
    body = {"name": name, "transport": name, "settings": settings}
    return house.ok("POST", "channels/", body)


def set_up(a: House, b: House, gates: tuple[Gate, Gate], server: Running, points: Any) -> None:
    """The channels of both; each knows where the other is."""
    ours, theirs = points
    sftp = {"host": "127.0.0.1", "port": server.port, "user": USER, "password": PASSWORD,
            "host_key": server.public_key}  # fmt: skip
    channel(a, "sftp", **sftp, folder_out="there", folder_in="back")
    channel(b, "sftp", **sftp, folder_out="back", folder_in="there")
    as4 = [
        channel(a, "as4", **far_sides.as4_settings(ours, theirs, participant=far_sides.OURS)),
        channel(b, "as4", **far_sides.as4_settings(theirs, ours, participant=far_sides.THEIRS)),
    ]
    http = [channel(one, "http", secret=SECRET) for one in (a, b)]
    who = ((far_sides.OURS, ours.name), (far_sides.THEIRS, theirs.name))
    for house, mine, other in ((a, 0, 1), (b, 1, 0)):
        far = gates[other].address
        peers = f"{who[other][0]} {far}{as4[other]['path']} {who[other][1]}"
        house.ok("PATCH", f"channels/{as4[mine]['id']}/", {"settings": {"peers": peers}})
        url = {"url": f"{far}{http[other]['path']}", "secret": SECRET}
        house.ok("PATCH", f"channels/{http[mine]['id']}/", {"settings": url})
    channel(a, "mail")


def client_by(house: House, way: str) -> str:
    """A client who gets documents by one of the ways."""
    address = {"line1": "Ring 1", "postal_code": "10115", "city": "Berlin", "country": "DE"}
    who = {"kind": "company", "name": f"By {way}", "email": "box@client.example"}
    made = house.ok("POST", "clients/", {**who, "address": address})["id"]
    found = house.ok("GET", "channels/")["data"]
    chosen = next(one["id"] for one in found if one["transport"] == way)
    there = far_sides.THEIRS if way == "as4" else ""
    body = {"channel": chosen, "address": there, "format": "ubl"}
    house.ok("PUT", f"clients/{made}/channel/", body)
    return made


def sent_by(house: House, client: str) -> str:
    """The number of an invoice that was issued and sent."""
    line = {"description": "x", "quantity": "1", "unit": "C62", "unit_price": "1.00"}
    body = {"client": client, "currency": "EUR", "lines": [{**line, "tax": "standard"}]}
    draft = insist(house, "POST", "invoices/", body)["id"]
    number = insist(house, "POST", f"invoices/{draft}/issue/", {})["number"]
    insist(house, "POST", f"invoices/{draft}/send/", {})
    return number


def journeys(house: House, query: str) -> list[dict[str, Any]]:
    """Transmissions, all pages of them."""
    found, cursor = [], ""
    while True:
        page = insist(house, "GET", f"transmissions/?limit=200&{query}{cursor}")
        found += page["data"]
        if not page["next"]:
            return found
        cursor = f"&cursor={page['next']}"


def documents(house: House, direction: str, state: str) -> list[str]:
    """Numbers of documents in a state, responses left out."""
    rows = journeys(house, f"direction={direction}&state={state}")
    return [one["document_number"] for one in rows if one["content"] == "document"]


def kill_now_and_then(house: House, *, stop: threading.Event, killed: list[str]) -> None:
    """Five kills, some seconds apart."""
    for victim in VICTIMS[:KILLS]:
        if stop.wait(8):
            return
        end = time.monotonic() + 60
        while not kill(house, victim) and time.monotonic() < end:
            time.sleep(0.05)
        killed.append(victim)


if is_full_size():  # two programs at once are too much for every run; the rules have tests

    @pytest.mark.slow
    @pytest.mark.timeout(3000)
    def test_each_document_arrives_once_while_one_side_is_killed(tmp_path: Path) -> None:
        from aiosmtpd.controller import Controller

        box = Box()
        post = Controller(box, hostname="127.0.0.1", port=0)  # type: ignore[arg-type]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            post.port = free.getsockname()[1]
        post.start()
        (tmp_path / "there").mkdir()
        (tmp_path / "back").mkdir()
        points = far_sides.access_point("POP000001"), far_sides.access_point("POP000002")
        with sftp_server(tmp_path) as server, gate() as first, gate() as second:
            ports = (first.port, second.port, server.port, post.port)
            opened_to = ",".join(f"127.0.0.1:{one}" for one in ports)
            told = {"GUILDER_OUTBOUND_ALLOW": opened_to, "GUILDER_CHANNEL_LEASE": "20"}
            smtp = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(post.port)}
            homes = tmp_path / "a" / "home", tmp_path / "b" / "home"  # two programs, nothing alike
            for home in homes:
                home.parent.mkdir()
            with serving(homes[0], **told, **smtp) as a, serving(homes[1], **told) as b:
                first.behind, second.behind = a.port, b.port
                exchange(a, b, (first, second), server, points, box)
        post.stop()


def exchange(a: House, b: House, gates: Any, server: Running, points: Any, box: Box) -> None:
    """Everything there, everything answered, nothing twice."""
    opened(a)
    opened(b)
    set_up(a, b, gates, server, points)
    clients = {way: client_by(a, way) for way in WAYS}
    stop, killed = threading.Event(), list[str]()
    killer = threading.Thread(
        target=kill_now_and_then, args=(b,), kwargs={"stop": stop, "killed": killed}
    )
    began = time.monotonic()
    killer.start()
    sent = {way: [sent_by(a, clients[way]) for _ in range(EACH)] for way in WAYS}
    expected = sorted(one for way in WAYS if way != "mail" for one in sent[way])
    eventually(lambda: sorted(documents(b, "in", "taken")), expected)
    killer.join()
    arrived = time.monotonic() - began
    came = [one for one in journeys(b, "direction=in") if one["content"] == "document"]
    assert set(Counter(one["document_number"] for one in came).values()) == {1}
    for one in came:
        insist(b, "POST", f"transmissions/{one['id']}/answer/", {"code": "AP"},
               **{"Idempotency-Key": one["id"]})  # fmt: skip
    eventually(lambda: sorted(documents(a, "out", "accepted")), expected)
    eventually(lambda: len(box.mails), EACH)
    told = [one for one in journeys(a, "direction=in") if one["content"] == "response"]
    assert len(told) == len(expected)
    assert all(any(name.endswith(".xml") for name in names) for names in box.mails.values())
    assert len(killed) == KILLS
    for house in (a, b):
        house.command("verify")
    print(f"{len(expected)} documents there in {arrived:.0f} s, {KILLS} kills: {killed}; "
          f"all answered after {time.monotonic() - began:.0f} s; {len(box.mails)} mails")  # fmt: skip
