"""Pages among 100,000 and among 1,000,000 invoices: what a signed-in browser waits for.

The organization is the demo's, grown by sets of rows; its database is kept in GUILDER_BENCH_PAGES
(a folder) for the next run where that is set.
"""

import os
from collections.abc import Iterator
from typing import Any

from benchmarks.demo import grown
from benchmarks.growing import grow, searchable
from benchmarks.load import Client
from benchmarks.record import Result, result
from benchmarks.servers import web

SIZES = tuple(int(size) for size in os.environ.get("GUILDER_BENCH_SIZES", "100000 1000000").split())
ASKED = 40
ROUNDS = 3
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


def measure() -> list[Result]:
    """p95 of each page at each size, and how the sizes compare."""
    times: dict[str, dict[int, list[float]]] = {}
    with grown() as found:
        for size in SIZES:
            with found.owner() as owner:
                grow(owner, found.organization_id, count=size)
                searchable(owner, found.organization_id)
            found.indexed()
            with web() as port, found.browsing(port) as client:
                for name, path in addresses(found).items():
                    times.setdefault(name, {})[size] = rounds(client, path)
    return [*compared(times), *bounded(times)]


def addresses(found: Any) -> dict[str, str]:
    """Every page with its address, the deep ones in the middle of what there is."""
    deep, due = found.middle()
    pages = {name: path.format(deep=deep, deep_due=due) for name, path in LISTS.items()}
    return pages | {name: path for name, (path, _most) in OTHERS.items()}


def rounds(client: Client, path: str) -> list[float]:
    """The p95 of each round, after some that warm up."""
    for _ in range(8):
        status, body, _time = client("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}: {body[:200]!r}")
    return [p95(client("GET", path)[2] for _ in range(ASKED)) for _ in range(ROUNDS)]


def p95(times: Iterator[float]) -> float:
    """The value that 95 of 100 are not above."""
    known = sorted(times)
    return known[max(0, round(len(known) * 0.95) - 1)]


def compared(times: dict[str, dict[int, list[float]]]) -> list[Result]:
    """The larger size against the smaller."""
    if len(SIZES) < 2:
        return []
    few, many = SIZES[0], SIZES[-1]
    return [
        result(
            f"pages.{name}", ours=of[many], reference=of[few], target="≤ 1.3",
            reference_is=f"the same page among {few:,} invoices",
        )
        for name, of in times.items()
    ]  # fmt: skip


def bounded(times: dict[str, dict[int, list[float]]]) -> list[Result]:
    """The larger size against what a page may take."""
    limits = {name: most for name, (_path, most) in OTHERS.items()}
    return [
        result(
            f"pages.{name}.p95", ours=of[SIZES[-1]], target="≤ 1",
            reference=[float(limits.get(name, 50))] * ROUNDS,
            reference_is="what it may take",
        )
        for name, of in times.items()
    ]  # fmt: skip
