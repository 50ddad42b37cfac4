"""The official verdict on a paper, from a limited process that keeps the compiled rules warm.

The process has no network, may use so much memory and time, is replaced after some hundred papers,
and a paper that ends it (compiled rules are native code) costs nobody else their answer.
"""

from __future__ import annotations

import json
import os
import resource
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from guilder.foundation.edges.child import ChildDied, ChildTimedOut, JobFailed, Limits, Pool
from guilder.kernel.errors import Unavailable
from guilder.papers.exchange.confining import confine, needed_by_python
from guilder.papers.exchange.rules import packs
from guilder.papers.exchange.rules.packs import Pack
from guilder.papers.exchange.rules.verdict import Verdict, of_plain

# Saxon reserves 32 GB of addresses and uses little of them: what is written to is what counts.
MEMORY_BYTES = 2 << 30
LIMITS = Limits(
    memory_bytes=256 << 30,
    cpu_seconds=60,
    wall_seconds=60,
    start_seconds=60,
    recycle_jobs=2000,
    recycle_bytes=900 << 20,
)
FOLDER = "rules"


class NotJudged(Unavailable):
    """The rules could not be asked: the paper costs them more than they may use."""

    code = "rules.not_judged"


def judge(
    data: bytes,
    *,
    on: date,
    scenario: str = "",
    attachment: str = "",
    imported: Path | None = None,
) -> Verdict:
    """The verdict on the paper in `data` (XML or hybrid PDF) by the rules in force on `on`.

    `scenario` names rules to use instead of those that the paper asks for; `attachment` the file in
    a PDF to judge instead of the one that readers take (`others` then stays empty, else it has the
    verdicts on every further invoice in the PDF); `imported` is the folder of imported packs
    (`imported_folder`). Raises NotJudged where a limit is met.
    """
    told = _catalogue(str(folder := imported or imported_folder() or ""), _changed(folder), on)
    _renew(told)
    job = {"data": data, "scenario": scenario, "attachment": attachment, "packs": told}
    try:
        return of_plain(_asked(job))
    except (ChildTimedOut, ChildDied) as error:
        raise NotJudged(f"The rules could not be asked to the end: {error.detail}") from None
    except JobFailed as error:
        raise NotJudged(f"The rules failed on this file ({error.kind}): {error.detail}") from None


def _asked(job: dict[str, Any]) -> dict[str, Any]:
    """The answer; asked once more where the process ended, perhaps for another paper's sake."""
    try:
        return pool().call(job)
    except ChildDied:
        return pool().call(job)


def imported_folder() -> Path | None:
    """Where imported packs lie: GUILDER_RULES, else `rules` in GUILDER_HOME; None if neither."""
    if given := os.environ.get("GUILDER_RULES"):
        return Path(given)
    home = os.environ.get("GUILDER_HOME")
    return Path(home) / FOLDER if home else None


@cache
def pool() -> Pool:
    """The process of this program, started with its first paper."""
    return Pool("guilder.papers.exchange.judging:in_child", size=1, limits=LIMITS)


def in_child(job: dict[str, Any]) -> dict[str, Any]:
    """What the child does."""
    _bound_memory()
    from guilder.papers.exchange.rules import engine

    if "compile" in job:
        return {"compiled": engine.compiles(job["compile"])}
    chosen = _chosen(job["packs"])
    engine.warm()
    _confine(_folders(job["packs"]))
    asked = {name: job[name] for name in ("scenario", "attachment")}
    return engine.judge(job["data"], chosen, **asked).as_plain()


@lru_cache(maxsize=8)
def _catalogue(folder: str, changed: tuple[str, ...], on: date) -> bytes:
    """The packs that judge on a day, for the way into the child; read anew when some change."""
    del changed
    known = packs.all_packs(Path(folder) if folder else None)
    chosen = packs.in_force(known, on=on)
    unlike = {pack.label: _plain(pack) for pack in chosen.values()}
    parts = {part: pack.label for part, pack in chosen.items()}
    folders = sorted({str(pack.folder) for pack in known})
    return json.dumps({"packs": unlike, "parts": parts, "folders": folders}).encode()


def _changed(folder: Path | str) -> tuple[str, ...]:
    """The names of imported packs: one is never changed in its place, but by another's coming."""
    try:
        with os.scandir(folder or "/nonexistent") as entries:
            return tuple(sorted(f"{one.name} {one.stat().st_mtime_ns}" for one in entries))
    except OSError:
        return ()


def _renew(told: bytes) -> None:
    """Folders that were not there before: the process that is shut out of them is replaced."""
    wanted = _folders(told)
    if _open and not wanted <= _open:
        pool().close()
        _open.clear()
    _open.update(wanted)


_open: set[str] = set()


@lru_cache(maxsize=8)
def _folders(told: bytes) -> frozenset[str]:
    return frozenset(json.loads(told)["folders"])


@lru_cache(maxsize=8)
def _chosen(told: bytes) -> dict[str, Pack]:
    """In the child: the packs that were sent, by part."""
    found = json.loads(told)
    known = {label: _pack_of(one) for label, one in found["packs"].items()}
    return {part: known[label] for part, label in found["parts"].items()}


def _plain(pack: Pack) -> dict[str, Any]:
    told = {name: value for name, value in asdict(pack).items() if not isinstance(value, date)}
    return {**told, "folder": str(pack.folder)}


def _pack_of(told: dict[str, Any]) -> Pack:
    return Pack(**{**told, "folder": Path(told["folder"])})


@cache
def _confine(folders: frozenset[str]) -> bool:
    """From the first paper on only the packs that are at hand can be read, whatever the day."""
    return confine([*needed_by_python(), *(Path(folder) for folder in folders)])


@cache
def _bound_memory() -> None:
    with suppress(ValueError, OSError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
