"""Results: one record for each ratio, kept in results.json beside this file."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

PLACE = Path(__file__).with_name("results.json")


@dataclass(frozen=True, slots=True)
class Result:
    """`ratio` is ours to the reference; `target` says what it should be, such as "≤ 5"."""

    name: str
    ours: float
    reference: float
    reference_is: str
    ratio: float
    target: str
    unit: str
    runs: int


def result(
    name: str,
    *,
    ours: list[float],
    reference: list[float],
    reference_is: str,
    target: str,
    unit: str = "ms",
) -> Result:
    """The medians of paired runs and the median of their ratios."""
    pairs = [mine / other for mine, other in zip(ours, reference, strict=True)]
    return Result(
        name=name,
        ours=round(median(ours), 4),
        reference=round(median(reference), 4),
        reference_is=reference_is,
        ratio=round(median(pairs), 3),
        target=target,
        unit=unit,
        runs=len(pairs),
    )


def kept(target: str, ratio: float) -> bool:
    """Whether `ratio` is within a target such as "≤ 5" or "≥ 0.33"."""
    sign, _, number = target.partition(" ")
    return ratio <= float(number) if sign == "≤" else ratio >= float(number)


def store(results: list[Result]) -> None:
    """Put `results` in place of the older ones of the same names."""
    known = {row["name"]: row for row in json.loads(PLACE.read_text())} if PLACE.exists() else {}
    known |= {one.name: asdict(one) for one in results}
    rows = [known[name] for name in sorted(known)]
    PLACE.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")


def show(one: Result) -> None:
    """One line for people."""
    mark = "✓" if kept(one.target, one.ratio) else "✗"
    print(
        f"{mark} {one.name}: {one.ours} {one.unit} against {one.reference} {one.unit} "
        f"({one.reference_is}) = {one.ratio} (target {one.target}, {one.runs} runs)",
        flush=True,
    )
