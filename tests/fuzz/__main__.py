"""One reader under Atheris: `python -m tests.fuzz NAME [SECONDS]`, in an environment that has it.

What is found is left as a file in .cache/fuzz/<name>/found; libFuzzer's last lines say how much was
tried.
"""

import os
import sys
from pathlib import Path

import atheris  # in an environment of its own: tools/fuzz.py makes it

SLOW, MEMORY = 25, 3000  # seconds and megabytes for one input
PLACE = Path(__file__).resolve().parents[2] / ".cache" / "fuzz"

with atheris.instrument_imports(include=["guilder"]):
    from guilder.kernel.errors import GuilderError
    from tests.fuzz.mutating import mutated
    from tests.fuzz.targets import TARGETS


def run(name: str, seconds: int) -> None:
    """Fuzz one reader until the time is over or something is found."""
    target = TARGETS[name]
    seeds = target.seeds()
    if not seeds:
        sys.exit(f"{name}: no seeds; the staged files (GUILDER_SHARED) are needed")
    place = PLACE / name
    for part in ("corpus", "found"):
        (place / part).mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds):
        (place / "corpus" / f"seed-{number:03d}").write_bytes(data)

    def one(data: bytes) -> None:
        try:
            target.read(data)
        except GuilderError:
            return

    def change(data: bytes, most: int, seed: int) -> bytes:
        made = mutated(data, seeds, seed) if seed % 10 else None
        return atheris.Mutate(data, most) if made is None or len(made) > most else made

    largest = max(map(len, seeds))
    options = (
        f"-max_total_time={seconds}",
        f"-timeout={SLOW}",
        f"-rss_limit_mb={MEMORY}",
        f"-max_len={max(4096, largest * 2)}",
        f"-artifact_prefix={place / 'found'}{os.sep}",
        "-print_final_stats=1",
        "-verbosity=1",
    )
    more = {"custom_mutator": change} if target.is_xml else {}
    atheris.Setup([sys.argv[0], *options, str(place / "corpus")], one, **more)
    atheris.Fuzz()


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 600)
