"""Create and issue over REST, and reading one, against the floor."""

import json
import time
from collections.abc import Iterator
from statistics import median

from benchmarks.load import Client, json_of, together
from benchmarks.record import Result, result
from benchmarks.servers import Place, floor, place, web

ROUNDS = 7
PER_ROUND = 60
SECONDS = 4.0


def our_body(found: Place, *, issue: bool = False) -> bytes:
    """A raw invoice of ten lines at two rates."""
    lines = [
        {"description": f"Work of day {i}", "quantity": "3", "unit": "HUR", "unit_price": "19.90",
         "tax": "standard" if i % 2 else "reduced"}
        for i in range(10)
    ]  # fmt: skip
    body = {"client": found.client_id, "currency": "EUR", "lines": lines}
    return json.dumps(body | ({"issue": True} if issue else {})).encode()


def floor_body(found: Place) -> bytes:
    """The same for the floor."""
    lines = [
        {"description": f"Work of day {i}", "quantity": "3", "unit_price": "19.90",
         "rate": "19" if i % 2 else "7"}
        for i in range(10)
    ]  # fmt: skip
    return json.dumps({"client": found.client_id, "currency": "EUR", "lines": lines}).encode()


def our_pair(client: Client, body: bytes, key: str) -> float:
    """Create, then issue; milliseconds of both."""
    made = client("POST", "/api/v1/invoices/", body, **{"Idempotency-Key": f"{key}-a"})
    where = f"/api/v1/invoices/{json_of(made)['id']}/issue/"
    issued = client("POST", where, b"{}", **{"Idempotency-Key": f"{key}-b"})
    json_of(issued)
    return made[2] + issued[2]


def floor_pair(client: Client, body: bytes) -> float:
    """Draft, then issue; milliseconds of both."""
    made = client("POST", "/draft", body)
    issued = client("POST", f"/issue/{json_of(made)['id']}")
    json_of(issued)
    return made[2] + issued[2]


def measure() -> list[Result]:
    """All of it, interleaved round by round."""
    with place() as found, web() as our_port, floor(found) as floor_port:
        ours = Client(our_port, authorization=f"Bearer {found.key}")
        theirs = Client(floor_port, authorization="Bearer x")
        return [
            *pairs(found, ours, theirs),
            throughput(found, our_port, floor_port),
            one_read(found, ours, theirs),
        ]


def pairs(found: Place, ours: Client, theirs: Client) -> list[Result]:
    """One client: two calls, and both in one; in turn, one after the other, so that each meets the
    machine as the others leave it."""
    body, both, plain = our_body(found), our_body(found, issue=True), floor_body(found)
    two, one, reference = [], [], []
    for turn in range(ROUNDS + 1):
        taken: list[tuple[float, float, float]] = [
            (
                our_pair(ours, body, f"{turn}-{n}"),
                floor_pair(theirs, plain),
                at_once(ours, both, f"{turn}-{n}"),
            )
            for n in range(PER_ROUND)
        ]
        if turn:  # the first round warms up
            mine, floor_s, once = (median(column) for column in zip(*taken, strict=True))
            two.append(mine)
            reference.append(floor_s)
            one.append(once)
    words = "the floor: draft, then issue"
    return [
        result("rest.create_issue", ours=two, reference=reference, reference_is=words,
               target="≤ 5"),
        result("rest.create_issue_at_once", ours=one, reference=reference, reference_is=words,
               target="≤ 5"),
    ]  # fmt: skip


def at_once(client: Client, body: bytes, key: str) -> float:
    """Create with "issue": true."""
    answer = client("POST", "/api/v1/invoices/", body, **{"Idempotency-Key": f"{key}-c"})
    json_of(answer)
    return answer[2]


def crowd_of_ours(index: int, port: int, key: str, body: bytes) -> Iterator[tuple[int, int]]:
    """Pairs for SECONDS; yields (done, refused) at the end."""
    client = Client(port, authorization=f"Bearer {key}")
    our_pair(client, body, f"w{index}-{time.time_ns()}")
    yield 0, 0
    done, end = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        our_pair(client, body, f"c{index}-{time.time_ns()}")
        done += 1
    yield done, 0


def crowd_of_floor(index: int, port: int, body: bytes) -> Iterator[tuple[int, int]]:  # noqa: ARG001
    """The same for the floor."""
    client = Client(port, authorization="Bearer x")
    floor_pair(client, body)
    yield 0, 0
    done, end = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        floor_pair(client, body)
        done += 1
    yield done, 0


def throughput(found: Place, our_port: int, floor_port: int) -> Result:
    """Four clients; a refused request would have raised."""
    mine, other = [], []
    for _ in range(3):
        mine.append(together(4, crowd_of_ours, our_port, found.key, our_body(found))[0])
        other.append(together(4, crowd_of_floor, floor_port, floor_body(found))[0])
    return result(
        "rest.throughput_4_clients", ours=mine, reference=other, unit="pairs/s",
        reference_is="the floor with 4 clients", target="≥ 0.333",
    )  # fmt: skip


def one_read(found: Place, ours: Client, theirs: Client) -> Result:
    """One invoice with its lines, against a hello with sign-in."""
    made = json_of(ours("POST", "/api/v1/invoices/", our_body(found)))
    where = f"/api/v1/invoices/{made['id']}/"
    mine, other = [], []
    for _ in range(ROUNDS):
        mine.append(median(ours("GET", where)[2] for _ in range(PER_ROUND)))
        other.append(median(ours("GET", "/api/v1/users/me/")[2] for _ in range(PER_ROUND)))
        theirs("GET", "/hello")
    return result(
        "rest.read_invoice", ours=mine, reference=other, target="≤ 2",
        reference_is="a hello with sign-in, by the same server",
    )  # fmt: skip
