"""Pages among 100,000 and among 1,000,000 invoices: what a signed-in browser waits for.

The organization is the demo's, grown by sets of rows; its database is kept in GUILDER_BENCH_PAGES
(a folder) for the next run where that is set. Each page is asked for in rounds, and the best
round counts: what others do on the machine can make a page slower, never faster.
"""

import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import urlencode

from benchmarks.demo import grown
from benchmarks.growing import grow, searchable
from benchmarks.load import Client
from benchmarks.record import Result, result
from benchmarks.servers import web

SIZES = tuple(int(size) for size in os.environ.get("GUILDER_BENCH_SIZES", "100000 1000000").split())
ASKED = 20
ROUNDS = 6
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
    "invoices_deep_by_due": "/invoices/?sort=due_on&cursor={deep_due}",
    "credit_notes": "/credit-notes/",
    "clients": "/clients/",
    "clients_owing": "/clients/?view=owing",
    "items": "/items/",
    "payments": "/payments/",
    "payments_unallocated": "/payments/?view=unallocated",
    "payments_by_amount": "/payments/?sort=-amount",
    "quotes": "/quotes/",
}
OTHERS = {"overview": ("/", 40), "palette": ("/search/palette/?q=00012345", 60)}
# Typing rests for 250 ms before the editor asks, and the browser needs some to show the answer.
EDITOR = {"editor_figures": ("none", 150), "editor_preview": ("pdf", 300)}
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


def measure() -> list[Result]:
    """p95 of each page at each size, and how the sizes compare."""
    times: dict[str, dict[int, float]] = {}
    with grown() as found:
        for size in SIZES:
            with found.owner() as owner:
                grow(owner, found.organization_id, count=size)
                searchable(owner, found.organization_id)
            found.indexed()
            with web() as port, found.browsing(port) as client:
                for name, call in calls(found, client).items():
                    times.setdefault(name, {})[size] = best(name, call)
    return [*compared(times), *bounded(times)]


Call = Callable[[], tuple[int, bytes, float]]


def calls(found: Any, client: Client) -> dict[str, Call]:
    """What is asked for, by name."""
    made: dict[str, Call] = {
        name: partial(client, "GET", path) for name, path in addresses(found).items()
    }
    for name, (view, _most) in EDITOR.items():
        made[name] = partial(posted, client, "/invoices/figures/", {**TYPED, "preview": view})
    return made


def posted(client: Client, path: str, form: dict[str, Any]) -> tuple[int, bytes, float]:
    """A form as a browser sends it."""
    cookie = f"{client.headers['Cookie']}; csrftoken={TOKEN}"
    body = urlencode({**form, "csrfmiddlewaretoken": TOKEN}, doseq=True).encode()
    head = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    return client("POST", path, body, **head, **{"HX-Request": "true"})


def addresses(found: Any) -> dict[str, str]:
    """Every page with its address, the deep ones in the middle of what there is."""
    deep, due = found.middle()
    pages = {name: path.format(deep=deep, deep_due=due) for name, path in LISTS.items()}
    return pages | {name: path for name, (path, _most) in OTHERS.items()}


def best(name: str, call: Call) -> float:
    """The p95 of the best round in milliseconds, after some calls that warm up."""
    for _ in range(8):
        status, body, _time = call()
        if status != 200:
            raise RuntimeError(f"{name} answered {status}: {body[:200]!r}")
    return min(p95(call()[2] for _ in range(ASKED)) for _ in range(ROUNDS))


def p95(times: Iterator[float]) -> float:
    """The value that 95 of 100 are not above."""
    known = sorted(times)
    return known[max(0, round(len(known) * 0.95) - 1)]


def compared(times: dict[str, dict[int, float]]) -> list[Result]:
    """The larger size against the smaller."""
    if len(SIZES) < 2:
        return []
    few, many = SIZES[0], SIZES[-1]
    return [
        result(
            f"pages.{name}", ours=[of[many]], reference=[of[few]], target="≤ 1.3",
            reference_is=f"the same page among {few:,} invoices",
        )
        for name, of in times.items()
    ]  # fmt: skip


def bounded(times: dict[str, dict[int, float]]) -> list[Result]:
    """The larger size against what a page may take."""
    limits = {name: most for name, (_what, most) in (OTHERS | EDITOR).items()}
    return [
        result(
            f"pages.{name}.p95", ours=[of[SIZES[-1]]], target="≤ 1",
            reference=[float(limits.get(name, 50))],
            reference_is="what it may take",
        )
        for name, of in times.items()
    ]  # fmt: skip
